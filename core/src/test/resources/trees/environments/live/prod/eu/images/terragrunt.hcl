include "root" {
  path = find_in_parent_folders("root.hcl")
}

include "common" {
  path           = "${dirname(find_in_parent_folders("root.hcl"))}/_envcommon/images.hcl"
  expose         = true
  merge_strategy = "deep"
}

dependency "extension" {
  config_path                             = "../extension"
  mock_outputs                            = { extension_image = "own", tags = ["own"] }
  mock_outputs_allowed_terraform_commands = ["validate"]
}

inputs = {
  kernel_args = ["quiet"]
  tags        = { region = include.common.locals.region }
  mock_tags   = dependency.extension.outputs.tags
  both        = [path_relative_to_include("root"), path_relative_from_include("common")]
}
