locals {
  /* Ceph shows an upload on one node to all of them. */
  storage = { iso_datastore = "resources" }
  nodes   = { for i in [1, 2, 3] : format("pve%02d", i) => "pve${i}.example.net" }
}

inputs = {
  proxmox_datastore_id   = local.storage.iso_datastore
  proxmox_node_names     = keys(local.nodes)
  proxmox_node_hostnames = local.nodes
}
