variable "iso_path" {
  type        = string
  description = "The file to upload. Write an absolute path: Terragrunt runs a module in its cache."
}

variable "iso_name" {
  type        = string
  description = "Its name on the storage."
}

variable "iso_sha256" {
  type        = string
  default     = null
  description = "SHA-256 of the file, as module.images.iso_sha256: a file with other content is refused, and a plan on a machine without the file shows no changes. By default the file has to be there."

  validation {
    condition     = var.iso_sha256 == null ? true : can(regex("^[0-9a-f]{64}$", var.iso_sha256))
    error_message = "Write 64 hexadecimal digits."
  }
}

variable "proxmox_datastore_id" {
  type        = string
  description = "Storage of the type directory, CephFS, NFS, …, with the content type iso."

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]$", var.proxmox_datastore_id))
    error_message = "Write the name of a storage, such as local."
  }
}

variable "proxmox_node_names" {
  type        = list(string)
  description = "Nodes that need the file."

  validation {
    condition     = length(var.proxmox_node_names) > 0
    error_message = "Name at least one node."
  }
}

variable "proxmox_node_hostnames" {
  type        = list(string)
  default     = null
  description = "Tried in turn as https://NAME:8006 if the environment variable PROXMOX_VE_ENDPOINT is not set. By default none."
}

variable "proxmox_iso_name" {
  type        = string
  default     = null
  description = "stable: stored as iso_name; content: with the content's digest in the name, so that a file never changes. By default stable."

  validation {
    condition     = var.proxmox_iso_name == null ? true : contains(["stable", "content"], var.proxmox_iso_name)
    error_message = "It is stable or content."
  }
}

variable "proxmox_name_taken" {
  type        = string
  default     = null
  description = "What to do if another file has the name: replace, or refuse before anything is sent. By default replace."

  validation {
    condition     = var.proxmox_name_taken == null ? true : contains(["replace", "refuse"], var.proxmox_name_taken)
    error_message = "It is replace or refuse."
  }
}

variable "proxmox_verify_stored" {
  type        = bool
  default     = null
  description = "Whether the server hashes a file that seems to be there already; requires the privilege Sys.AccessNetwork. By default false."
}

variable "proxmox_content_type" {
  type        = string
  default     = null
  description = "iso, or import: a disk image (.raw, .qcow2, …) from which disks are made. By default iso."

  validation {
    condition     = var.proxmox_content_type == null ? true : contains(["iso", "import"], var.proxmox_content_type)
    error_message = "It is iso or import."
  }
}

variable "proxmox_download_url" {
  type        = string
  default     = null
  description = "URL from which the nodes download the same file themselves; requires the privilege Sys.AccessNetwork. By default it is sent."

  validation {
    condition     = var.proxmox_download_url == null ? true : can(regex("^https?://[^/@]+(/|$)", var.proxmox_download_url))
    error_message = "Write an http or https URL without credentials."
  }
}

variable "talos_version" {
  type        = string
  default     = null
  description = "Passed on as an output."
}

variable "kubernetes_version" {
  type        = string
  default     = null
  description = "Passed on as an output."
}

variable "catalog_path" {
  type        = string
  default     = null
  description = "A file that also records the outputs, as plain JSON. By default none."
}
