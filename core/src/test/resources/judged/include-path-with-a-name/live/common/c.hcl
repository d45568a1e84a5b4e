inputs = { which = "dot", c = path_relative_to_include() }
