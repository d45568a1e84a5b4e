# Runs without registry and without the program: the provider is mocked.
mock_provider "external" {
  mock_data "external" {
    defaults = {
      result = { format = "1", digest = "sha256:00", talos_version = "v1.11.5" }
    }
  }
}

variables {
  iso_path             = "/srv/iso/talos.iso"
  iso_name             = "talos.iso"
  proxmox_datastore_id = "resources"
  proxmox_node_names   = ["pve01", "pve02"]
}

run "hands_on_only_what_is_set" {
  command = plan

  assert {
    condition = jsondecode(local.request.inputs) == {
      iso_name             = "talos.iso"
      iso_path             = "/srv/iso/talos.iso"
      proxmox_datastore_id = "resources"
      proxmox_node_names   = ["pve01", "pve02"]
    }
    error_message = local.request.inputs
  }
  assert {
    condition     = length(data.external.present) == 0
    error_message = "A plan starts the program once."
  }
}

run "hands_on_the_digest" {
  command = plan

  variables {
    iso_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }

  assert {
    condition     = jsondecode(local.request.inputs).iso_sha256 == var.iso_sha256
    error_message = local.request.inputs
  }
}

run "refuses_a_newer_program" {
  command = plan

  override_data {
    target = data.external.plan
    values = { result = { format = "2", digest = "sha256:00" } }
  }

  expect_failures = [data.external.plan]
}

run "refuses_early_what_cannot_be" {
  command = plan

  variables {
    iso_sha256           = "sha256:00"
    proxmox_node_names   = []
    proxmox_iso_name     = "unique"
    proxmox_name_taken   = "overwrite"
    proxmox_content_type = "vztmpl"
    proxmox_download_url = "ftp://files.test/talos.iso"
  }

  expect_failures = [
    var.iso_sha256,
    var.proxmox_node_names,
    var.proxmox_iso_name,
    var.proxmox_name_taken,
    var.proxmox_content_type,
    var.proxmox_download_url,
  ]
}
