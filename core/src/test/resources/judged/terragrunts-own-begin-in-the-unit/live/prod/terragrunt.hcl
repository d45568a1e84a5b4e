include "inc" {
  path = "../_inc/a/i.hcl"
}
