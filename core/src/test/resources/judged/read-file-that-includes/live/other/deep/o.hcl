include "oroot" {
  path = "${path_relative_to_include()}/../oroot.hcl"
}
inputs = { o = path_relative_to_include(), p = get_parent_terragrunt_dir(), f = file("f.txt") }
