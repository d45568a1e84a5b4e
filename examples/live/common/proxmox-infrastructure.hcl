# The Proxmox cluster that the boot ISO goes to.
locals {
  proxmox_nodes = ["pve01", "pve02", "pve03"]

  proxmox_hostnames = {
    pve01 = "pve01.example.net"
    pve02 = "pve02.example.net"
    pve03 = "pve03.example.net"
  }

  storage = {
    datastore_id = "resources" # CephFS, shared by all nodes
  }
}
