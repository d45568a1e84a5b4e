include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
include "env" {
  path = "../env.hcl"
}
