# What goes into every Talos image: kernel arguments and system extensions.
locals {
  # In the ISO, and by UEFI in the installed system as well. A BIOS (SeaBIOS, Proxmox' default) starts an installed
  # Talos 1.11 without them, unless machine.install.extraKernelArgs of the machine configuration repeats them.
  install_kernel_args = [
    "talos.platform=metal", # of the installer; the ISO keeps its own platform, nocloud
    "intel_iommu=on",       # PCI passthrough
    "iommu=pt",
    "-init_on_alloc", # trades hardening for speed: removes Talos' default
    "mitigations=off",
    "net.ifnames=0", # eth0 stays eth0 when a node is installed: the ISO's platform has it, metal has not
    "console=tty0",  # screen and serial port, from the ISO and when installed
    "console=ttyS0",
  ]

  # Official extensions. A digest behind the tag (…:10.0.2@sha256:…) pins the bytes, too.
  install_system_extensions = [
    "ghcr.io/siderolabs/intel-ucode:20250812",     # Intel microcode updates
    "ghcr.io/siderolabs/qemu-guest-agent:10.0.2",  # Proxmox integration
    "ghcr.io/siderolabs/crun:1.24",                # OCI runtime
    "ghcr.io/siderolabs/ctr:v2.1.5",               # containerd's command line
  ]
}
