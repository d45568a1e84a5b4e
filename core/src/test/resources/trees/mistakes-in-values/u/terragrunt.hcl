feature "fast" {
  default = true
}
dependency "v" {
  config_path  = "../v"
  mock_outputs = { image = "x" }
}
dependency "off" {
  config_path = "../v"
  enabled     = false
}
inputs = {
  a = feature.fats.value
  b = get_env("NO_SUCH_VARIABLE")
  c = get_env("")
  d = dependency.v.outputs.imgae
  e = dependency.of.outputs.x
  f = dependency.off.outputs.x
  g = run_cmd("--terragrunt-quite", "x")
  h = run_cmd("--terragrunt-no-cache", "--terragrunt-global-cache", "x")
  i = constraint_check("one", ">= 1")
  j = constraint_check("1.0.0", "=> 1")
  k = read_tfvars_file("gone.tfvars")
  l = read_terragrunt_config("gone.hcl")
  m = values.x
  n = read_terragrunt_config("../v/terragrunt.hcl").remote_state
  o = dependency.v.inputs.x
}
