# The three modules without Terragrunt: terraform init, terraform apply. Credentials are in the environment, see
# docs/configuration.md.
module "extension" {
  source = "../../talos_extension"

  name               = "hello"
  extension_version  = "v0.1.0"
  extension_registry = "ghcr.io/acme/hello"
  container          = "hello"
  sources = [
    { debian_packages = ["busybox-static"] },
    { files = { "srv/index.html" = "<p>Hello" } },
  ]
  debian_lock = abspath("debian.lock.json")
  service = jsonencode({
    container = {
      entrypoint = "/usr/bin/busybox"
      args       = ["httpd", "-f", "-p", "8080", "-h", "/srv"]
    }
    depends = [{ network = ["addresses"] }]
    restart = "always"
  })
}

module "images" {
  source = "../../talos_images"

  talos_version      = "v1.11.5"
  custom_extensions  = [module.extension.extension_image]
  kernel_args        = ["intel_iommu=on", "iommu=pt"]
  installer_registry = "ghcr.io/acme/installer"
  iso_output_dir     = abspath("build")
  iso_name           = "talos-v1.11.5.iso"
}

module "registry" {
  source = "../../talos_proxmox_upload"

  iso_path             = module.images.iso_path
  iso_name             = module.images.iso_name
  iso_sha256           = module.images.iso_sha256
  talos_version        = module.images.talos_version
  proxmox_datastore_id = "resources"
  proxmox_node_names   = ["pve01", "pve02", "pve03"]
}

output "installer_image" {
  value = module.images.installer_image
}

output "talos_image_file_ids" {
  value = module.registry.talos_image_file_ids
}
