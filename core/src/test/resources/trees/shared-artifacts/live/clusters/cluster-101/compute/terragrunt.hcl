include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "../../../../modules/talos_compute"
}

dependency "registry" {
  config_path  = "../../../artifacts/registry"
  mock_outputs = { talos_image_file_ids = { pve01 = "resources:iso/mock.iso" } }
}

dependencies {
  paths = ["../config"]
}

inputs = {
  file_id = dependency.registry.outputs.talos_image_file_ids["pve01"]
}
