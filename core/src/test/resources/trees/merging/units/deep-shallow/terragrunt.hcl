include "a" {
  path           = "../../a.hcl"
  merge_strategy = "deep"
  expose         = true
}

include "b" {
  path           = "../../b.hcl"
  merge_strategy = "shallow"
  expose         = true
}

dependency "own" {
  config_path  = "../leaf"
  mock_outputs = { value = "mock" }
}

feature "size" {
  default = { d = 3 }
}

inputs = {
  from   = "unit"
  list   = ["unit"]
  object = { unit = 3, both = "unit", inner = { list = ["unit"] } }
  gone   = null
  size   = feature.size.value
  colour = try(feature.colour.value, "unknown here")
  seen   = [include.a.inputs.from, include.b.inputs.from]
}
