locals {
  x = file("x")
}
inputs = { b = [local.x, templatefile("t.tpl", { v = basename(get_terragrunt_dir()) }), fileset(".", "*")] }
