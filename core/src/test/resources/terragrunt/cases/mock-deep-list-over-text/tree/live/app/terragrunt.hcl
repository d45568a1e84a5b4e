include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
dependency "a" {
  config_path  = "../a"
  skip_outputs = true
  mock_outputs = { v = ["list"] }
}
inputs = { o = dependency.a.outputs }
