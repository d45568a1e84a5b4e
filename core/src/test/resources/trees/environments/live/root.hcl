locals {
  environment = read_terragrunt_config(find_in_parent_folders("env.hcl"))
  region      = read_terragrunt_config(find_in_parent_folders("region.hcl")).locals.region
  name        = local.environment.locals.name
}

remote_state {
  backend = "s3"
  config = {
    bucket = "state-${local.name}-${local.region}"
    key    = "${path_relative_to_include()}/terraform.tfstate"
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite"
  contents  = "provider \"example\" {}"
}

errors {
  retry "network" {
    retryable_errors   = get_default_retryable_errors()
    max_attempts       = 3
    sleep_interval_sec = 5
  }
}

inputs = {
  environment = local.name
  tags        = { owner = "platform", environment = local.name }
}
