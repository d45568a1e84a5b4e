include {
  path = "../root.hcl"
}
include {
  path = "../root.hcl"
}
