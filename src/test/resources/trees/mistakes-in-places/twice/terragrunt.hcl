include "root" {
  path = "../root.hcl"
}
include "root" {
  path = "../root.hcl"
}
