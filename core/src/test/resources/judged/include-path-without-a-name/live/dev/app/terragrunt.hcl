include "root" {
  path = "${path_relative_to_include()}/../../root.hcl"
}
inputs = { u = path_relative_to_include() }
