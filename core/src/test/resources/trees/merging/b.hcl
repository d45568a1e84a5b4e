feature "size" {
  default = { a = [2], c = 2 }
}

exclude {
  if      = true
  actions = ["all"]
}

inputs = {
  from   = "b"
  list   = ["b"]
  object = { b = 2, both = "b", inner = { list = ["b"], b = true } }
  other  = dependency.own.outputs.value
}
