locals { x = 5 }
inputs = { b = path_relative_to_include(), m = { b = 2 } }
