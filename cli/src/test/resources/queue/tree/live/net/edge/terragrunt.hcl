include "root" {
  path = find_in_parent_folders("root.hcl")
}

dependency "core" {
  config_path  = "../core"
  mock_outputs = { n = "mock" }
}

dependencies {
  paths = ["../../base"]
}
