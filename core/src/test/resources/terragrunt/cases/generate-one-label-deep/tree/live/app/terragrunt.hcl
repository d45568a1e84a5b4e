include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
generate "g" {
  path      = "g.tf"
  if_exists = "overwrite"
  contents  = "unit"
}
