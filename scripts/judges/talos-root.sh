# What Talos runs on and beside, from Debian: containerd and runc, udev, LVM, programs that make file systems, GRUB for
# the installer; and a kernel for the versions that the kernel of Debian 13 is too old for.
debian_packages "$version" containerd runc udev kmod lvm2 dmsetup cryptsetup-bin xfsprogs dosfstools e2fsprogs mtools \
    grub-pc-bin grub2-common linux-image-cloud-amd64
