terraform {
  source = "../../modules//talos_proxmox_upload?ref=v1.0.0"
}

dependencies {
  paths = ["../extension", "../images"]
}

# No mocks: what it gives is not known before it is applied.
dependency "images" {
  config_path = "../images"
}

inputs = {
  iso_path             = dependency.images.outputs.iso_path
  iso_name             = "iso-${dependency.images.outputs.talos_version}.iso"
  proxmox_datastore_id = "resources"
  proxmox_node_names   = ["pve01", "pve02"]
}
