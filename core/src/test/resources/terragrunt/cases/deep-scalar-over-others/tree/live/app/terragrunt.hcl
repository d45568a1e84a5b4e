include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
inputs = { a = 1, b = "", c = false }
