include "root" {
  path = "../root.hcl"
}
dependencies {
  paths = ["../y", "../x"]
}
