locals {
  stage = "talos_extension"

  inputs = {
    name                = var.name
    version             = var.extension_version
    author              = var.author
    description         = var.description
    talos_compatibility = var.talos_compatibility
    extension_registry  = var.extension_registry
    extension_tag       = var.extension_tag
    architecture        = var.architecture
    architectures       = var.architectures
    semantic_tags       = var.semantic_tags
    overwrite_tag       = var.overwrite_tag
    talos_version       = var.talos_version
    debian_lock         = var.debian_lock
    container           = var.container
    sources             = var.sources
    service             = try(jsondecode(var.service), var.service)
    catalog_path        = var.catalog_path
  }
}
