terraform {
  source = "../../modules//talos_extension?ref=v1.0.0"

  before_hook "look" {
    commands = ["plan", "apply"]
    execute  = ["echo", "before"]
  }
}

inputs = {
  name               = "frr"
  version            = "v1.0.18"
  extension_registry = "ghcr.io/example/frr"
}
