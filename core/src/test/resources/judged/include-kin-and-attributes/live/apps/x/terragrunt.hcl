include "root" {
  path = "${get_parent_terragrunt_dir()}/../../root.hcl"
}
include "b" {
  path = "${path_relative_from_include("nosuch")}/b-${basename(get_parent_terragrunt_dir("root"))}.hcl"
  expose = path_relative_from_include() == "."
  merge_strategy = path_relative_to_include() == "." ? "deep" : "no_merge"
}
inputs = { e = include.b.locals.x, m = {u = 1} }
