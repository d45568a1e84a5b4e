#!/usr/bin/env bash
# The whole pipeline on the example tree, against the lab, ending with the ISO booted by BIOS and by UEFI.
# What it leaves: build/ (lab, ISO, serial logs) and the recorded outputs beside the example's units.
set -euo pipefail
cd "$(dirname "$0")/.."
forge=$PWD/talos-forge
lab=$PWD/build/lab
artifacts=$PWD/examples/live/artifacts
frr=$PWD/examples/frr/node.yaml # FRR waits for a configuration

step() {
    printf '\n== %s\n' "$*" >&2
}

step "lab: a stand-in for ghcr.io/siderolabs and for Proxmox, on loopback (talos-forge lab up)"
"$forge" lab up --dir "$lab"
trap '"$forge" lab down --dir "$lab" >/dev/null 2>&1 || true' EXIT
set -a
# shellcheck disable=SC1091
. "$lab/env"
set +a

step "the tree (talos-forge -C examples/live graph)"
"$forge" -C examples/live graph
step "everything is checked before anything is built (talos-forge -C examples/live validate)"
"$forge" -C examples/live validate
step "the pipeline (talos-forge -C examples/live/artifacts run-all apply)"
"$forge" -C "$artifacts" run-all apply

step "proof that installer and ISO belong together and are what was built (talos-forge -C …/images verify)"
"$forge" -C "$artifacts/images" verify
step "what the clusters are given (talos-forge -C examples/live/clusters graph)"
"$forge" -C examples/live/clusters graph

iso=$("$forge" -C "$artifacts/images" output --raw iso_path)
step "boot by BIOS (talos-forge boot --bios --user-data $frr $iso)"
"$forge" boot --bios --user-data "$frr" "$iso"
step "boot by UEFI (talos-forge boot --uefi --user-data $frr $iso)"
"$forge" boot --uefi --user-data "$frr" "$iso"

step "outputs (talos-forge -C examples/live/artifacts output)"
"$forge" -C "$artifacts" output
