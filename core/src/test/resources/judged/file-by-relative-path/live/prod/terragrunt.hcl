include "root" {
  path = find_in_parent_folders("root.hcl")
  expose = true
}
inputs = { u = include.root.locals.c.k, w = fileexists("config.yaml") }
