include "root" {
  path = find_in_parent_folders("root.hcl")
  expose = true
}
include "b" {
  path = include.root.locals.b
}
