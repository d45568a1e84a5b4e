include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
inputs = { a = [1], m = { l = [2] } }
