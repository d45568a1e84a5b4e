variable "n" {
  default = ""
}
output "n" {
  value = "made ${var.n}"
}
