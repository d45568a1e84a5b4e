locals {
  stage = "talos_proxmox_upload"

  inputs = {
    iso_path               = var.iso_path
    iso_name               = var.iso_name
    iso_sha256             = var.iso_sha256
    proxmox_datastore_id   = var.proxmox_datastore_id
    proxmox_node_names     = var.proxmox_node_names
    proxmox_node_hostnames = var.proxmox_node_hostnames
    proxmox_iso_name       = var.proxmox_iso_name
    proxmox_name_taken     = var.proxmox_name_taken
    proxmox_verify_stored  = var.proxmox_verify_stored
    proxmox_content_type   = var.proxmox_content_type
    proxmox_download_url   = var.proxmox_download_url
    talos_version          = var.talos_version
    kubernetes_version     = var.kubernetes_version
    catalog_path           = var.catalog_path
  }
}
