locals {
  region = "eu"
}
