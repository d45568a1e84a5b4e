feature "f" {
  default = "root"
}
