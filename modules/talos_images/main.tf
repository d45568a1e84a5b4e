locals {
  stage = "talos_images"

  inputs = {
    talos_version        = var.talos_version
    kubernetes_version   = var.kubernetes_version
    official_extensions  = var.official_extensions
    custom_extensions    = var.custom_extensions
    kernel_args          = var.kernel_args
    installer_registry   = var.installer_registry
    installer_tag        = var.installer_tag
    overwrite_tag        = var.overwrite_tag
    iso_output_dir       = var.iso_output_dir
    iso_name             = var.iso_name
    architecture         = var.architecture
    architectures        = var.architectures
    imager_image         = var.imager_image
    base_installer_image = var.base_installer_image
    installer_platform   = var.installer_platform
    iso_platform         = var.iso_platform
    squashfs_compression = var.squashfs_compression
    catalog_path         = var.catalog_path
  }

  # Known before an apply if the inputs name them in full; the program completes them otherwise.
  iso_name = !strcontains(coalesce(var.iso_name, "{}"), "{") ? var.iso_name : null
  iso_dir  = abspath(coalesce(var.iso_output_dir, ".")) == var.iso_output_dir ? var.iso_output_dir : null
}
