# The boot ISO to Proxmox storage.

include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "../../../modules//talos_proxmox_upload"
}

dependency "images" {
  config_path = "../images"

  mock_outputs = {
    iso_path           = "/tmp/mock-talos.iso"
    iso_name           = "mock-talos-nocloud-amd64.iso"
    talos_version      = "v0.0.0"
    kubernetes_version = "0.0.0"
  }
  mock_outputs_allowed_terraform_commands = ["init", "validate", "plan"]
}

locals {
  proxmox = read_terragrunt_config(find_in_parent_folders("common/proxmox-infrastructure.hcl")).locals
}

inputs = {
  iso_path           = dependency.images.outputs.iso_path
  iso_name           = dependency.images.outputs.iso_name
  talos_version      = dependency.images.outputs.talos_version
  kubernetes_version = dependency.images.outputs.kubernetes_version

  proxmox_datastore_id   = local.proxmox.storage.datastore_id
  proxmox_node_names     = local.proxmox.proxmox_nodes
  proxmox_node_hostnames = values(local.proxmox.proxmox_hostnames)
}
