#!/usr/bin/env bash
# The tool chain that Talos' imager drives, on given inputs, for comparison in `make bench`. Not used by the program.
#   scripts/chain.sh IN OUT
# IN:  vmlinuz initramfs.xz stub.efi boot.efi extensions/N/rootfs/…    OUT: emptied, gets installer.tar.gz and chain.iso
# imager runs once per artifact and repeats everything, so this does, too: first the installer, then the ISO.
set -euo pipefail
in=$(readlink -f "$1")
out=$2
export SOURCE_DATE_EPOCH=1761000000 TZ=UTC
rm -rf "$out"
mkdir -p "$out"
out=$(readlink -f "$out")

add_section() { # NAME FILE: appends --add-section arguments for objcopy, each section behind the one before
    local size
    size=$(stat -c %s "$2")
    sections+=(--add-section "$1=$2" --change-section-vma "$1=$(printf 0x%x "$vma")")
    vma=$(((vma + size + 4095) / 4096 * 4096))
}

initramfs_and_uki() { # WORK CMDLINE
    local work=$1
    cp -r "$in/extensions" "$work/extensions"
    mkdir -p "$work/staging"
    for extension in "$work"/extensions/*; do
        mksquashfs "$extension/rootfs" "$work/staging/$(basename "$extension").sqsh" \
            -all-root -noappend -no-progress -comp zstd -Xcompression-level 18 >/dev/null
    done
    echo "layers: []" >"$work/staging/extensions.yaml"
    cp "$in/initramfs.xz" "$work/initramfs.xz"
    (cd "$work/staging" && find . -mindepth 1 | sed 's,^\./,,' | sort |
        cpio -H newc --create --reproducible --quiet -R +0:+0 | zstd -T0 -18 -c --quiet) >>"$work/initramfs.xz"
    printf '%s' "$2" >"$work/cmdline"
    printf 'NAME="Talos"\nID=talos\n' >"$work/osrel"
    sections=()
    vma=0
    while read -r index _ size at _; do
        if [[ $index =~ ^[0-9]+$ ]] && ((16#$at + 16#$size > vma)); then
            vma=$((16#$at + 16#$size))
        fi
    done < <(objdump -h "$in/stub.efi")
    vma=$(((vma + 4095) / 4096 * 4096))
    add_section .osrel "$work/osrel"
    add_section .cmdline "$work/cmdline"
    add_section .linux "$in/vmlinuz"
    add_section .initrd "$work/initramfs.xz"
    objcopy "${sections[@]}" "$in/stub.efi" "$work/uki.efi"
}

installer() {
    local work
    work=$(mktemp -d "$out/installer.XXXXXX")
    initramfs_and_uki "$work" "talos.platform=metal"
    mkdir -p "$work/layer/usr/install/amd64"
    cp "$work/uki.efi" "$work/layer/usr/install/amd64/vmlinuz.efi"
    cp "$in/boot.efi" "$work/layer/usr/install/amd64/systemd-boot.efi"
    tar -C "$work/layer" --sort=name --owner=0 --group=0 --mtime=@0 -cf - usr | gzip -1 -n >"$out/installer.tar.gz"
    sha256sum "$out/installer.tar.gz" >/dev/null
    cp "$work/staging/0.sqsh" "$out/0.sqsh"
    rm -rf "$work"
}

iso() {
    local work mib
    work=$(mktemp -d "$out/iso.XXXXXX")
    initramfs_and_uki "$work" "talos.platform=nocloud"
    mkdir -p "$work/tree/boot/grub" "$work/tree/EFI/BOOT" "$work/tree/EFI/Linux" "$work/tree/loader"
    cp "$in/vmlinuz" "$work/initramfs.xz" "$work/tree/boot/"
    printf 'menuentry "Talos ISO" {\n\tlinux /boot/vmlinuz\n\tinitrd /boot/initramfs.xz\n}\n' >"$work/tree/boot/grub/grub.cfg"
    cp "$in/boot.efi" "$work/tree/EFI/BOOT/BOOTX64.EFI"
    cp "$work/uki.efi" "$work/tree/EFI/Linux/Talos-v1.11.5.efi"
    printf 'timeout 10\n' >"$work/tree/loader/loader.conf"
    mib=$((11 + ($(stat -c %s "$in/boot.efi") + 1048575) / 1048576 + ($(stat -c %s "$work/uki.efi") + 1048575) / 1048576))
    [ "$mib" -ge 34 ] || mib=34
    truncate -s "${mib}M" "$work/efiboot.img"
    mkfs.vfat -F 32 -n EFI --invariant "$work/efiboot.img" >/dev/null
    mcopy -s -p -Q -m -i "$work/efiboot.img" "$work/tree/EFI" "$work/tree/loader" ::
    grub-mkrescue --compress=xz --output="$out/chain.iso" --directory=/usr/lib/grub/i386-pc -m efiboot.img -iso-level 3 \
        "$work/tree" -eltorito-alt-boot -e --interval:appended_partition_2:all:: \
        -append_partition 2 0xef "$work/efiboot.img" -appended_part_as_gpt -partition_cyl_align all \
        -partition_offset 16 -iso_mbr_part_type 0x83 -no-emul-boot -- -volid TALOS_V1_11_5 >/dev/null 2>&1
    rm -rf "$work"
}

installer
iso
