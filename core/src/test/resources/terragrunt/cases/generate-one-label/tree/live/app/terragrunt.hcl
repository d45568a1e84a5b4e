include "root" {
  path = "../root.hcl"
}
generate "g" {
  path      = "g.tf"
  if_exists = "overwrite"
  contents  = "unit"
}
