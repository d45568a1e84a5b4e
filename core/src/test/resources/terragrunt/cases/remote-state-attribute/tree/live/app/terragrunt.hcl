remote_state = {
  backend = "local"
  config  = { path = "x" }
}
