locals {
  name = "cluster-102"
}
