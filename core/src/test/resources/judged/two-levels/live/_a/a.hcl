locals {
  x = file("x")
}
inputs = { a = [local.x, templatefile("t.tpl", { v = basename(get_terragrunt_dir()) }), fileset(".", "*")] }
