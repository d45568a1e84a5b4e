include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
exclude {
  if      = true
  actions = []
}
