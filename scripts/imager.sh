#!/usr/bin/env bash
# Talos' own imager on given inputs, for comparison in `make bench`; the programs that it drives are this machine's.
#   scripts/imager.sh IMAGER IN OUT BASE [EXTENSION…]
# IN:  vmlinuz initramfs.xz stub.efi boot.efi    OUT: emptied, gets what imager makes: installer-amd64.tar nocloud-amd64.iso
# BASE and EXTENSIONs: references to images, in a registry that needs no TLS. The arguments are the example tree's.
# It has to be called once per artifact, and repeats everything: first the installer, then the ISO.
set -euo pipefail
imager=$1
in=$(readlink -f "$2")
out=$3
base=$4
shift 4
export SOURCE_DATE_EPOCH=1761000000 TZ=UTC
rm -rf "$out"
mkdir -p "$out/tmp"
out=$(readlink -f "$out")
export TMPDIR=$out/tmp

profile() { # KIND PLATFORM
    cat <<YAML
arch: amd64
platform: $2
secureboot: false
version: v1.11.5
customization:
  extraKernelArgs: [intel_iommu=on, iommu=pt, -init_on_alloc, mitigations=off, net.ifnames=0, console=tty0, console=ttyS0]
input:
  kernel: {path: $in/vmlinuz}
  initramfs: {path: $in/initramfs.xz}
  sdStub: {path: $in/stub.efi}
  sdBoot: {path: $in/boot.efi}
  baseInstaller: {imageRef: "$base", forceInsecure: true}
  systemExtensions:
$(printf '    - {imageRef: "%s", forceInsecure: true}\n' "${@:3}")
output: {kind: $1, outFormat: raw}
YAML
}

profile installer metal "$@" >"$out/installer.yaml"
"$imager" - --output "$out" <"$out/installer.yaml"
profile iso nocloud "$@" >"$out/iso.yaml"
"$imager" - --output "$out" <"$out/iso.yaml"
rmdir "$TMPDIR"
