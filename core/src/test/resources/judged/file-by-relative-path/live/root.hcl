locals { c = yamldecode(file("${path_relative_to_include()}/config.yaml")) }
inputs = { c = local.c }
