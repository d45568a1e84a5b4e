include {
  path = trimspace(file("where.txt"))
}
inputs = { u = file("where.txt") }
