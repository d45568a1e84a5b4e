package dev.talosforge.registry;

import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import java.io.IOException;
import java.nio.file.Path;

/** Brings one blob in: streamed once through its digest, and after a break only what is missing. */
final class BlobPull {
    /** So often is a server asked for what its answers left out. */
    private static final int MAX_RESTS = 3;

    private final Wire wire;
    private final Wire.Line line;
    private final ImageReference reference;
    private final String what;

    BlobPull(Wire wire, Wire.Line line, ImageReference reference, String what) {
        this.wire = wire;
        this.line = line;
        this.reference = reference;
        this.what = what;
    }

    void to(Descriptor blob, Path target) throws IOException, InterruptedException {
        HttpCall call = HttpCall.get(line.endpoint().uri(reference.repository(), "blobs/" + blob.digest()));
        try (PartialFile file = new PartialFile(blob, target)) {
            if (blob.size() > 0) {
                HttpAnswer answer = wire.retries().run(file::furthest, () -> attempt(call, blob, file));
                if (!answer.succeeded()) {
                    throw wire.refused(what, reference, line, answer);
                }
            }
            file.finish();
        }
    }

    /** What is missing, or all of it. An answer that seems whole and is not is asked for its rest. */
    private HttpAnswer attempt(HttpCall call, Descriptor blob, PartialFile file)
            throws IOException, InterruptedException {
        HttpAnswer answer = from(call, blob, file);
        for (int more = 0; more < MAX_RESTS; more++) {
            long have = file.position();
            if (!answer.succeeded() || have == 0 || have >= blob.size()) {
                return answer;
            }
            answer = from(call, blob, file);
            if (file.position() <= have) {
                return answer;
            }
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
