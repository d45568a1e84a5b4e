include "root" {
  path = "../rooot.hcl"
}
