unit "x" {
  source = "../gone"
  path   = "x"
}
