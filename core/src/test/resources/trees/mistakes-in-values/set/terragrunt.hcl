feature "f" {
  default = true
}
inputs = { a = feature.f.value }
