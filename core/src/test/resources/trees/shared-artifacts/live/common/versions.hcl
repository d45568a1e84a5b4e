# What every cluster runs.
locals {
  talos_version      = "v1.11.5"
  kubernetes_version = "1.31.4"
}
