inputs = { orr = path_relative_to_include(), ff = file("f.txt") }
