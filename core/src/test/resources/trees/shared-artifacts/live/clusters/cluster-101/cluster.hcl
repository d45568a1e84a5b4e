locals {
  name = "cluster-101"
}
