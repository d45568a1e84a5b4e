include "root" {
  path = find_in_parent_folders("root.hcl")
}

exclude {
  if      = false
  actions = ["all"]
  exclude_dependencies = true
}

dependencies {
  paths = ["../needed"]
}
