package dev.talosforge.lab.command;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Events;
import dev.talosforge.lab.LabPublisher;
import dev.talosforge.lab.StandInImage;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.SingleLayerImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;

/** Pushes the lab's images to its registry, with the same code as any other push. */
final class LabImages implements LabPublisher {
    private final BuildContext context;
    private final Events events;

    LabImages(BuildContext context, Events events) {
        this.context = context;
        this.events = events;
    }

    @Override
    public Sha256 publish(URI registry, StandInImage image) throws IOException {
        ImageReference real = ImageReference.parse(image.reference());
        ImageReference target =
                ImageReference.parse("%s/%s:%s".formatted(registry.getRawAuthority(), real.repository(), real.tag()));
        String step = "fill " + real.repository();
        events.started("lab", step);
        try {
            Sha256 digest = SingleLayerImage.push(
                    context, target, image.content(), image.entrypoint(), image.environment(), image.modified());
            events.finished("lab", step, digest.shortText(), false);
            return digest;
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
