terraform {
  source = "../modules//talos_images"
}

locals {
  common = read_terragrunt_config("../common/stamp.hcl").locals
}

inputs = {
  talos_version = local.common.plain
}
