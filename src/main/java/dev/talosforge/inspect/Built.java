package dev.talosforge.inspect;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImagePlace;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What an apply recorded: what it made, and of what.
 *
 * @param installer where it was put: with the tag that was published, or the layout or archive that was written
 * @param pushed whether it was published at all
 * @param whole whether the record of what it was made of belongs to the recorded outputs
 * @param parts what it was made of, by the names that a plan shows
 */
public record Built(
        ImagePlace installer,
        Sha256 installerDigest,
        boolean pushed,
        Path iso,
        Sha256 isoDigest,
        String talosVersion,
        boolean whole,
        SequencedMap<String, String> parts) {
    public Built {
        parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
    }
}
