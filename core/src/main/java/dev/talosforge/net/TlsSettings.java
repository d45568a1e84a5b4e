package dev.talosforge.net;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which servers to trust.
 *
 * @param authorities a PEM file of certificate authorities, in addition to those of the Java runtime; null for none
 * @param insecure trusts everybody; only if the user asked for it
 */
public record TlsSettings(@Nullable Path authorities, boolean insecure) {
    /** The runtime's own authorities. */
    public static TlsSettings system() {
        return new TlsSettings(null, false);
    }

    public static TlsSettings trusting(Path authorities) {
        return new TlsSettings(authorities, false);
    }

    public static TlsSettings trustingEverybody() {
        return new TlsSettings(null, true);
    }
}
