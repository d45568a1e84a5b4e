locals { t = templatefile("t.tpl", {v = 1}) }
inputs = { t = local.t, u = templatefile("./t.tpl", {v = path_relative_to_include()}), a = file("${get_terragrunt_dir()}/where.txt"), h = filesha1("t.tpl"), x = fileexists("apps/x/where.txt"), s = fileset(path_relative_to_include(), "*.txt"), s2 = fileset(get_terragrunt_dir(), "*.t*"), abs = basename(abspath("t.tpl")) }
