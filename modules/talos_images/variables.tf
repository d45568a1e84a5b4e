variable "talos_version" {
  type        = string
  description = "Version of Talos, such as v1.11.5."

  validation {
    condition     = can(regex("^v?[0-9]+\\.[0-9]+\\.[0-9]+", var.talos_version))
    error_message = "Write a version of Talos, such as v1.11.5."
  }
}

variable "kubernetes_version" {
  type        = string
  default     = null
  description = "Passed on as an output."
}

variable "official_extensions" {
  type        = list(string)
  default     = null
  description = "Official extensions: image references, or names of Talos' catalogue such as siderolabs/qemu-guest-agent. By default none."
}

variable "custom_extensions" {
  type        = list(string)
  default     = null
  description = "Extensions of your own, or of anyone else: image references. By default none."
}

variable "kernel_args" {
  type        = list(string)
  default     = null
  description = "Kernel arguments of ISO and installer, one each; -name removes what Talos sets. By default none."
}

variable "installer_registry" {
  type        = string
  description = "Repository of the installer image, without tag, such as ghcr.io/acme/installer; or a place on disk."
}

variable "installer_tag" {
  type        = string
  default     = null
  description = "Tag of the installer image. By default talos_version."

  validation {
    condition     = var.installer_tag == null ? true : can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.installer_tag))
    error_message = "A tag has up to 128 letters, digits and _ . - and starts with none of the last two."
  }
}

variable "overwrite_tag" {
  type        = bool
  default     = null
  description = "Allows the tag to move away from an image that this unit did not publish. By default false."
}

variable "iso_output_dir" {
  type        = string
  default     = null
  description = "Folder of the ISO. Write an absolute path: Terragrunt runs a module in its cache. By default build/talos-iso in folder."
}

variable "iso_name" {
  type        = string
  default     = null
  description = "Name of the ISO; {architecture} stands for amd64 or arm64. By default talos-VERSION-nocloud-{architecture}.iso."

  validation {
    condition     = var.iso_name == null ? true : endswith(var.iso_name, ".iso")
    error_message = "The name of an ISO ends with .iso."
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
  description = "Several: one index, and an ISO each. By default the one that architecture names."

  validation {
    condition     = var.architectures == null ? true : alltrue([for each in var.architectures : contains(["amd64", "arm64"], each)])
    error_message = "Each is amd64 or arm64."
  }
}

variable "imager_image" {
  type        = string
  default     = null
  description = "Image with kernel, initramfs and boot loader. By default ghcr.io/siderolabs/imager with the tag talos_version."
}

variable "base_installer_image" {
  type        = string
  default     = null
  description = "First layers of the installer. By default ghcr.io/siderolabs/installer-base with the tag talos_version."
}

variable "installer_platform" {
  type        = string
  default     = null
  description = "Platform of an installed node. By default metal."
}

variable "iso_platform" {
  type        = string
  default     = null
  description = "Platform of a node that runs from the ISO. By default nocloud."
}

variable "squashfs_compression" {
  type        = string
  default     = null
  description = "xz or zstd: larger, but faster to read on the node. By default xz."

  validation {
    condition     = var.squashfs_compression == null ? true : contains(["xz", "zstd"], var.squashfs_compression)
    error_message = "It is xz or zstd."
  }
}

variable "catalog_path" {
  type        = string
  default     = null
  description = "A file that also records the outputs, as plain JSON. By default none."
}
