include "root" {
  path = "../root.hcl"
}
terraform {
  source = ""
}
