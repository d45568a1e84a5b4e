exclude {
  if      = true
  actions = ["plan"]
  no_run  = true
}
