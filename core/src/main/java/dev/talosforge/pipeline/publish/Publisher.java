package dev.talosforge.pipeline.publish;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.CopiedFile;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.DockerArchive;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.OciArchive;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.registry.TagPolicy;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Delivers what a stage built. A tag that moves is reported, or refused. */
public final class Publisher {
    private final BuildContext context;
    private final String unit;
    private final Blobs blobs;

    public Publisher(BuildContext context, String unit) {
        this.context = context;
        this.unit = unit;
        this.blobs = new ImageStore(context).blobs();
    }

    /**
     * What is delivered; everything is in the store.
     *
     * @param top of the image, or of the index of all
     * @param images in the order of the architectures
     */
    public record ImageBundle(Descriptor top, SequencedMap<Architecture, Image> images) {}

    /**
     * When a tag may move away from another image.
     *
     * @param always it is named after the version, or the user allowed it
     * @param last what this unit published last, from which it may move, too; null if there is no record
     */
    public record Allowance(boolean always, @Nullable Sha256 last) {}

    /** One image as it is; several as an index, which goes into the store. */
    public ImageBundle bundle(SequencedMap<Architecture, Image> images, SequencedMap<String, String> annotations)
            throws IOException {
        List<Descriptor> manifests = new ArrayList<>();
        for (Map.Entry<Architecture, Image> image : images.entrySet()) {
            manifests.add(image.getValue()
                    .descriptor()
                    .withPlatform(Platform.linux(image.getKey().label())));
        }
        if (manifests.size() == 1) {
            return new ImageBundle(images.firstEntry().getValue().descriptor(), images);
        }
        byte[] index = new Index(MediaType.OCI_INDEX, manifests, annotations).toBytes();
        context.store().put(out -> out.write(index));
        return new ImageBundle(Descriptor.of(MediaType.OCI_INDEX, index), images);
    }

    /** The place that is written in the end: it names a single architecture; for several it may stand for all. */
    public static ImagePlace written(ImagePlace target, ImageBundle bundle) {
        return bundle.images().size() == 1
                ? target.of(bundle.images().firstEntry().getKey().label())
                : target;
    }

    /** Like {@link #written}, pinned if one digest names everything there. */
    public static ImagePlace pinned(ImagePlace target, ImageBundle bundle) {
        ImagePlace written = written(target, bundle);
        boolean apart = written instanceof ImagePlace.OnDisk disk && disk.perArchitecture();
        return apart ? written : written.pinned(bundle.top().digest());
    }

    /**
     * Delivers.
     *
     * @param mountFrom repositories of the target's registry that may have some of the blobs
     */
    public void deliver(ImagePlace target, ImageBundle bundle, List<String> mountFrom, Allowance allowance)
            throws IOException, InterruptedException {
        switch (target) {
            case ImagePlace.InRegistry registry -> {
                if (context.push()) {
                    push(registry.reference(), bundle.top(), mountFrom, allowance);
                } else {
                    context.events().info(unit, "not pushed: " + target);
                }
            }
            case ImagePlace.OnDisk disk -> {
                if (disk.perArchitecture()) {
                    for (Map.Entry<Architecture, Image> image : bundle.images().entrySet()) {
                        ImagePlace place = disk.of(image.getKey().label());
                        write((ImagePlace.OnDisk) place, image.getValue().descriptor(), image.getValue(), allowance);
                    }
                } else {
                    write(disk, bundle.top(), bundle.images().firstEntry().getValue(), allowance);
                }
            }
        }
    }

    private void push(ImageReference target, Descriptor top, List<String> mountFrom, Allowance allowance)
            throws InterruptedException {
        String step = "push " + target.tag();
        context.events().started(unit, step);
        TagPolicy policy = TagPolicy.MOVE;
        if (!allowance.always()) {
            Sha256 now = context.registries().digest(target);
            check(new ImagePlace.InRegistry(target), now, top, allowance);
            policy = now == null || now.equals(top.digest()) ? TagPolicy.KEEP : TagPolicy.MOVE;
        }
        Sha256 before =
                context.registries().push(target, top, blobs, mountFrom, policy).before();
        context.events().finished(unit, step, top.digest().shortText(), false);
        reportMove(target.toString(), before, top);
    }

    private void write(ImagePlace.OnDisk target, Descriptor top, Image image, Allowance allowance)
            throws IOException, InterruptedException {
        String step = "write " + target.shortName();
        context.events().started(unit, step);
        Failures.named("cannot write " + target, () -> {
            written(target, top, image, allowance);
            return step;
        });
        context.events().finished(unit, step, top.digest().shortText(), false);
    }

    private void written(ImagePlace.OnDisk target, Descriptor top, Image image, Allowance allowance)
            throws IOException, InterruptedException {
        switch (target) {
            case ImagePlace.InLayout layout -> {
                Sha256 before = now(layout);
                if (!allowance.always()) {
                    check(layout, before, top, allowance);
                }
                toLayout(layout, top, image);
                reportMove(layout.toString(), before, top);
            }
            case ImagePlace.InOciArchive archive -> file(archive, OciArchive.source(entry(archive, top, image), blobs));
            case ImagePlace.InDockerArchive archive -> {
                ImageReference saved = archive.saved();
                file(archive, DockerArchive.source(image, saved == null ? List.of() : List.of(saved), blobs));
            }
        }
    }

    private void file(ImagePlace.OnDisk target, ByteSource content) throws IOException {
        CopiedFile.write(content, target.path(), CopiedFile.Progress.none());
    }

    void toLayout(ImagePlace.InLayout target, Descriptor top, Image image) throws IOException {
        OciLayout layout = OciLayout.create(target.path());
        layout.copy(top, blobs);
        layout.add(entry(target, top, image));
    }

    /** As written in {@code index.json}: with its name, and with its platform when it has just one. */
    private static Descriptor entry(ImagePlace target, Descriptor top, Image image) {
        Descriptor entry = MediaType.isIndex(top.mediaType())
                ? top
                : top.withPlatform(image.config().platform());
        String tag = target.tag();
        return tag == null ? entry : entry.withAnnotation(Descriptor.REF_NAME, tag);
    }

    private static void check(ImagePlace target, @Nullable Sha256 now, Descriptor top, Allowance allowance) {
        if (now == null || now.equals(top.digest()) || now.equals(allowance.last())) {
            return;
        }
        throw new BuildException(Problem.failed(Problem.Kind.REFUSED, "cannot publish " + target)
                .because("the tag %s names %s, which is not this unit's last publication, and would move to %s"
                        .formatted(target.tag(), now, top.digest()))
                .trying(Remedy.sentence(
                        "choose another tag, or allow this one to move: ",
                        new Remedy.Text("overwrite_tag = true").or(Remedy.give(RunOption.OVERWRITE_TAG)))));
    }

    void reportMove(String target, @Nullable Sha256 before, Descriptor top) {
        if (before != null && !before.equals(top.digest())) {
            context.events().warning(unit, "the tag %s moved from %s to %s".formatted(target, before, top.digest()));
        }
    }

    /** What the target's tag names now; null for nothing, and for archives, which are replaced as a whole. */
    public @Nullable Sha256 now(ImagePlace target) throws IOException, InterruptedException {
        return switch (target) {
            case ImagePlace.InRegistry registry -> context.registries().digest(registry.reference());
            case ImagePlace.InLayout(var path, String tag, var _)
            when tag != null && Files.isDirectory(path) -> {
                Descriptor named = OciLayout.create(path).named(tag);
                yield named == null ? null : named.digest();
            }
            default -> null;
        };
    }
}
