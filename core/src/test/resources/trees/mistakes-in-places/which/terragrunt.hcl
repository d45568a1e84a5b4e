include "root" {
  path = "../root.hcl"
}
include "also" {
  path = "../root.hcl"
}
inputs = {
  a = path_relative_to_include()
  b = path_relative_to_include("alsoo")
  c = include.root.locals.a
  d = include.rot.locals.a
  e = find_in_parent_folders("nowhere.hcl")
  f = get_repo_root()
}
