package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Pulls one blob: digested while it is streamed, and resumed after a break. */
final class BlobPull {
    /** How often a server is asked for the rest of incomplete answers that add almost nothing. */
    private static final int MAX_RESTS = 3;

    private static final long NEXT_TO_NOTHING = 64 << 10;

    /** Attempts for a blob whose bytes arrive wrong: links corrupt data, too. */
    private static final int MAX_TRANSFERS = 2;

    private final Wire wire;
    private final Line line;
    private final ImageReference reference;
    private final String what;

    BlobPull(Wire wire, Line line, ImageReference reference, String what) {
        this.wire = wire;
        this.line = line;
        this.reference = reference;
        this.what = what;
    }

    void to(Descriptor blob, Path target) throws IOException, InterruptedException {
        HttpCall call = HttpCall.get(line.endpoint().uri(reference.repository(), "blobs/" + blob.digest()));
        try (PartialFile file = PartialFile.of(blob, target)) {
            FormatException wrong = null;
            for (int transfer = 0; transfer < MAX_TRANSFERS; transfer++) {
                if (file.position() < blob.size()) {
                    HttpAnswer answer = wire.retries().run(file::furthest, () -> attempt(call, blob, file));
                    if (!answer.succeeded()) {
                        throw refused(answer);
                    }
                }
                wrong = file.finish();
                if (wrong == null) {
                    return;
                }
            }
            throw Objects.requireNonNull(wrong);
        }
    }

    /** Whatever the server's answer: a manifest that names a missing blob is the image's fault. */
    private BuildException refused(HttpAnswer answer) {
        BuildException refused = wire.refused(what, reference, line, answer);
        return RegistryErrors.isMissing(refused) ? RegistryErrors.gone(refused) : refused;
    }

    /** Fetches what is missing, or everything. If an answer looks complete but is not, its rest is requested. */
    private HttpAnswer attempt(HttpCall call, Descriptor blob, PartialFile file)
            throws IOException, InterruptedException {
        HttpAnswer answer = from(call, blob, file);
        for (int small = 0; small < MAX_RESTS; ) {
            long have = file.position();
            if (!answer.succeeded() || have == 0 || have >= blob.size()) {
                return answer;
            }
            answer = from(call, blob, file);
            if (file.position() <= have) {
                return answer;
            }
            small = file.position() - have < NEXT_TO_NOTHING ? small + 1 : 0;
        }
        return answer;
    }

    private HttpAnswer from(HttpCall call, Descriptor blob, PartialFile file) throws IOException, InterruptedException {
        long have = file.position();
        if (have > 0 && have < blob.size()) {
            HttpAnswer rest = wire.once(line, call.with("Range", "bytes=" + have + "-"), file);
            if (rest.status() != 416) {
                return rest;
            }
        }
        return wire.once(line, call, file);
    }
}
