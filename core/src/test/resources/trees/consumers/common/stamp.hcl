locals {
  stamp = "at ${timestamp()}"
  plain = "plain"
}
