include "root" {
  path = "../root.hcl"
}
include "env" {
  path = "../env.hcl"
}
