# Installer image (metal) to the registry and boot ISO (nocloud) to a folder, with identical extensions.

include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "../../../modules//talos_images"
}

# The extension built next door, pinned by digest. Mock values serve validate and plan only.
dependency "extension" {
  config_path = "../extension"

  mock_outputs = {
    extension_image = "ghcr.io/sulibot/frr-talos-extension:v1.0.18"
  }
  mock_outputs_allowed_terraform_commands = ["init", "validate", "plan"]
}

locals {
  versions  = read_terragrunt_config(find_in_parent_folders("common/versions.hcl")).locals
  schematic = read_terragrunt_config(find_in_parent_folders("common/install-schematic.hcl")).locals
}

inputs = {
  talos_version      = local.versions.talos_version
  kubernetes_version = local.versions.kubernetes_version

  official_extensions = local.schematic.install_system_extensions
  custom_extensions   = [dependency.extension.outputs.extension_image]
  kernel_args         = local.schematic.install_kernel_args

  installer_registry = "ghcr.io/sulibot/talos-frr-installer"

  # The cloud-init drive is for the ISO alone: an installed node has its machine configuration, and reads no drive.
  installer_platform = "metal"
  iso_platform       = "nocloud"

  iso_output_dir = "${get_repo_root()}/build/talos-iso"
  iso_name       = "talos-frr-${local.versions.talos_version}-nocloud-amd64.iso"
}
