include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
dependency "a" {
  config_path = "../a"
  mock_outputs = { v = "mock", unit = "mock" }
}
inputs = { o = dependency.a.outputs }
