# The extension comes ready-made from the registry: nothing to do here.
include "root" {
  path = find_in_parent_folders("root.hcl")
}

locals {
  schematic = read_terragrunt_config(find_in_parent_folders("common/install-schematic.hcl"))
}
