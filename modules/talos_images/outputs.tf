output "installer_image" {
  description = "Reference of the installer image."
  value       = try(local.outputs.installer_image, null)
}

output "installer_digest" {
  description = "Its digest; with several architectures, that of the index."
  value       = try(local.outputs.installer_digest, null)
}

output "iso_path" {
  description = "Absolute path of the ISO; with several architectures, of the first."
  value       = local.iso_dir != null && local.iso_name != null ? "${local.iso_dir}/${local.iso_name}" : try(local.outputs.iso_path, null)
  depends_on  = [terraform_data.made]
}

output "iso_name" {
  description = "Its name."
  value       = local.iso_name != null ? local.iso_name : try(local.outputs.iso_name, null)
  depends_on  = [terraform_data.made]
}

output "iso_sha256" {
  description = "Its SHA-256."
  value       = try(local.outputs.iso_sha256, null)
}

output "iso_paths" {
  description = "By architecture, if there are several."
  value       = try(local.outputs.iso_paths, null)
}

output "iso_names" {
  description = "By architecture, if there are several."
  value       = try(local.outputs.iso_names, null)
}

output "iso_sha256s" {
  description = "By architecture, if there are several."
  value       = try(local.outputs.iso_sha256s, null)
}

output "talos_version" {
  description = "Version of Talos, as given."
  value       = var.talos_version
  depends_on  = [terraform_data.made]
}

output "kubernetes_version" {
  description = "Version of Kubernetes, as given."
  value       = var.kubernetes_version
  depends_on  = [terraform_data.made]
}
