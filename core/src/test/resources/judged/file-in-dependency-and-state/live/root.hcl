dependency "d" {
  config_path = trimspace(file("where"))
  mock_outputs = jsondecode(file("mocks.json"))
  mock_outputs_allowed_terraform_commands = ["render", "validate"]
}
remote_state {
  backend = "local"
  config = { path = "${get_terragrunt_dir()}/${trimspace(file("statename"))}" }
}
terraform { source = trimspace(file("src")) }
inputs = { d = dependency.d.outputs.k, z = fileset(".", "w*") }
