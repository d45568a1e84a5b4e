# The one place for versions: all clusters use these.
locals {
  talos_version      = "v1.11.5"
  kubernetes_version = "1.31.4"

  frr_extension_version = "v1.0.18"
}
