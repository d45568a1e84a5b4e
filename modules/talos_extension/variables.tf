variable "name" {
  type        = string
  description = "Name of the extension."

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$", var.name))
    error_message = "Lower-case letters, digits and . _ - are allowed, the last three not at its ends."
  }
}

# Terraform reserves the name "version". Talos Forge takes both.
variable "extension_version" {
  type        = string
  description = "Version of the extension; it is the tag, too."
}

variable "author" {
  type        = string
  default     = null
  description = "Shown by Talos. By default empty."
}

variable "description" {
  type        = string
  default     = null
  description = "Shown by Talos. By default empty."
}

variable "talos_compatibility" {
  type        = string
  default     = null
  description = "Versions of Talos that it works with, such as \">= v1.11.0 < v1.13.0\". By default any."
}

variable "extension_registry" {
  type        = string
  description = "Repository to publish to, without tag, such as ghcr.io/acme/frr; or a place on disk."
}

variable "extension_tag" {
  type        = string
  default     = null
  description = "Tag to publish under. By default extension_version."

  validation {
    condition     = var.extension_tag == null ? true : can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.extension_tag))
    error_message = "A tag has up to 128 letters, digits and _ . - and starts with none of the last two."
  }
}

variable "architecture" {
  type        = string
  default     = null
  description = "amd64 or arm64. By default amd64."

  validation {
    condition     = var.architecture == null ? true : contains(["amd64", "arm64"], var.architecture)
    error_message = "It is amd64 or arm64."
  }
}

variable "architectures" {
  type        = list(string)
  default     = null
  description = "Several, published as one index. By default the one that architecture names."

  validation {
    condition     = var.architectures == null ? true : alltrue([for each in var.architectures : contains(["amd64", "arm64"], each)])
    error_message = "Each is amd64 or arm64."
  }
}

variable "semantic_tags" {
  type        = bool
  default     = null
  description = "Whether tags such as v1.2 and v1 follow to the newest release. By default, if the version is like v1.2.3 and is the tag."
}

variable "overwrite_tag" {
  type        = bool
  default     = null
  description = "Allows the tag to move away from an image that this unit did not publish. By default false."
}

variable "talos_version" {
  type        = string
  default     = null
  description = "Checks where files are placed by the rules of this version of Talos. By default those of v1.11."
}

variable "debian_lock" {
  type        = string
  default     = null
  description = "File with exact versions and SHA-256 of Debian packages; missing entries are added. Write an absolute path: Terragrunt runs a module in its cache. By default debian.lock.json in folder."
}

variable "container" {
  type        = string
  default     = null
  description = "Name of the container whose root file system the sources become. By default none: they become part of the system's."
}

# Not a list of objects with optional members: Terraform drops members that such a type does not have, so that a
# misspelt one would have no effect. The program refuses it.
variable "sources" {
  type        = any
  default     = null
  description = "What the extension is made of: a list of objects, each with one of image, debian_packages, dir, files, archive, download, build. By default none."

  validation {
    condition     = var.sources == null ? true : can([for each in var.sources : keys(each)])
    error_message = "It is a list of objects, such as [{ dir = \"rootfs\" }]."
  }
}

# A text, because Terraform would read a text for a variable without a type as an expression if it comes from Terragrunt
# or from TF_VAR_service. Terragrunt passes an object as JSON.
variable "service" {
  type        = string
  default     = null
  description = "How Talos runs the container: YAML such as file(\"frr.yaml\"), or jsonencode({ … }); Terragrunt also passes an object. By default not at all."
}

variable "catalog_path" {
  type        = string
  default     = null
  description = "A file that also records the outputs, as plain JSON. By default none."
}
