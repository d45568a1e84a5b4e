package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * Pushes one blob: skips it if it is there, mounts it if another repository has it, otherwise does a
 * {@link BlobUpload}. Distribution specification 1.1, "Pushing blobs".
 */
final class BlobPush {
    private final Wire wire;
    private final Line line;
    private final ImageReference reference;
    private final String what;

    BlobPush(Wire wire, Line line, ImageReference reference, String what) {
        this.wire = wire;
        this.line = line;
        this.reference = reference;
        this.what = what;
    }

    /** @param mountFrom repositories of the same registry that may have it */
    void push(Descriptor blob, ByteSource content, List<String> mountFrom) throws IOException, InterruptedException {
        URI there = uri("blobs/" + blob.digest());
        if (isThere(wire.ask(line, HttpCall.head(there)), blob) || mounted(blob, mountFrom)) {
            return;
        }
        HttpAnswer answer = new BlobUpload(wire, line, uri("blobs/uploads/"), there, blob, content).run();
        if (!answer.succeeded()) {
            throw wire.refused(what, reference, line, answer);
        }
    }

    /** Do not believe a server that says yes to everything. */
    private static boolean isThere(HttpAnswer answer, Descriptor blob) {
        Long length = answer.contentLength();
        return answer.succeeded()
                && !RegistryErrors.isWebPage(answer)
                && (length == null || length == 0 || length == blob.size()); // some proxies answer HEAD with length 0
    }

    private boolean mounted(Descriptor blob, List<String> mountFrom) throws IOException, InterruptedException {
        for (String repository : mountFrom) {
            if (repository.equals(reference.repository())) {
                continue;
            }
            Line both = new Line(line.endpoint(), line.registry(), line.scope().alsoPull(line.endpoint(), repository));
            URI uri = uri("blobs/uploads/?mount=%s&from=%s"
                    .formatted(blob.digest(), line.endpoint().name(repository)));
            HttpAnswer answer = wire.ask(both, BlobUpload.post(uri));
            if (answer.status() == 201) {
                return true;
            }
            if (answer.status() == 202) {
                // The registry would keep an abandoned upload. Whether it can cancel one does not matter here.
                wire.once(line, HttpCall.of("DELETE", UploadLocation.of(answer, line.endpoint())), null);
            }
        }
        return false;
    }

    private URI uri(String rest) {
        return line.endpoint().uri(reference.repository(), rest);
    }
}
