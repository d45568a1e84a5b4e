terraform {
  required_version = ">= 1.5.0" # check blocks; OpenTofu has them since 1.6

  required_providers {
    external = {
      source  = "hashicorp/external"
      version = ">= 2.3.0"
    }
  }
}
