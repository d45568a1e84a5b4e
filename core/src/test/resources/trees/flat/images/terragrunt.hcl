# Everything in one file, as small trees have it.
terraform {
  source = "../../modules//talos_images?ref=v1.0.0"
}

remote_state {
  backend = "local"
  config = {
    path = "${get_terragrunt_dir()}/state/terraform.tfstate"
  }
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }
  disable_init = tobool("false")
}

dependency "extension" {
  config_path                             = "../extension"
  mock_outputs                            = { extension_image = "mock" }
  mock_outputs_allowed_terraform_commands = ["validate", "plan"]
}

dependency "later" {
  config_path = "../upload"
  enabled     = false
}

locals {
  versions = {
    talos      = "v1.11.5"
    kubernetes = "v1.34.1"
  }
}

inputs = {
  talos_version      = local.versions.talos
  kubernetes_version = local.versions.kubernetes
  custom_extensions  = [dependency.extension.outputs.extension_image]
  kernel_args        = ["console=ttyS0", "talos.platform=nocloud"]
  installer_registry = "ghcr.io/example/installer"
}
