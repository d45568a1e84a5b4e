package dev.talosforge.proxmox;

import dev.talosforge.bytes.Sha256;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of stored files. */
public final class VolumeName {
    private static final int MAX_LENGTH = 255;
    private static final int DIGITS = 16;
    private static final Pattern CONTENT = Pattern.compile(".+-sha256-[0-9a-f]{" + DIGITS + "}\\.[A-Za-z0-9]+");

    private VolumeName() {}

    /**
     * Why the name will not do; null when it will. The server changes or refuses others without saying what it stored.
     */
    public static @Nullable String objection(ContentType type, String name) {
        if (name.length() > MAX_LENGTH) {
            return "the name has %d characters, Proxmox takes at most %d".formatted(name.length(), MAX_LENGTH);
        }
        return type.takes(name) ? null : type.rule();
    }

    /**
     * As Proxmox stores it: it makes "_" of "+" and "=" in names of disk images, which versions of software have
     * ({@code PVE::Storage::normalize_content_filename} of 9.1.7). What else it would change is refused, see
     * {@link #objection}.
     */
    public static String asStored(ContentType type, String name) {
        return type == ContentType.IMPORT ? name.replace('+', '_').replace('=', '_') : name;
    }

    /** The same name with the beginning of the content's digest: {@code talos-sha256-0123456789abcdef.iso}. */
    public static String ofContent(String name, Sha256 sha256) {
        int dot = name.lastIndexOf('.');
        String mark = "-sha256-" + sha256.hex().substring(0, DIGITS);
        if (name.contains(mark + ".")) {
            return name;
        }
        return dot <= 0 ? name + mark : name.substring(0, dot) + mark + name.substring(dot);
    }

    /** Whether a name is of the form that {@link #ofContent} makes. */
    public static boolean isOfContent(String name) {
        return CONTENT.matcher(name).matches();
    }
}
