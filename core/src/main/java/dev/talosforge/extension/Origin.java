package dev.talosforge.extension;

import dev.talosforge.bytes.Sha256;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The origin of a file with a known digest.
 *
 * @param written an http or https URL, or a path; {@code {architecture}} in it stands for the architecture
 * @param from the folder that a path is relative to
 * @param digests by architecture; the one under {@code ""} is for all
 */
public record Origin(String written, Path from, SortedMap<String, Sha256> digests) {
    /** The placeholder for the architecture. */
    public static final String ARCHITECTURE = "{architecture}";

    /** The key of a single digest for all architectures. */
    public static final String ALL = "";

    public Origin {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    /** Whether it is a URL, not a path. */
    public boolean isRemote() {
        return written.startsWith("http://") || written.startsWith("https://");
    }

    /** The URL for one architecture. */
    public URI address(String architecture) {
        return URI.create(written.replace(ARCHITECTURE, architecture));
    }

    /** The path for one architecture. */
    public Path path(String architecture) {
        return from.resolve(written.replace(ARCHITECTURE, architecture)).normalize();
    }

    /** The required digest. */
    public Sha256 digest(String architecture) {
        Sha256 digest = digests.getOrDefault(architecture, digests.get(ALL));
        if (digest == null) {
            throw new IllegalArgumentException("no digest for " + architecture + ": " + written);
        }
        return digest;
    }
}
