terraform {
  source                   = "../m"
  include_in_copy          = ["a"]
  copy_terraform_lock_file = true
}
