package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ImageSet;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UnitIdentity;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.publish.Allowance;
import dev.talosforge.pipeline.publish.Publisher;
import dev.talosforge.pipeline.publish.Publisher.ImageBundle;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code talos_images}: one plan, an installer image and a boot ISO with the same extensions. The recipe:
 *
 * <ol>
 *   <li>every reference becomes a digest ({@link #resolve}),
 *   <li>the images are pulled and their files read, for all architectures at once ({@link ImagesBuild#pull}),
 *   <li>for each architecture the extensions are checked, squashed and appended to the imager's initramfs ({@link
 *       ExtendedInitramfs}),
 *   <li>kernel and initramfs become the installer's layer and the ISO, side by side ({@link BootArtifacts}),
 *   <li>the installer is published ({@link Publisher}), and
 *   <li>the outputs name the artifacts; the caller records them with {@link #describe}.
 * </ol>
 */
public final class ImagesStage {
    /** Raised with every change of a byte between inputs and artifacts. */
    static final int REVISION = 5;

    private final BuildContext context;
    private final String unit;
    private final ImagesInputs inputs;
    private final SequencedMap<Architecture, ImagesBuild> builds = new LinkedHashMap<>();

    public ImagesStage(BuildContext context, String unit, ImagesInputs inputs) {
        this.context = context;
        this.unit = unit;
        this.inputs = inputs;
        for (Architecture architecture : inputs.architectures()) {
            builds.put(architecture, new ImagesBuild(context, unit, inputs, architecture));
        }
    }

    /**
     * Every image of the plan with its digest.
     *
     * @param images by architecture; the imager is the same for all
     */
    public record Resolved(SequencedMap<Architecture, ImageSet<ResolvedImage>> images) {
        private ImageSet<ResolvedImage> first() {
            return images.firstEntry().getValue();
        }
    }

    public Resolved resolve(UnitPins pins) throws Exception {
        ImageSet<ImagePlace> places = pins.of(inputs, context, unit);
        ImageStore store = build(inputs.first()).images();
        ImageSet<ResolvedImage> first = places.as(store.resolve(places.all()));
        SequencedMap<Architecture, ImageSet<ResolvedImage>> images = new LinkedHashMap<>();
        images.put(inputs.first(), first);
        for (Architecture architecture : inputs.architectures().subList(1, builds.size())) {
            List<ImagePlace> same = places.paired(first, ResolvedImage::again);
            images.put(
                    architecture,
                    places.as(first.imager(), build(architecture).images().resolve(same)));
        }
        return new Resolved(images);
    }

    private ImagesBuild build(Architecture architecture) {
        return Objects.requireNonNull(builds.get(architecture), architecture::label);
    }

    /** What the plan is made of: recorded with an apply and compared with by the next plan. */
    public ApplyRecord describe(Resolved resolved) {
        return new ImagesParts(context, inputs, resolved.images()).describe();
    }

    /**
     * Assembles and delivers.
     *
     * @param last digest of the installer that the last apply published; null when there is no record
     * @param identity of the unit, in the record with the image; null if it is not known
     */
    public SequencedMap<String, Json> apply(Resolved resolved, @Nullable Sha256 last, @Nullable UnitIdentity identity)
            throws Exception {
        Parallel.Both<FileTree, List<ImagesBuild.Pulled>> here =
                Parallel.both(() -> imager(resolved.first().imager()), () -> pulled(resolved));
        SequencedMap<Architecture, ImagesBuild.Made> made = made(here.second(), here.first());
        return outputs(deliver(made, resolved.first().base(), last, identity), made);
    }

    /** The images of all architectures, in their order. */
    private List<ImagesBuild.Pulled> pulled(Resolved resolved) throws Exception {
        List<Callable<ImagesBuild.Pulled>> pulls = new ArrayList<>();
        resolved.images()
                .forEach((architecture, images) ->
                        pulls.add(() -> build(architecture).pull(images)));
        return Parallel.all(pulls);
    }

    private SequencedMap<Architecture, ImagesBuild.Made> made(List<ImagesBuild.Pulled> here, FileTree imager)
            throws Exception {
        List<Callable<ImagesBuild.Made>> work = new ArrayList<>();
        Iterator<ImagesBuild.Pulled> next = here.iterator();
        for (Architecture architecture : inputs.architectures()) {
            ImagesBuild.Pulled parts = next.next();
            work.add(() -> build(architecture).make(parts, imager));
        }
        SequencedMap<Architecture, ImagesBuild.Made> made = new LinkedHashMap<>();
        for (ImagesBuild.Made one : Parallel.all(work)) {
            made.put(inputs.architectures().get(made.size()), one);
        }
        return made;
    }

    private FileTree imager(ResolvedImage imager) throws IOException, InterruptedException {
        ImageStore images = builds.firstEntry().getValue().images();
        return images.unpack(imager, images.pull(imager), ImagerFiles.folders(inputs));
    }

    private ImageBundle deliver(
            SequencedMap<Architecture, ImagesBuild.Made> made,
            ResolvedImage base,
            @Nullable Sha256 last,
            @Nullable UnitIdentity identity)
            throws IOException, InterruptedException {
        Publisher publisher = new Publisher(context, unit);
        SequencedMap<Architecture, Image> installers = new LinkedHashMap<>();
        made.forEach((architecture, one) -> installers.put(architecture, one.installer()));
        ImageBundle bundle = publisher.bundle(installers, new TreeMap<>());
        // The stage's own tag: publishing a version again is normal, and is reported.
        boolean own = inputs.version().text().equals(inputs.installer().tag());
        publisher.deliver(
                inputs.installer(),
                bundle,
                mountable(base.place()),
                Allowance.of(
                        own, inputs.overwriteTag() || context.overwriteTags(), last, StageModule.IMAGES, identity));
        return bundle;
    }

    private SequencedMap<String, Json> outputs(ImageBundle bundle, SequencedMap<Architecture, ImagesBuild.Made> made) {
        SequencedMap<String, Json> outputs = new TreeMap<>();
        outputs.put(
                "installer_image",
                Json.of(Publisher.written(inputs.installer(), bundle).toString()));
        outputs.put("installer_digest", Json.of(bundle.top().digest().toString()));
        outputs.put("iso_path", Json.of(inputs.iso().toString()));
        outputs.put("iso_name", Json.of(String.valueOf(inputs.iso().getFileName())));
        outputs.put("iso_sha256", Json.of(made.firstEntry().getValue().iso().hex()));
        if (made.size() > 1) {
            outputs.put(
                    "iso_paths",
                    byArchitecture(made, (one, _) -> inputs.iso(one).toString()));
            outputs.put(
                    "iso_names",
                    byArchitecture(
                            made, (one, _) -> String.valueOf(inputs.iso(one).getFileName())));
            outputs.put(
                    "iso_sha256s",
                    byArchitecture(made, (_, build) -> build.iso().hex()));
        }
        outputs.put("talos_version", Json.of(inputs.version().text()));
        if (inputs.kubernetesVersion() != null) {
            outputs.put("kubernetes_version", Json.of(inputs.kubernetesVersion()));
        }
        return outputs;
    }

    private static Json byArchitecture(
            SequencedMap<Architecture, ImagesBuild.Made> made,
            BiFunction<Architecture, ImagesBuild.Made, String> value) {
        SequencedMap<String, String> values = new TreeMap<>();
        for (Map.Entry<Architecture, ImagesBuild.Made> one : made.entrySet()) {
            values.put(one.getKey().label(), value.apply(one.getKey(), one.getValue()));
        }
        return Json.ofMap(values);
    }

    private List<String> mountable(ImagePlace base) {
        return base instanceof ImagePlace.InRegistry(var from)
                        && inputs.installer() instanceof ImagePlace.InRegistry(var to)
                        && from.registry().equals(to.registry())
                ? List.of(from.repository())
                : List.of();
    }
}
