include "root" {
  path = find_in_parent_folders("root.hcl")
}

include "common" {
  path   = "../../../_envcommon/images.hcl"
  expose = true
}

terraform {
  source = "git::https://git.example.net/modules.git//talos_images?ref=${include.common.locals.region}"
}

inputs = {
  kernel_args = ["quiet"]
}
