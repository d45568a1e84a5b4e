locals {
  name = "test"
}
