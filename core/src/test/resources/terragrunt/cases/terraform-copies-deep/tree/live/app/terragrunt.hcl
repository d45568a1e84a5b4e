include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
terraform {
  include_in_copy   = ["b"]
  exclude_from_copy = ["c"]
}
