feature "f" {
  default = { a = 1, l = [1] }
}
