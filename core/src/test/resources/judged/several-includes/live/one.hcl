inputs = { one = path_relative_to_include("nosuch"), g = get_parent_terragrunt_dir("two") }
