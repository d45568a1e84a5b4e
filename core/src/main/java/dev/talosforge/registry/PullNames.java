package dev.talosforge.registry;

import dev.talosforge.oci.Descriptor;
import java.util.regex.Pattern;

/** Names of the files that blobs are pulled into, beside the blob's final place. */
public final class PullNames {
    static final String PREFIX = ".pull-";
    static final String SUFFIX = ".part";

    /** Kept for the next pull of the blob; the group is the digest in hexadecimal digits. */
    public static final Pattern KEPT = Pattern.compile("\\.pull-([0-9a-f]{64})-[0-9]+\\.part");

    /** Belongs to one process and goes with it: another process was using the file that is kept. */
    public static final Pattern OWN = Pattern.compile("\\.pull-[0-9]+\\.part");

    private PullNames() {}

    static String kept(Descriptor descriptor) {
        return "%s%s-%d%s".formatted(PREFIX, descriptor.digest().hex(), descriptor.size(), SUFFIX);
    }
}
