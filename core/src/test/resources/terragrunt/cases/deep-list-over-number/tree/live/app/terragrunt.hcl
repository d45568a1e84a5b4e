include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
inputs = { m = { l = [2] } }
