remote_state {
  backend = "local"
  config  = { path = "${get_terragrunt_dir()}/t.tfstate" }
}
terraform {
  source = "../../m"
}
