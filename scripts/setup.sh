#!/usr/bin/env bash
# Installs what the tests and the lab need on Debian 12 or newer. May be run again: does nothing when all is there.
#   scripts/setup.sh [test]
set -euo pipefail
cd "$(dirname "$0")/.."

need=(maven qemu-system-x86 ovmf docker-registry ca-certificates)
if [ "${1:-}" = test ]; then
    # The field's own tools, which judge our bytes in the tests. None of them is used by the program.
    need+=(squashfs-tools squashfs-tools-ng openssl python3 procps cpio xorriso mtools dosfstools gdisk fdisk binutils sbsigntool zstd xz-utils skopeo umoci buildah
        grub-common grub-pc-bin genisoimage curl systemd-boot-efi)
    # Container engines that load what we write, and arm64 with its firmware.
    need+=(podman runc containerd qemu-system-arm qemu-efi-aarch64 binutils-aarch64-linux-gnu)
    # Builds of extensions from source run apart from the machine.
    need+=(bubblewrap qemu-user-static)
    # What reads and runs the example's start script.
    need+=(shellcheck busybox)
    # The libraries that the language of the trees comes from.
    need+=(golang-go golang-github-hashicorp-hcl-v2-dev golang-github-zclconf-go-cty-dev golang-github-zclconf-go-cty-yaml-dev)
fi

missing=()
for package in "${need[@]}"; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
        missing+=("$package")
    fi
done
if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "error: missing: ${missing[*]}" >&2
        echo "  why:   this machine has no apt-get; these are the Debian names" >&2
        exit 5
    fi
    as_root=()
    if [ "$(id -u)" != 0 ]; then
        as_root=(sudo)
    fi
    echo "installing: ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Debian starts a registry of its own on port 5000 when the package is installed; the lab runs its own one elsewhere.
. scripts/jdk.sh
echo "JDK: $JAVA_HOME" >&2
