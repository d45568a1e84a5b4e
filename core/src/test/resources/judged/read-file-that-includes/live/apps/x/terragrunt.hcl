include "root" {
  path = find_in_parent_folders("root.hcl")
}
locals { o = read_terragrunt_config("../../other/deep/o.hcl") }
inputs = { o = local.o.inputs }
