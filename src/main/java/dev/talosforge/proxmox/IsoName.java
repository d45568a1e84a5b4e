package dev.talosforge.proxmox;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names that the server stores as they are. It changes or refuses others without saying what it stored. */
final class IsoName {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*\\.(?i:iso|img)");
    private static final int MAX_LENGTH = 255;

    private IsoName() {}

    /** Why the name will not do; null when it will. */
    static @Nullable String objection(String name) {
        if (name.length() > MAX_LENGTH) {
            return "the name has %d characters, Proxmox takes at most %d".formatted(name.length(), MAX_LENGTH);
        }
        if (!FORM.matcher(name).matches()) {
            return "Proxmox keeps a name only if it starts with a letter or digit, has no others than letters, digits,"
                    + " \"_\", \".\" and \"-\", and ends with .iso or .img";
        }
        return null;
    }
}
