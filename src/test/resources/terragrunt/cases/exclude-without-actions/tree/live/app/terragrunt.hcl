exclude {
  if = false
}
