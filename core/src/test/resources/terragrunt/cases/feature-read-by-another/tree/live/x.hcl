feature "f" {
  default = 3
}
