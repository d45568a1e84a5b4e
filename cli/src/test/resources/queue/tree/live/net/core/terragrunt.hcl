include "root" {
  path = find_in_parent_folders("root.hcl")
}

dependency "base" {
  config_path  = "../../base"
  mock_outputs = { n = "mock" }
}
