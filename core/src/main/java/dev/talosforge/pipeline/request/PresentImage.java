package dev.talosforge.pipeline.request;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImagesOnDisk;
import dev.talosforge.pipeline.context.BuildContext;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an image is where it was delivered to. Changes nothing.
 *
 * @param wanted its digest; null if anything will do
 */
record PresentImage(BuildContext context, @Nullable Sha256 wanted) {
    TargetState at(ImagePlace place) throws IOException, InterruptedException {
        return switch (place) {
            case ImagePlace.InRegistry registry ->
                state(registry, context.registries().digest(registry.reference()));
            case ImagePlace.OnDisk disk -> {
                try {
                    yield onDisk(disk);
                } catch (FormatException e) {
                    yield TargetState.damaged(disk.toString());
                }
            }
        };
    }

    private TargetState state(ImagePlace place, @Nullable Sha256 now) {
        return TargetState.of(place.toString(), "names", now, wanted);
    }

    private TargetState onDisk(ImagePlace.OnDisk place) throws IOException {
        if (!Files.exists(place.path())) {
            return TargetState.missing(place.toString());
        }
        if (place instanceof ImagePlace.InLayout && !ImagesOnDisk.isLayout(place.path())) {
            return TargetState.missing(place.toString());
        }
        ImagesOnDisk images = ImagesOnDisk.open(place, context::keep);
        List<Descriptor> named = images.named(place);
        if (named.isEmpty()) {
            return TargetState.missing(place.toString());
        }
        for (Descriptor top : named) {
            if (!images.isWhole(top)) {
                return TargetState.damaged(place.toString());
            }
        }
        // An archive of docker has no digests: those that are read from it are not those that were published.
        return place instanceof ImagePlace.InDockerArchive
                ? TargetState.PRESENT
                : state(place, named.getFirst().digest());
    }
}
