include "root" {
  path = "../root.hcl"
}
terraform {
  source = ""
}
inputs = { b = 1 }
