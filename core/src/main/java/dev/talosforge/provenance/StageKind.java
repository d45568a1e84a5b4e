package dev.talosforge.provenance;

/** What a unit of ours builds. */
public enum StageKind {
    EXTENSION,
    IMAGES,
    UPLOAD;

    /** In a plan, in a few words. */
    public String title() {
        return switch (this) {
            case EXTENSION -> "system extension";
            case IMAGES -> "installer image and boot ISO";
            case UPLOAD -> "boot ISO to Proxmox storage";
        };
    }
}
