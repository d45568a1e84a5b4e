package dev.talosforge.pipeline.publish;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.ImagesOnDisk;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.inputs.SemanticVersion;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tags of a minor and a major version, which name the newest release of it. */
public final class SemanticTags {
    /** The annotation of a manifest or an index with the version of what is in it. */
    public static final String VERSION = "org.opencontainers.image.version";

    private static final int MAX_MANIFEST = 4 << 20;

    private final BuildContext context;
    private final String unit;
    private final Publisher publisher;

    public SemanticTags(BuildContext context, String unit, Publisher publisher) {
        this.context = context;
        this.unit = unit;
        this.publisher = publisher;
    }

    /**
     * A tag that does not name the delivered image, and that moves to it unless it names a newer one.
     *
     * @param before what it names; null for nothing
     * @param named the version recorded there
     * @param stays whether that is a newer one
     */
    public record Move(
            ImagePlace target,
            Descriptor top,
            Image image,
            @Nullable Sha256 before,
            @Nullable SemanticVersion named,
            boolean stays) {}

    /**
     * Which tags of the minor and the major version do not name what will be delivered. All are checked before the
     * first one moves. Archives have one name only.
     */
    public List<Move> look(ImagePlace target, Publisher.ImageBundle bundle, SemanticVersion version)
            throws IOException, InterruptedException {
        boolean tags = target instanceof ImagePlace.InRegistry ? context.push() : target instanceof ImagePlace.InLayout;
        List<Move> moves = new ArrayList<>();
        for (String tag : tags ? version.movingTags() : List.<String>of()) {
            if (target instanceof ImagePlace.InLayout layout && layout.perArchitecture()) {
                for (Map.Entry<Architecture, Image> image : bundle.images().entrySet()) {
                    ImagePlace place = layout.of(image.getKey().label()).withTag(tag);
                    look(place, image.getValue().descriptor(), image.getValue(), version, moves);
                }
            } else {
                Image first = bundle.images().firstEntry().getValue();
                look(target.withTag(tag), bundle.top(), first, version, moves);
            }
        }
        return List.copyOf(moves);
    }

    private void look(ImagePlace target, Descriptor top, Image image, SemanticVersion version, List<Move> moves)
            throws IOException, InterruptedException {
        Sha256 before = publisher.now(target);
        if (top.digest().equals(before)) {
            return;
        }
        SemanticVersion named = before == null ? null : version(target.pinned(before), image);
        boolean newer = named != null && named.compareTo(version) > 0 && !context.overwriteTags();
        moves.add(new Move(target, top, image, before, named, newer));
    }

    /**
     * Moves them to what was delivered meanwhile.
     *
     * @return what stopped it; it may not be thrown before the delivery is recorded. Null where nothing did
     */
    @Nullable
    public Exception move(List<Move> moves, SemanticVersion version) throws InterruptedException {
        try {
            for (Move move : moves) {
                follow(move, version);
            }
            return null;
        } catch (BuildException | IOException e) {
            if (Failures.interrupted(e)) {
                throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
            }
            return e;
        }
    }

    private void follow(Move move, SemanticVersion version) throws IOException, InterruptedException {
        if (move.stays()) {
            context.events()
                    .warning(
                            unit,
                            "the tag %s stays at %s: that is version %s, newer than %s"
                                    .formatted(move.target(), move.before(), move.named(), version));
        } else {
            move(move);
        }
    }

    private void move(Move move) throws IOException, InterruptedException {
        ImagePlace target = move.target();
        switch (target) {
            case ImagePlace.InRegistry(ImageReference reference) -> {
                if (!moved(reference, move)) {
                    return;
                }
            }
            case ImagePlace.InLayout layout -> publisher.toLayout(layout, move.top(), move.image());
            case ImagePlace.InOciArchive archive -> throw new IllegalArgumentException("no tags: " + archive);
            case ImagePlace.InDockerArchive archive -> throw new IllegalArgumentException("no tags: " + archive);
        }
        if (move.before() == null) {
            context.events()
                    .info(
                            unit,
                            "the tag %s names %s".formatted(target, move.top().digest()));
        } else {
            String silent = move.named() == null ? ", whose image did not state its version," : "";
            publisher.reportMove(target + silent, move.before(), move.top());
        }
    }

    /**
     * What the tag follows is public by now, and has to be recorded: a repository that keeps its tags is no reason to
     * lose that.
     */
    private boolean moved(ImageReference tag, Move move) throws InterruptedException {
        Descriptor top = move.top();
        try {
            context.registries().tag(tag, top, new ImageStore(context).blobs(), move.before());
            return true;
        } catch (BuildException e) {
            Problem problem = e.problems().getFirst();
            boolean definite = problem.kind() == Problem.Kind.REFUSED || problem.kind() == Problem.Kind.INVALID_INPUT;
            boolean login = problem.where() instanceof Where.Remote(var _, var _, int status) && status == 401;
            if (!definite || login) {
                throw e;
            }
            context.events()
                    .warning(
                            unit,
                            "the registry does not allow the tag %s to name %s: %s; semantic_tags = false leaves such tags alone"
                                    .formatted(tag, top.digest(), problem.why()));
            return false;
        }
    }

    /** The version that an image is annotated with; null if it has none. */
    private @Nullable SemanticVersion version(ImagePlace pinned, Image like) throws IOException, InterruptedException {
        byte[] document;
        String mediaType;
        if (pinned instanceof ImagePlace.InRegistry(ImageReference reference)) {
            try {
                var resolved =
                        context.registries().resolve(reference, like.config().platform());
                mediaType = resolved.top().mediaType();
                document = resolved.topBytes().readAll("OCI manifest", MAX_MANIFEST);
            } catch (BuildException e) {
                return null; // an image for other machines, or none of ours
            }
        } else if (pinned instanceof ImagePlace.OnDisk disk) {
            ImagesOnDisk images = ImagesOnDisk.open(disk, context::keep);
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
