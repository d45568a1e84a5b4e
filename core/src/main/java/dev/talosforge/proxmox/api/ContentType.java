package dev.talosforge.proxmox.api;

import java.util.regex.Pattern;

/** What a file on a storage is for. */
public enum ContentType {
    /** Bootable images: {@code .iso} and {@code .img}. */
    ISO(
            "iso",
            "[A-Za-z0-9][A-Za-z0-9_.-]*\\.(?i:iso|img)",
            "Proxmox keeps a name only if it starts with a letter or digit, contains only letters, digits,"
                    + " \"_\", \".\" and \"-\", and ends with .iso or .img"),
    /** Disk images from which virtual machines' disks are made: {@code .ova} since Proxmox VE 8.3, others since 8.4. */
    IMPORT(
            "import",
            "[A-Za-z0-9][A-Za-z0-9._-]*\\.(?:ova|qcow2|raw|vmdk)",
            "Proxmox takes the name of a disk image only if it starts with a letter or digit, contains only letters,"
                    + " digits, \".\", \"_\" and \"-\", and ends with .ova, .qcow2, .raw or .vmdk");

    private final String word;
    private final Pattern names;
    private final String rule;

    ContentType(String word, String names, String rule) {
        this.word = word;
        this.names = Pattern.compile(names);
        this.rule = rule;
    }

    /** As Proxmox writes it, in content types of storages and in volume ids. */
    public String word() {
        return word;
    }

    boolean takes(String name) {
        return names.matcher(name).matches();
    }

    /** Which names are accepted, as a sentence. */
    String rule() {
        return rule;
    }
}
