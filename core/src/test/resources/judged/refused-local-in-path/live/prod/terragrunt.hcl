locals { x = "../root.hcl" }
include "root" {
  path = local.x
}
