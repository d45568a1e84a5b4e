inputs = { two = path_relative_from_include() }
