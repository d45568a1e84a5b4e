# What Talos runs beside its own programs, from Debian: containerd and runc, udev, LVM, programs that make file systems,
# and GRUB for the installer.
debian_packages "$version" containerd runc udev kmod lvm2 dmsetup cryptsetup-bin xfsprogs dosfstools e2fsprogs mtools \
    grub-pc-bin grub2-common
