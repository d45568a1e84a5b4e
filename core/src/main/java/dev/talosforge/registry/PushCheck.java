package dev.talosforge.registry;

import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.oci.ImageReference;
import java.io.IOException;

/**
 * Checks whether a push would be allowed, at the least cost that the protocol offers: starts an upload and cancels it
 * at once, without sending content. Registries have no request that only asks for permissions.
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

    /** Fails with the registry's reason if it refuses. */
    void run() throws IOException, InterruptedException {
        HttpAnswer begun = wire.ask(line, BlobUpload.post(line.endpoint().uri(target.repository(), "blobs/uploads/")));
        if (begun.status() != 202) {
            throw wire.refused(what, target, line, begun);
        }
        try {
            // Not every registry can cancel an upload; there it expires, like one that broke off.
            wire.once(line, HttpCall.of("DELETE", UploadLocation.of(begun, line.endpoint())), null);
        } catch (IOException e) {
            return;
        }
    }
}
