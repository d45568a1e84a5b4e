locals {
  versions = read_terragrunt_config("${get_terragrunt_dir()}/versions.hcl")

  // Pinned, so that a moved tag changes nothing.
  official = {
    intel-ucode      = "ghcr.io/siderolabs/intel-ucode:20250812"
    qemu-guest-agent = "ghcr.io/siderolabs/qemu-guest-agent:10.0.2"
    crun             = "ghcr.io/siderolabs/crun:1.24"
    ctr              = "ghcr.io/siderolabs/ctr:v2.1.5"
  }

  official_extensions = values(local.official)
  custom_extensions = [
    "ghcr.io/sulibot/frr-talos-extension:v1.0.18@sha256:${local.frr_digest}",
  ]
  frr_digest = join("", [for i in range(8) : "b6cd79ca"])

  kernel_args = concat(
    ["-init_on_alloc", "init_on_alloc=0"],
    [for tty in ["tty0", "ttyS0"] : "console=${tty}" if tty != ""],
  )

  summary = <<-EOT
    Talos ${local.versions.locals.talos_version} with:
    %{~ for name in keys(local.official) }
      - ${name}
    %{~ endfor }
  EOT
}
