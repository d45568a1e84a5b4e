include "root" {
  path = "../root.hcl"
}
terraform {
  include_in_copy   = ["b"]
  exclude_from_copy = ["c"]
}
