# Runs without registry and without the program: the provider is mocked.
mock_provider "external" {
  mock_data "external" {
    defaults = {
      result = { format = "1", digest = "sha256:00", talos_version = "v1.11.5" }
    }
  }
}

variables {
  name               = "frr"
  extension_version  = "v1.0.18"
  extension_registry = "ghcr.io/acme/frr"
}

run "hands_on_only_what_is_set" {
  command = plan

  assert {
    condition     = jsondecode(local.request.inputs) == { extension_registry = "ghcr.io/acme/frr", name = "frr", version = "v1.0.18" }
    error_message = local.request.inputs
  }
}

run "hands_on_sources_of_different_kinds" {
  command = plan

  variables {
    sources = [
      { debian_packages = ["frr", "tini"] },
      { dir = "rootfs", to = "/", modes = { "etc/secret" = "0600" } },
    ]
    service = "container:\n  entrypoint: /bin/frr\n"
  }

  assert {
    condition = jsondecode(local.request.inputs).sources == [
      { debian_packages = ["frr", "tini"] },
      { dir = "rootfs", to = "/", modes = { "etc/secret" = "0600" } },
    ]
    error_message = local.request.inputs
  }
  assert {
    condition     = jsondecode(local.request.inputs).service == "container:\n  entrypoint: /bin/frr\n"
    error_message = "YAML is handed on as it is."
  }
}

run "hands_on_a_service_as_an_object" {
  command = plan

  variables {
    service = "{\"container\":{\"entrypoint\":\"/bin/frr\"}}"
  }

  assert {
    condition     = jsondecode(local.request.inputs).service == { container = { entrypoint = "/bin/frr" } }
    error_message = local.request.inputs
  }
}

run "refuses_early_what_cannot_be" {
  command = plan

  variables {
    name         = "FRR"
    architecture = "x86_64"
    sources      = ["rootfs"]
  }

  expect_failures = [
    var.name,
    var.architecture,
    var.sources,
  ]
}
