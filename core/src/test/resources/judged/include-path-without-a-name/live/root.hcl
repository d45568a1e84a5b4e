inputs = { r = path_relative_to_include(), f = path_relative_from_include(), p = get_parent_terragrunt_dir() }
