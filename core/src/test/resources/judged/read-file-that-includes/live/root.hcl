inputs = { r = path_relative_to_include() }
