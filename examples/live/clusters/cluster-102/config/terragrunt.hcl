# Machine configuration of cluster 102: run by Terragrunt, consumes the shared installer image.

include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "../../../../modules//talos_config"
}

dependency "images" {
  config_path = "../../../artifacts/images"

  mock_outputs = {
    installer_image = "ghcr.io/sulibot/talos-frr-installer:mock"
    talos_version   = "v0.0.0"
  }
  mock_outputs_allowed_terraform_commands = ["init", "validate", "plan"]
}

inputs = {
  cluster_name    = "cluster-102"
  installer_image = dependency.images.outputs.installer_image
  talos_version   = dependency.images.outputs.talos_version
}
