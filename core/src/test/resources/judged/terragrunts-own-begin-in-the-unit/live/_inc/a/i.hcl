locals { 
c = read_terragrunt_config("r.hcl", {inputs={a="none"}})
d = read_tfvars_file("v.tfvars")
z = file("../z") 
}
inputs = { c = local.c.inputs.a, d = local.d, z = local.z}
