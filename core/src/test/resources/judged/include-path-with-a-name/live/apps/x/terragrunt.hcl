include "root" {
  path = find_in_parent_folders("root.hcl")
}
include "common" {
  path = "../../common/${path_relative_to_include("root")}/c.hcl"
}
inputs = { u = path_relative_to_include("root"), v = path_relative_to_include("common") }
