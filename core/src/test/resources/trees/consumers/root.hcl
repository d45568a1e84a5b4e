locals {
  account = get_aws_account_id()
  shared  = read_terragrunt_config("shared.hcl", { locals = { stamp = "none" } }).locals
}

inputs = {
  account = local.account
  stamp   = local.shared.stamp
}
