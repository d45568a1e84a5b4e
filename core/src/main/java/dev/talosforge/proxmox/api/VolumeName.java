package dev.talosforge.proxmox.api;

import dev.talosforge.bytes.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of stored files. */
public final class VolumeName {
    private static final int MAX_LENGTH = 255;
    private static final int DIGITS = 16;

    /** Characters that Proxmox keeps, and the two that end a folder name. */
    private static final String KEPT = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz.-/\\\\";

    /** Of a suggested name, without its extension. */
    private static final int SUGGESTED = 100;

    private static final Sha256 ANY = new Sha256("0".repeat(64));

    /** What tells the kind of a file at the end of its name, with what packed it; the first is the kind itself. */
    private static final Pattern ENDING = Pattern.compile(
            "(?:\\.(iso|img|raw|qcow2|vmdk|ova|txt))(?:\\.(?:iso|img|raw|gz|xz|zst|bz2|zip|txt))*$|(?:\\.(?:gz|xz|zst|bz2|zip))+$",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CONTENT = Pattern.compile(".+-sha256-[0-9a-f]{" + DIGITS + "}\\.[A-Za-z0-9]+");

    private VolumeName() {}

    /**
     * Why the name cannot be used, as it is or with the digest that it gets if it is taken; null if it can. The server
     * changes or rejects other names without saying what it stored.
     */
    public static @Nullable String objection(ContentType type, String name) {
        if (name.length() > MAX_LENGTH) {
            return "the name has %d characters, Proxmox takes at most %d".formatted(name.length(), MAX_LENGTH);
        }
        if (!type.takes(name)) {
            return type.rule();
        }
        int marked = ofContent(name, ANY).length();
        return marked <= MAX_LENGTH
                ? null
                : "the name has %d characters; with the digest in it, which it gets where the name is taken, it has %d, and Proxmox takes at most %d"
                        .formatted(name.length(), marked, MAX_LENGTH);
    }

    /** A name like the given one that the server keeps. */
    public static String suggestion(ContentType type, String given) {
        String name = given.replaceAll(".*[/\\\\]", "")
                .replaceAll("[^A-Za-z0-9_.-]+", "-")
                .replaceAll("^[^A-Za-z0-9]+", "");
        Matcher ending = ENDING.matcher(name);
        boolean ended = ending.find();
        String stem = ended ? name.substring(0, ending.start()) : name;
        String kind = ended && ending.group(1) != null ? ending.group(1).toLowerCase(Locale.ROOT) : "";
        stem = stem.substring(0, Math.min(stem.length(), SUGGESTED)).replaceAll("[-.]+$", "");
        String usual = type == ContentType.ISO ? "iso" : "raw";
        boolean fits = type.takes("x." + kind);
        return (stem.isEmpty() || type.takes("x." + stem) ? "talos" : stem) + "." + (fits ? kind : usual);
    }

    /**
     * As Proxmox stores it: in names of disk images it replaces each byte that it does not keep by "_", such as the "+"
     * and "=" of software versions ({@code PVE::Storage::normalize_content_filename} of 9.1.7). A folder, which it
     * would drop, is rejected, and so are ISO names that it would change: see {@link #objection}.
     */
    public static String asStored(ContentType type, String name) {
        if (type != ContentType.IMPORT) {
            return name;
        }
        StringBuilder stored = new StringBuilder();
        for (byte one : name.strip().getBytes(StandardCharsets.UTF_8)) {
            stored.append(one > 0 && KEPT.indexOf(one) >= 0 ? (char) one : '_');
        }
        return stored.toString();
    }

    /** The same name with the start of the content's digest: {@code talos-sha256-0123456789abcdef.iso}. */
    public static String ofContent(String name, Sha256 sha256) {
        int dot = name.lastIndexOf('.');
        String mark = "-sha256-" + sha256.hex().substring(0, DIGITS);
        if (name.contains(mark + ".")) {
            return name;
        }
        return dot <= 0 ? name + mark : name.substring(0, dot) + mark + name.substring(dot);
    }

    /** Whether a name has the form that {@link #ofContent} makes. */
    public static boolean isOfContent(String name) {
        return CONTENT.matcher(name).matches();
    }
}
