# Runs without registry and without the program: the provider is mocked.
mock_provider "external" {
  mock_data "external" {
    defaults = {
      result = { format = "1", digest = "sha256:00", talos_version = "v1.11.5" }
    }
  }
}

variables {
  talos_version      = "v1.11.5"
  installer_registry = "ghcr.io/acme/installer"
}

run "hands_on_only_what_is_set" {
  command = plan

  assert {
    condition     = jsondecode(local.request.inputs) == { installer_registry = "ghcr.io/acme/installer", talos_version = "v1.11.5" }
    error_message = local.request.inputs
  }
  assert {
    condition     = !contains(keys(local.request), "name")
    error_message = "The program knows what to call a unit."
  }
}

run "hands_on_every_kind_of_value" {
  command = plan

  variables {
    kernel_args   = ["iommu=pt", "-init_on_alloc"]
    overwrite_tag = true
    architectures = ["amd64", "arm64"]
    folder        = "/srv/unit"
    unit          = "artifacts/images"
  }

  assert {
    condition = jsondecode(local.request.inputs) == {
      architectures      = ["amd64", "arm64"]
      installer_registry = "ghcr.io/acme/installer"
      kernel_args        = ["iommu=pt", "-init_on_alloc"]
      overwrite_tag      = true
      talos_version      = "v1.11.5"
    }
    error_message = local.request.inputs
  }
  assert {
    condition     = local.request.name == "artifacts/images" && local.request.folder == "/srv/unit"
    error_message = "${local.request.name} in ${local.request.folder}"
  }
}

run "applies_again_only_for_parts_and_repair" {
  command = plan

  variables {
    repair = "2026-12-01"
  }

  assert {
    condition     = { for name, value in terraform_data.made.triggers_replace : name => value } == { talos_version = "v1.11.5", repair = "2026-12-01" }
    error_message = jsonencode(terraform_data.made.triggers_replace)
  }
}

run "knows_outputs_before_an_apply" {
  command = plan

  variables {
    kubernetes_version = "1.34.1"
    iso_output_dir     = "/srv/iso"
    iso_name           = "talos.iso"
  }

  assert {
    condition     = output.iso_path == "/srv/iso/talos.iso" && output.iso_name == "talos.iso" && output.talos_version == "v1.11.5" && output.kubernetes_version == "1.34.1"
    error_message = output.iso_path
  }
}

run "refuses_early_what_cannot_be" {
  command = plan

  variables {
    talos_version        = "latest"
    architectures        = ["amd64", "riscv64"]
    squashfs_compression = "gzip"
    iso_name             = "talos.img"
  }

  expect_failures = [
    var.talos_version,
    var.architectures,
    var.squashfs_compression,
    var.iso_name,
  ]
}
