dependency "a" {
  config_path = "../a"
  mock_outputs = { v = "mock", root = "mock" }
  mock_outputs_merge_strategy_with_state = "shallow"
}
