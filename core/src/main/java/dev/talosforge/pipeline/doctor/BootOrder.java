package dev.talosforge.pipeline.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual machine boots from: {@code [[legacy=]LETTERS][,order=DEVICE;DEVICE]}, as {@code PVE::QemuServer} of
 * 9.2.6 reads it. Letters are the old form: {@code a} floppy, {@code c} disk, {@code d} CD drives, {@code n} network.
 */
final class BootOrder {
    private static final Pattern LEGACY = Pattern.compile("(?:legacy=)?([acdn]{1,4})");
    private static final String ORDER = "order=";

    private final String text;
    private final SortedMap<String, String> config;
    private final @Nullable String legacy;
    private final @Nullable List<String> devices;
    private final boolean understood;

    private BootOrder(SortedMap<String, String> config) {
        this.config = config;
        this.text = config.getOrDefault("boot", "").strip();
        String letters = null;
        List<String> order = null;
        boolean all = true;
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            Matcher old = LEGACY.matcher(part.strip());
            if (part.strip().startsWith(ORDER)) {
                order = Arrays.stream(part.strip().substring(ORDER.length()).split("[;\\s]+", -1))
                        .filter(device -> !device.isEmpty())
                        .toList();
            } else if (old.matches()) {
                letters = old.group(1);
            } else {
                all = false;
            }
        }
        this.legacy = letters;
        this.devices = order;
        this.understood = all;
    }

    static BootOrder of(SortedMap<String, String> config) {
        return new BootOrder(config);
    }

    /** The value as written; empty if there is none. */
    String text() {
        return text;
    }

    /** In few words. */
    String shown() {
        return devices == null ? text : String.join(";", devices);
    }

    boolean isUsual() {
        return devices == null && legacy == null && understood;
    }

    /** False for a value that Proxmox itself would hardly accept. */
    boolean isUnderstood() {
        return understood;
    }

    /** Whether the machine boots from the drive. */
    boolean has(String drive) {
        if (devices != null) {
            return devices.contains(drive);
        }
        if (legacy == null) {
            return true;
        }
        return isCd(drive) ? legacy.contains("d") : legacy.contains("c") && drive.equals(config.get("bootdisk"));
    }

    private boolean isCd(String drive) {
        return config.getOrDefault(drive, "").contains("media=cdrom");
    }

    /** The same devices, followed by the drive. */
    String with(String drive) {
        SequencedSet<String> all = new LinkedHashSet<>(devices == null ? List.of() : devices);
        for (char letter : (devices == null && legacy != null ? legacy : "").toCharArray()) {
            all.addAll(devices(letter));
        }
        all.add(drive);
        return ORDER + String.join(";", all);
    }

    private List<String> devices(char letter) {
        String bootdisk = config.get("bootdisk");
        return switch (letter) {
            case 'c' -> bootdisk == null ? new ArrayList<>() : List.of(bootdisk);
            case 'd' -> config.keySet().stream().filter(this::isCd).toList();
            case 'n' ->
                config.keySet().stream()
                        .filter(key -> key.matches("net[0-9]{1,2}"))
                        .toList();
            default -> List.of();
        };
    }
}
