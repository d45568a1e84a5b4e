# Virtual machines of cluster 101: run by Terragrunt, boot from the shared ISO.

include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "../../../../modules//proxmox_compute"
}

dependency "registry" {
  config_path = "../../../artifacts/registry"

  mock_outputs = {
    talos_image_file_ids  = { pve01 = "resources:iso/mock.iso" }
    talos_image_file_name = "mock.iso"
    talos_version         = "v0.0.0"
  }
  mock_outputs_allowed_terraform_commands = ["init", "validate", "plan"]
}

inputs = {
  cluster_name = "cluster-101"
  nodes = {
    for index, node in ["pve01", "pve02", "pve03"] : "cluster-101-cp${index + 1}" => {
      node   = node
      iso_id = try(dependency.registry.outputs.talos_image_file_ids[node], null)
    }
  }
}
