package dev.talosforge.registry;

import dev.talosforge.oci.Descriptor;
import java.util.regex.Pattern;

/** Names of files that blobs are pulled into, beside the place of the blob. */
public final class PullNames {
    static final String PREFIX = ".pull-";
    static final String SUFFIX = ".part";

    /** Stays for the next one who wants the blob; the group is its digest in hexadecimal digits. */
    public static final Pattern KEPT = Pattern.compile("\\.pull-([0-9a-f]{64})-[0-9]+\\.part");

    /** Goes with the process that made it: another one had the file that stays. */
    public static final Pattern OWN = Pattern.compile("\\.pull-[0-9]+\\.part");

    private PullNames() {}

    static String kept(Descriptor descriptor) {
        return "%s%s-%d%s".formatted(PREFIX, descriptor.digest().hex(), descriptor.size(), SUFFIX);
    }
}
