exclude {
  if      = false
  actions = []
}
