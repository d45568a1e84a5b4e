include "one" {
  path = "../one.hcl"
}
include "two" {
  path = "../two.hcl"
}
inputs = { a = path_relative_to_include("one"), g = get_parent_terragrunt_dir("two") }
