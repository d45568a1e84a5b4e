include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
inputs = { a = { k = 1 }, b = { k = 1 }, c = { k = 1 }, d = { k = 1 } }
