dependency "a" {
  config_path  = "../a"
  mock_outputs = { v = "text" }
}
