include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
feature "f" {
  default = "unit"
}
inputs = { f = feature.f.value }
