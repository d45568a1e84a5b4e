# What goes into every Talos image: kernel arguments and system extensions.
locals {
  install_kernel_args = [
    "talos.platform=metal", # of the installer; the ISO keeps its own platform, nocloud
    "intel_iommu=on",       # PCI passthrough
    "iommu=pt",
    "-init_on_alloc", # trades hardening for speed: removes Talos' default
    "mitigations=off",
  ]

  # Official extensions. A digest behind the tag (…:10.0.2@sha256:…) pins the bytes, too.
  install_system_extensions = [
    "ghcr.io/siderolabs/intel-ucode:20250812",     # Intel microcode updates
    "ghcr.io/siderolabs/qemu-guest-agent:10.0.2",  # Proxmox integration
    "ghcr.io/siderolabs/crun:1.24",                # OCI runtime
    "ghcr.io/siderolabs/ctr:v2.1.5",               # containerd's command line
  ]
}
