output "extension_image" {
  description = "Reference of the extension, with its digest."
  value       = try(local.outputs.extension_image, null)
}

output "extension_digest" {
  description = "Its digest; with several architectures, that of the index."
  value       = try(local.outputs.extension_digest, null)
}

output "extension_version" {
  description = "Its version, as given."
  value       = var.extension_version
  depends_on  = [terraform_data.made]
}
