inputs = { which = "deep", c = path_relative_to_include() }
