package dev.talosforge.pipeline;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.ImagesOnDisk;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.registry.TagPolicy;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tags of a minor and a major version, which name the newest release of it. */
final class MovingTags {
    /** The annotation of a manifest or an index with the version of what is in it. */
    static final String VERSION = "org.opencontainers.image.version";

    private static final int MAX_MANIFEST = 4 << 20;

    private final Workshop workshop;
    private final String unit;
    private final Delivery delivery;

    MovingTags(Workshop workshop, String unit, Delivery delivery) {
        this.workshop = workshop;
        this.unit = unit;
        this.delivery = delivery;
    }

    /**
     * Lets the tags of the minor and the major version name what was delivered, unless they name something newer.
     * Archives have one name only.
     */
    void follow(ImagePlace target, Delivery.Parcel parcel, SemanticVersion version)
            throws IOException, InterruptedException {
        boolean tags =
                target instanceof ImagePlace.InRegistry ? workshop.push() : target instanceof ImagePlace.InLayout;
        if (!tags) {
            return;
        }
        for (String tag : version.movingTags()) {
            if (target instanceof ImagePlace.InLayout layout && layout.perArchitecture()) {
                for (Map.Entry<Architecture, Image> image : parcel.images().entrySet()) {
                    ImagePlace place = layout.of(image.getKey().label()).withTag(tag);
                    follow(place, image.getValue().descriptor(), image.getValue(), version);
                }
            } else {
                Image first = parcel.images().firstEntry().getValue();
                follow(target.withTag(tag), parcel.top(), first, version);
            }
        }
    }

    private void follow(ImagePlace target, Descriptor top, Image image, SemanticVersion version)
            throws IOException, InterruptedException {
        Sha256 before = delivery.now(target);
        if (top.digest().equals(before)) {
            return;
        }
        SemanticVersion named = before == null ? null : version(target.pinned(before), image);
        if (named != null && named.compareTo(version) > 0 && !workshop.overwriteTags()) {
            workshop.events()
                    .warning(
                            unit,
                            "the tag %s stays at %s: that is version %s, and this is %s"
                                    .formatted(target, before, named, version));
            return;
        }
        switch (target) {
            case ImagePlace.InRegistry(ImageReference reference) -> {
                if (!moved(reference, top)) {
                    return;
                }
            }
            case ImagePlace.InLayout layout -> delivery.toLayout(layout, top, image);
            case ImagePlace.InOciArchive archive -> throw new IllegalArgumentException("no tags: " + archive);
            case ImagePlace.InDockerArchive archive -> throw new IllegalArgumentException("no tags: " + archive);
        }
        if (before == null) {
            workshop.events().info(unit, "the tag %s names %s".formatted(target, top.digest()));
        } else {
            delivery.told(target + (named == null ? ", which did not say its version," : ""), before, top);
        }
    }

    /**
     * What the tag follows is public by now, and has to be recorded: a repository that keeps its tags is no reason to
     * lose that.
     */
    private boolean moved(ImageReference tag, Descriptor top) throws InterruptedException {
        try {
            workshop.registries().push(tag, top, new PulledImages(workshop).blobs(), List.of(), TagPolicy.MOVE);
            return true;
        } catch (BuildException e) {
            Problem problem = e.problems().getFirst();
            boolean definite = problem.kind() == Problem.Kind.REFUSED || problem.kind() == Problem.Kind.INVALID_INPUT;
            boolean login = problem.where() instanceof Where.Remote(var _, var _, int status) && status == 401;
            if (!definite || login) {
                throw e;
            }
            workshop.events()
                    .warning(
                            unit,
                            "the registry does not let the tag %s name %s: %s; semantic_tags = false leaves such tags alone"
                                    .formatted(tag, top.digest(), problem.why()));
            return false;
        }
    }

    /** The version that an image says it has; null where it says none. */
    private @Nullable SemanticVersion version(ImagePlace pinned, Image like) throws IOException, InterruptedException {
        byte[] document;
        String mediaType;
        if (pinned instanceof ImagePlace.InRegistry(ImageReference reference)) {
            try {
                var resolved =
                        workshop.registries().resolve(reference, like.config().platform());
                mediaType = resolved.top().mediaType();
                document = resolved.topBytes().readAll("OCI manifest", MAX_MANIFEST);
            } catch (BuildException e) {
                return null; // an image for other machines, or none of ours
            }
        } else if (pinned instanceof ImagePlace.OnDisk disk) {
            ImagesOnDisk images = ImagesOnDisk.open(disk, workshop::keep);
            Descriptor top = images.find(disk, like.config().platform());
            mediaType = top.mediaType();
            document = images.blobs().document(top);
        } else {
            return null;
        }
        String text = MediaType.isIndex(mediaType)
                ? Index.parse(document).annotations().get(VERSION)
                : Manifest.parse(document).annotations().get(VERSION);
        return text == null ? null : SemanticVersion.parse(text);
    }
}
