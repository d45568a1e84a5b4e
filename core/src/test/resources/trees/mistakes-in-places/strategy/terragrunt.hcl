include "root" {
  path           = "../root.hcl"
  merge_strategy = "deep_map_only"
}
