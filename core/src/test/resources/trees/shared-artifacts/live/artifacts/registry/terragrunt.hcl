include "root" {
  path = find_in_parent_folders("root.hcl")
}

include "proxmox" {
  path           = find_in_parent_folders("common/proxmox-infrastructure.hcl")
  merge_strategy = "deep"
}

terraform {
  source = "../../../modules//talos_proxmox_upload"
}

dependency "images" {
  config_path = "../images"

  mock_outputs = {
    iso_path      = "/mock/talos.iso"
    iso_name      = "mock.iso"
    talos_version = "v0.0.0"
  }
  mock_outputs_allowed_terraform_commands = ["validate", "plan"]
}

inputs = {
  iso_path      = dependency.images.outputs.iso_path
  iso_name      = dependency.images.outputs.iso_name
  talos_version = dependency.images.outputs.talos_version
}
