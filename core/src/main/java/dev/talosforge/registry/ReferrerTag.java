package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Referrers;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * The tag {@code sha256-HEX}, which names the index of what describes a manifest where a registry has no API for that.
 * Distribution specification 1.1, "Unavailable Referrers API".
 *
 * <p>The specification has no way to change such an index that every registry knows: of two clients that read it at the
 * same time, the second one removes what the first one has added. So each reads it again after a pause, and adds its
 * own entry again if it is gone, until nobody changed the index during a pause.
 */
final class ReferrerTag {
    private static final Pattern TAG = Pattern.compile("sha256-[0-9a-f]{64}");

    /** How often it is written and read again, with pauses of about a minute in all. */
    private static final int MAX_ROUNDS = 20;

    /** The pause does not grow any more. */
    private static final int LONGEST = 4;

    private final Wire wire;
    private final Line line;
    private final ImageReference repository;
    private final String what;
    private final Sha256 subject;

    ReferrerTag(Wire wire, Line line, ImageReference repository, String what, Sha256 subject) {
        this.wire = wire;
        this.line = line;
        this.repository = repository;
        this.what = what;
        this.subject = subject;
    }

    /** Whether a tag names such an index, and no image. */
    static boolean is(String tag) {
        return TAG.matcher(tag).matches();
    }

    private String tag() {
        return "sha256-" + subject.hex();
    }

    Referrers read() throws IOException, InterruptedException {
        byte[] index = new ManifestFetch(wire, line, repository, what).find(tag());
        return index == null ? Referrers.none() : Referrers.parse(index);
    }

    /** Adds a manifest that is there already, unless it is in the index. */
    void add(Descriptor manifest) throws IOException, InterruptedException {
        Referrers seen = read();
        for (int round = 1; round <= MAX_ROUNDS; round++) {
            boolean absent = !seen.contains(manifest.digest());
            if (absent) {
                seen = seen.with(manifest);
                write(seen);
            }
            wire.retries().pause(Math.min(round, LONGEST));
            Referrers now = read();
            boolean alone = now.json().equals(seen.json());
            if (now.contains(manifest.digest()) && alone) {
                return;
            }
            seen = now;
        }
        throw new BuildException(Problem.failed(Problem.Kind.UNAVAILABLE, what)
                .because("others keep changing the tag %s of %s".formatted(tag(), repository.name()))
                .trying("run the same command again"));
    }

    /** Fails before it is sent if it would be too large to be read again. */
    private void write(Referrers index) throws IOException, InterruptedException {
        byte[] bytes = index.toBytes();
        Referrers.parse(bytes);
        new ImagePush(wire, line, repository, what)
                .tag(Descriptor.of(MediaType.OCI_INDEX, bytes), tag(), _ -> ByteSource.of(bytes));
    }
}
