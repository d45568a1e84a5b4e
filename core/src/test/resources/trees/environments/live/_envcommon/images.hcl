locals {
  region = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals.region
  base   = "${dirname(find_in_parent_folders("root.hcl"))}/../modules"
}

terraform {
  source = "${get_path_to_repo_root()}/modules//talos_images"

  extra_arguments "lock" {
    commands  = get_terraform_commands_that_need_locking()
    arguments = ["-lock-timeout=5m"]
  }
}

dependency "extension" {
  config_path                             = "../extension"
  mock_outputs                            = { extension_image = "common", tags = ["common"] }
  mock_outputs_allowed_terraform_commands = ["plan"]
}

inputs = {
  region            = local.region
  custom_extensions = [dependency.extension.outputs.extension_image]
  kernel_args       = ["console=ttyS0"]
  tags              = { component = "images" }
  parent            = basename(get_parent_terragrunt_dir())
  here              = get_path_from_repo_root()
}
