include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
feature "f" {
  default = { b = 2, l = [2] }
}
inputs = { f = feature.f.value }
