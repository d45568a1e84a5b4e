# A small extension of our own: a program in C, built from source for both architectures.
#
#   talos-forge -C examples/extensions/beacon --var extension_registry=oci:build apply
#   talos-forge inspect oci:examples/extensions/beacon/build:v1.0.0

terraform {
  source = "modules//talos_extension"
}

inputs = {
  name        = "beacon"
  version     = "v1.0.0"
  author      = "Talos Forge"
  description = "Says in one line of JSON, on port 9909, which machine this is and for how long it has been up."

  talos_compatibility = ">= v1.10.0"

  extension_registry = "ghcr.io/acme/beacon"
  architectures      = ["amd64", "arm64"]

  # The program is all that its container has: it is linked statically.
  container = "beacon"

  sources = [
    { build = {
      # The compilers run on this machine; TARGET is what they build for.
      debian_packages = ["gcc", "libc6-dev", "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"]
      sources         = [{ dir = "src" }]
      command         = <<-EOF
        $TARGET-gcc -std=c11 -O2 -Wall -Wextra -Werror -static -s -o beacon beacon.c
        install -D beacon $OUTPUT/usr/bin/beacon
      EOF
    } },
  ]

  service = {
    container = {
      entrypoint = "/usr/bin/beacon"
      args       = ["9909"]
    }
    depends = [{ network = ["addresses"] }]
    restart = "always"
  }
}
