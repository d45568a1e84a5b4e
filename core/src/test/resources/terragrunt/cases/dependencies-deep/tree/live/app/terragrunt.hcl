include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
dependencies {
  paths = ["../y", "../x"]
}
