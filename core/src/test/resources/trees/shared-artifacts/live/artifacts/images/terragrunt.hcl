include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

locals {
  versions  = read_terragrunt_config(find_in_parent_folders("common/versions.hcl")).locals
  schematic = read_terragrunt_config(find_in_parent_folders("common/install-schematic.hcl")).locals
  tag       = get_env("INSTALLER_TAG", local.versions.talos_version)
}

terraform {
  source = "${get_repo_root()}//modules/talos_images?ref=main"

  before_hook "login" {
    commands = ["apply"]
    execute  = ["docker", "login", "ghcr.io"]
    run_on_error = false
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<EOF
provider "talos" {
  # $${left} alone, ${local.versions.talos_version} is not
}
EOF
}

exclude {
  if      = false
  actions = ["all"]
}

inputs = merge(
  {
    talos_version       = local.versions.talos_version
    kubernetes_version  = try(local.versions.kubernetes, local.versions.kubernetes_version)
    installer_registry  = "ghcr.io/sulibot/${include.root.locals.project}-frr-installer"
    installer_tag       = local.tag
    iso_output_dir      = "${get_repo_root()}/build/talos-iso"
    iso_name            = "talos-frr-${local.versions.talos_version}-nocloud-amd64.iso"
  },
  {
    official_extensions = local.schematic.official_extensions
    custom_extensions   = local.schematic.custom_extensions
    kernel_args         = local.schematic.kernel_args
  },
)
