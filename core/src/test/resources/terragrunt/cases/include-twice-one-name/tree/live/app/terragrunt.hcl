include "x" {
  path = "../root.hcl"
}
include "x" {
  path           = "../env.hcl"
  merge_strategy = "deep"
}
inputs = { u = 1, to = get_parent_terragrunt_dir("x"), m = { u = 1 } }
