package dev.talosforge.registry;

import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.oci.ImageReference;
import java.io.IOException;

/**
 * Asks whether a push would be let in, with the least that the protocol has for it: an upload is begun and called off at
 * once, without a byte of content. There is no question that a registry answers with rights alone.
 */
final class PushCheck {
    private final Wire wire;
    private final Line line;
    private final ImageReference target;
    private final String what;

    PushCheck(Wire wire, Line line, ImageReference target, String what) {
        this.wire = wire;
        this.line = line;
        this.target = target;
        this.what = what;
    }

    /** Fails with the registry's reason when it refuses. */
    void run() throws IOException, InterruptedException {
        HttpAnswer begun = wire.ask(line, BlobUpload.post(line.endpoint().uri(target.repository(), "blobs/uploads/")));
        if (begun.status() != 202) {
            throw wire.refused(what, target, line, begun);
        }
        try {
            // Not every registry knows how to call one off; there it ends by its age, as one that broke does.
            wire.once(line, HttpCall.of("DELETE", UploadLocation.of(begun, line.endpoint())), null);
        } catch (IOException e) {
            return;
        }
    }
}
