output "talos_image_file_ids" {
  description = "The volume by node, for disks and drives of virtual machines."
  value       = try(local.outputs.talos_image_file_ids, null)
}

output "talos_image_file_name" {
  description = "Name of the file on the storage."
  value       = try(local.outputs.talos_image_file_name, null)
}

output "talos_image_id" {
  description = "The volume."
  value       = try(local.outputs.talos_image_id, null)
}

output "iso_sha256" {
  description = "SHA-256 of the file."
  value       = try(local.outputs.iso_sha256, null)
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
