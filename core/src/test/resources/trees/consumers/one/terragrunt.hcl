include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "../modules//cluster"
}

locals {
  common = read_terragrunt_config("../common/stamp.hcl").locals
}

inputs = {
  stamp  = local.common.stamp
  plain  = local.common.plain
  secret = sops_decrypt_file("secret.yaml")
  id     = uuid()
}
