# Included by every unit. State stays beside the unit, where Terragrunt and cluster units find it.
remote_state {
  backend = "local"
  config = {
    path = "${get_terragrunt_dir()}/terraform.tfstate"
  }
}

# Read and left alone by Talos Forge: Terragrunt writes it for the units that it runs itself.
generate "versions" {
  path      = "versions_override.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-EOF
    terraform {
      required_version = ">= 1.6.0"
    }
  EOF
}
