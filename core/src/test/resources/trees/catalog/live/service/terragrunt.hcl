include "flags" {
  path = "${get_repo_root()}/catalog/flags.hcl"
}

locals {
  folder   = "${get_repo_root()}/catalog/settings"
  settings = deep_merge([for file in sort(fileset(local.folder, "*.json")) : jsondecode(file("${local.folder}/${file}"))]...)
  values   = jsondecode(read_tfvars_file("${get_repo_root()}/catalog/units/service/service.tfvars"))
  flags    = read_terragrunt_config("${get_repo_root()}/catalog/flags.hcl")
}

terraform {
  source = "${get_repo_root()}/catalog/modules//service"
}

engine {
  source  = "github.com/example/engine"
  version = "v1.0.0"
}

exclude {
  if                   = feature.canary.value
  actions              = ["validate"]
  exclude_dependencies = true
}

inputs = {
  settings = local.settings
  values   = local.values
  canary   = feature.canary.value
  replicas = feature.replicas.value
  urls     = local.flags.catalog.urls
  flags    = local.flags.feature
  version  = [constraint_check("1.10.2", ">= 1.9, < 2.0"), constraint_check("1.10.2-rc1", ">= 1.9"), constraint_check("1.10.2", "~> 1.9.0")]
  marked   = [for file in mark_glob_as_read("${local.folder}/{10,20}-*.json") : basename(file)]
  same     = mark_as_read("x.yaml")
  empty    = get_terragrunt_source_cli_flag()
  commands = [get_terraform_commands_that_need_locking(), get_terraform_commands_that_need_parallelism()]
}
