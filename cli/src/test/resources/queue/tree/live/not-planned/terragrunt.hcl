include "root" {
  path = find_in_parent_folders("root.hcl")
}

exclude {
  if      = true
  actions = ["plan"]
  exclude_dependencies = false
}

dependencies {
  paths = ["../net/core"]
}
