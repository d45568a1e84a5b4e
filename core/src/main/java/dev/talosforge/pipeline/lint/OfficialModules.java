package dev.talosforge.pipeline.lint;

import dev.talosforge.oci.ImagePlace;
import java.util.Set;

/**
 * Talos' own extensions that have kernel modules: those of 1.11 to 1.14, which agree wherever they have one of these
 * names.
 */
final class OfficialModules {
    private static final String ORGANISATION = "siderolabs/";

    private static final Set<String> NAMES = Set.of(
            "amazon-ena",
            "amdgpu",
            "binfmt-misc",
            "btrfs",
            "chelsio-drivers",
            "drbd",
            "dvb-cx23885",
            "gasket-driver",
            "gpio-pinctrl",
            "hailort",
            "i915",
            "intel-npu",
            "joydev",
            "mei",
            "mellanox-mstflint",
            "nfsd",
            "nonfree-kmod-nvidia-lts",
            "nonfree-kmod-nvidia-production",
            "nvidia-open-gpu-kernel-modules-lts",
            "nvidia-open-gpu-kernel-modules-production",
            "panfrost",
            "px-fuse",
            "rockchip-rknn",
            "tenstorrent",
            "thunderbolt",
            "uhid",
            "uinput",
            "usb-audio-drivers",
            "usb-modem-drivers",
            "v4l-uvc-drivers",
            "vc4",
            "xdma-driver",
            "xe",
            "zfs");

    private OfficialModules() {}

    /** Whether it is one of these, in whichever registry. */
    static boolean isOne(ImagePlace place) {
        return place instanceof ImagePlace.InRegistry(var reference)
                && reference.repository().endsWith(ORGANISATION + place.shortName())
                && NAMES.contains(place.shortName());
    }
}
