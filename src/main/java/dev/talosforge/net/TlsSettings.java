package dev.talosforge.net;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust.
 *
 * @param authorities a PEM file of further certificate authorities, beside those of the Java runtime; null for none
 * @param fingerprints SHA-256 of the server's own certificate, 64 hexadecimal digits with or without colons. When there
 *     is one, nothing else is trusted, and the name in the certificate does not matter.
 * @param insecure trusts everybody; only for those who said so
 */
public record TlsSettings(@Nullable Path authorities, List<String> fingerprints, boolean insecure) {
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    public TlsSettings {
        fingerprints = fingerprints.stream().map(TlsSettings::bare).toList();
        for (String fingerprint : fingerprints) {
            if (!FINGERPRINT.matcher(fingerprint).matches()) {
                throw new IllegalArgumentException("not a SHA-256 fingerprint: " + fingerprint);
            }
        }
    }

    /** The runtime's own authorities. */
    public static TlsSettings system() {
        return new TlsSettings(null, List.of(), false);
    }

    public static TlsSettings trusting(Path authorities) {
        return new TlsSettings(authorities, List.of(), false);
    }

    public static TlsSettings pinned(List<String> fingerprints) {
        return new TlsSettings(null, fingerprints, false);
    }

    public static TlsSettings trustingEverybody() {
        return new TlsSettings(null, List.of(), true);
    }

    private static String bare(String fingerprint) {
        return fingerprint.replace(":", "").strip().toLowerCase(Locale.ROOT);
    }
}
