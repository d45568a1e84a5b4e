feature "colour" {
  default = "red"
}

feature "size" {
  default = { a = [1], b = 1 }
}

exclude {
  if      = feature.colour.value == "red"
  actions = ["destroy"]
}

inputs = {
  from   = "a"
  list   = ["a"]
  object = { a = 1, both = "a", inner = { list = ["a"], a = true } }
  gone   = "a"
  only_a = "a"
}
