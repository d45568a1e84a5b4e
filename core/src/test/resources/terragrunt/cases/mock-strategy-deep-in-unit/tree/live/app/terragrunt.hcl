include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep"
}
dependency "a" {
  config_path = "../a"
  mock_outputs = { v = "mock", unit = "mock" }
  mock_outputs_merge_strategy_with_state = "shallow"
}
inputs = { o = dependency.a.outputs }
