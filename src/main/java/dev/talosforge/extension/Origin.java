package dev.talosforge.extension;

import dev.talosforge.bytes.Sha256;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a file comes from that is known by its digest.
 *
 * @param written an http or https address, or a path; {@code {architecture}} in it stands for the architecture
 * @param from the folder from which a path is
 * @param digests by architecture; the one for {@code ""} is for all
 */
public record Origin(String written, Path from, SortedMap<String, Sha256> digests) {
    /** What stands for the architecture. */
    public static final String ARCHITECTURE = "{architecture}";

    /** The key of the one digest that is for all architectures. */
    public static final String ALL = "";

    public Origin {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    /** Whether it is an address and no path. */
    public boolean isRemote() {
        return written.startsWith("http://") || written.startsWith("https://");
    }

    /** The address for one architecture. */
    public URI address(String architecture) {
        return URI.create(written.replace(ARCHITECTURE, architecture));
    }

    /** The path for one architecture. */
    public Path path(String architecture) {
        return from.resolve(written.replace(ARCHITECTURE, architecture)).normalize();
    }

    /** What its bytes have to be. */
    public Sha256 digest(String architecture) {
        Sha256 digest = digests.getOrDefault(architecture, digests.get(ALL));
        if (digest == null) {
            throw new IllegalArgumentException("no digest for " + architecture + ": " + written);
        }
        return digest;
    }
}
