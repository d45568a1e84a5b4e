# Included by every unit. The path begins where a unit is run: in its folder by Talos Forge, in its cache by Terragrunt; an
# apply of artifacts records their outputs in both.
remote_state {
  backend = "local"
  config = {
    path = "terragrunt-cache/${path_relative_to_include()}/terraform.tfstate"
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
