# The FRR routing daemon as a system extension, from Debian's packages.

include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "../../../modules//talos_extension"
}

locals {
  versions = read_terragrunt_config(find_in_parent_folders("common/versions.hcl")).locals
}

inputs = {
  name        = "frr"
  version     = local.versions.frr_extension_version
  author      = "sulibot"
  description = "FRRouting: BGP, BFD and static routes, with a Prometheus exporter."

  talos_compatibility = ">= v1.11.0"

  extension_registry = "ghcr.io/sulibot/frr-talos-extension"

  # Becomes usr/local/lib/containers/frr, the container's own root file system.
  container = "frr"

  sources = [
    # The programs and all they need, resolved once and pinned by version and SHA-256 in the lock file.
    { debian_packages = ["frr", "prometheus-frr-exporter", "busybox-static", "tini"] },

    # Service file, configuration and start script, at their places.
    { dir = "rootfs", to = "/" },
  ]
  debian_lock = "${get_repo_root()}/build/frr-debian.lock.json"
}
