package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Manifest;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Adds a manifest that describes another one, which has to be there, to one server. */
final class Attachment {
    private final Wire wire;
    private final Line line;
    private final ImageReference repository;
    private final String what;

    Attachment(Wire wire, Line line, ImageReference repository, String what) {
        this.wire = wire;
        this.line = line;
        this.repository = repository;
        this.what = what;
    }

    /** Nothing is sent if it is listed already. */
    void add(Manifest manifest, Blobs blobs) throws IOException, InterruptedException {
        Sha256 subject = Objects.requireNonNull(manifest.subject(), "subject").digest();
        Descriptor own = manifest.entry();
        ReferrerList list = new ReferrerList(wire, line, repository, what, subject);
        List<Descriptor> listed = list.byApi(manifest.kind());
        if (listed == null ? list.tag().read().contains(own.digest()) : isIn(listed, own)) {
            return;
        }
        Blobs from = wanted -> wanted.digest().equals(own.digest())
                ? ByteSource.of(manifest.toBytes())
                : wanted.equals(Manifest.EMPTY) ? ByteSource.of(Manifest.emptyBlob()) : blobs.get(wanted);
        ImagePush push = new ImagePush(wire, line, repository, what);
        push.content(own, false, from, List.of());
        boolean stated = push.describing(subject, own, from);
        if (listed == null) {
            list.tag().add(own);
        } else if (!stated && !isIn(Objects.requireNonNullElse(list.byApi(manifest.kind()), List.of()), own)) {
            throw new BuildException(Problem.failed(Problem.Kind.NOT_SUPPORTED, what)
                    .because("the registry accepted the manifest but does not list it under its subject"));
        }
    }

    private static boolean isIn(List<Descriptor> listed, Descriptor manifest) {
        return listed.stream().anyMatch(one -> one.digest().equals(manifest.digest()));
    }
}
