package dev.talosforge.talos.extension;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Official extensions that were renamed in some release of Talos: Image Factory has the same table, and accepts the new
 * name for the old one.
 */
final class RenamedExtensions {
    private static final String ORGANISATION = "siderolabs/";

    private static final Map<String, List<String>> NEW_NAMES = new TreeMap<>(Map.ofEntries(
            Map.entry("v4l-uvc", List.of("v4l-uvc-drivers")),
            Map.entry("usb-modem", List.of("usb-modem-drivers")),
            Map.entry("gasket", List.of("gasket-driver")),
            Map.entry("talos-vmtoolsd", List.of("vmtoolsd-guest-agent")),
            Map.entry("xe-guest-utilities", List.of("xen-guest-agent")),
            Map.entry(
                    "nvidia-container-toolkit",
                    List.of("nvidia-container-toolkit-lts", "nvidia-container-toolkit-production")),
            Map.entry(
                    "nvidia-open-gpu-kernel-modules",
                    List.of("nvidia-open-gpu-kernel-modules-lts", "nvidia-open-gpu-kernel-modules-production")),
            Map.entry("nonfree-kmod-nvidia", List.of("nonfree-kmod-nvidia-lts", "nonfree-kmod-nvidia-production")),
            Map.entry("nvidia-fabricmanager", List.of("nvidia-fabric-manager-lts", "nvidia-fabric-manager-production")),
            Map.entry("i915-ucode", List.of("i915")),
            Map.entry("amdgpu-firmware", List.of("amdgpu"))));

    private RenamedExtensions() {}

    /** What a release calls an extension that it does not have under this older or newer name; else null. */
    static @Nullable String inCatalogue(String repository, Collection<String> known) {
        if (!repository.startsWith(ORGANISATION)) {
            return null;
        }
        String name = repository.substring(ORGANISATION.length());
        for (String other : NEW_NAMES.getOrDefault(name, List.of())) {
            if (known.contains(ORGANISATION + other)) {
                return ORGANISATION + other;
            }
        }
        for (Map.Entry<String, List<String>> renamed : NEW_NAMES.entrySet()) {
            if (renamed.getValue().contains(name) && known.contains(ORGANISATION + renamed.getKey())) {
                return ORGANISATION + renamed.getKey();
            }
        }
        return null;
    }
}
