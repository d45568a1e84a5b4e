include "root" {
  path = find_in_parent_folders("root.hcl")
}

locals {
  cluster = read_terragrunt_config(find_in_parent_folders("cluster.hcl"))
}

terraform {
  source = "../../../../modules/talos_config"
}

dependency "images" {
  config_path  = "../../../artifacts/images"
  mock_outputs = { installer_image = "mock/installer:v0" }
}

inputs = {
  cluster_name    = local.cluster.locals.name
  installer_image = dependency.images.outputs.installer_image
}
