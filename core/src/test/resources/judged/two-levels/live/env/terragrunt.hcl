include "a" {
  path = "../_a/a.hcl"
}
include "b" {
  path   = "../_b/b.hcl"
  expose = true
}
inputs = { u = file("x"), seen = include.b.locals.x }
