generate "g" {
  path      = "g.tf"
  if_exists = "overwrite"
  contents  = "root"
}
