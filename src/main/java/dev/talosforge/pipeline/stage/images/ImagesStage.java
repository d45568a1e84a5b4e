package dev.talosforge.pipeline.stage.images;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.TargetInputs;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.publish.Publisher;
import dev.talosforge.pipeline.publish.Publisher.Allowance;
import dev.talosforge.pipeline.publish.Publisher.Parcel;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.PlanDiff;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code talos_images}: one plan, an installer image and a boot ISO with the same extensions. */
public final class ImagesStage {
    /** What it is, in a plan. */
    public static final String TITLE = "installer image and boot ISO";

    private final BuildContext workshop;
    private final String unit;
    private final ImagesInputs inputs;
    private final SequencedMap<Architecture, ImagesBuild> builds = new LinkedHashMap<>();

    public ImagesStage(BuildContext workshop, String unit, ImagesInputs inputs) {
        this.workshop = workshop;
        this.unit = unit;
        this.inputs = inputs;
        for (Architecture architecture : inputs.architectures()) {
            builds.put(architecture, new ImagesBuild(workshop, unit, inputs, architecture));
        }
    }

    /** Every image of the plan with its digest: the imager, which is one for all, and the others by architecture. */
    public record Sources(ResolvedImage imager, SequencedMap<Architecture, ImagesBuild.Sources> builds) {}

    public Sources resolve(UnitPins pins) throws Exception {
        List<ImagePlace> places = pins.of(inputs, workshop, unit);
        ImageStore first = builds.firstEntry().getValue().images();
        List<ResolvedImage> found = first.resolve(places);
        SequencedMap<Architecture, ImagesBuild.Sources> sources = new LinkedHashMap<>();
        sources.put(inputs.first(), new ImagesBuild.Sources(found.get(1), found.subList(2, found.size())));
        for (Architecture architecture : inputs.architectures().subList(1, builds.size())) {
            List<ImagePlace> same = new ArrayList<>();
            for (int i = 1; i < places.size(); i++) {
                same.add(ResolvedImage.again(places.get(i), found.get(i)));
            }
            List<ResolvedImage> others = build(architecture).images().resolve(same);
            sources.put(architecture, new ImagesBuild.Sources(others.getFirst(), others.subList(1, others.size())));
        }
        return new Sources(found.getFirst(), sources);
    }

    private ImagesBuild build(Architecture architecture) {
        return Objects.requireNonNull(builds.get(architecture), architecture::label);
    }

    /** What the plan is made of: recorded with an apply and compared with by the next plan. */
    public ApplyRecord describe(Sources sources) {
        ApplyRecord made = new ApplyRecord(TITLE);
        made.add("Talos version", inputs.version().text());
        if (!inputs.architectures().equals(List.of(Architecture.AMD64))) {
            made.add("architectures", TargetInputs.labels(inputs.architectures()));
        }
        made.add(
                "imager",
                sources.imager().place().pinned(sources.imager().top().digest()).toString());
        ImagesBuild.Sources first = sources.builds().firstEntry().getValue();
        made.add("base installer", first.base().place().toString());
        int at = 0;
        for (ResolvedImage extension : first.extensions()) {
            String kind = at++ < inputs.officialCount() ? PlanDiff.EXTENSION : PlanDiff.CUSTOM_EXTENSION;
            made.add(kind + extension.place().name(), extension.tagged());
        }
        made.add(
                PlanDiff.EXTENSION_ORDER,
                first.extensions().size() < 2
                        ? ""
                        : first.extensions().stream()
                                .map(extension -> extension.place().name())
                                .collect(Collectors.joining(", ")));
        sources.builds().sequencedEntrySet().stream()
                .skip(1)
                .forEach(others -> apart(made, first, others.getKey(), others.getValue()));
        for (String argument : inputs.kernelArgs()) {
            made.add("kernel argument " + argument, "given");
        }
        for (Architecture architecture : inputs.architectures()) {
            String label = inputs.label(architecture);
            made.add(
                    "kernel command line, installer" + label,
                    inputs.commandLine(architecture, OutputKind.INSTALLER).line());
            made.add(
                    "kernel command line, ISO" + label,
                    inputs.commandLine(architecture, OutputKind.ISO).line());
        }
        made.add("squashfs", inputs.zstd() ? "zstd" : "xz");
        made.add("stage code", "revision " + ImageAssembly.REVISION);
        boolean kept = inputs.installer() instanceof ImagePlace.InRegistry && !workshop.push();
        made.add("installer", inputs.installer() + (kept ? ApplyRecord.NOT_PUSHED : ""));
        for (Architecture architecture : inputs.architectures()) {
            made.add(
                    "ISO" + inputs.label(architecture), inputs.iso(architecture).toString());
        }
        made.addOutput("kubernetes_version", inputs.kubernetesVersion());
        made.add(PlanDiff.TIMES, workshop.sourceDate() == null ? "" : String.valueOf(workshop.sourceDate()));
        return made;
    }

    /** Images that another architecture has at places of its own, which an index has not. */
    private static void apart(
            ApplyRecord made, ImagesBuild.Sources first, Architecture architecture, ImagesBuild.Sources others) {
        if (!others.base().place().equals(first.base().place())) {
            made.add(
                    "base installer, " + architecture.label(),
                    others.base().place().toString());
        }
        for (int i = 0; i < others.extensions().size(); i++) {
            ResolvedImage extension = others.extensions().get(i);
            if (!extension.place().equals(first.extensions().get(i).place())) {
                made.add(
                        "image for %s, %s"
                                .formatted(
                                        architecture.label(), extension.place().name()),
                        extension.tagged());
            }
        }
    }

    /**
     * Assembles and delivers.
     *
     * @param last digest of the installer that the last apply published; null when there is no record
     */
    public SequencedMap<String, Json> apply(Sources sources, @Nullable Sha256 last) throws Exception {
        List<Callable<Object>> pulls = new ArrayList<>();
        pulls.add(() -> imager(sources.imager()));
        sources.builds()
                .forEach((architecture, wanted) ->
                        pulls.add(() -> build(architecture).pull(wanted)));
        List<Object> pulled = Parallel.all(pulls);
        FileTree imager = (FileTree) pulled.getFirst();
        List<Callable<ImagesBuild.Made>> work = new ArrayList<>();
        for (Architecture architecture : inputs.architectures()) {
            ImagesBuild.Pulled parts = (ImagesBuild.Pulled) pulled.get(1 + work.size());
            work.add(() -> build(architecture).make(parts, sources.imager(), imager));
        }
        SequencedMap<Architecture, ImagesBuild.Made> made = new LinkedHashMap<>();
        for (ImagesBuild.Made one : Parallel.all(work)) {
            made.put(inputs.architectures().get(made.size()), one);
        }
        return outputs(deliver(made, sources, last), made);
    }

    private FileTree imager(ResolvedImage imager) throws IOException, InterruptedException {
        ImageStore images = builds.firstEntry().getValue().images();
        return images.unpack(imager, images.pull(imager), ImagerFiles.folders(inputs));
    }

    private Parcel deliver(SequencedMap<Architecture, ImagesBuild.Made> made, Sources sources, @Nullable Sha256 last)
            throws IOException, InterruptedException {
        Publisher delivery = new Publisher(workshop, unit);
        SequencedMap<Architecture, Image> installers = new LinkedHashMap<>();
        made.forEach((architecture, one) -> installers.put(architecture, one.installer()));
        Parcel parcel = delivery.parcel(installers, new TreeMap<>());
        // The stage's own tag: publishing a version again is the normal case, and is said out loud.
        boolean own = inputs.version().text().equals(inputs.installer().tag());
        delivery.deliver(
                inputs.installer(),
                parcel,
                mountable(sources.builds().firstEntry().getValue().base().place()),
                new Allowance(own || inputs.overwriteTag() || workshop.overwriteTags(), last));
        return parcel;
    }

    private SequencedMap<String, Json> outputs(Parcel parcel, SequencedMap<Architecture, ImagesBuild.Made> made) {
        SequencedMap<String, Json> outputs = new TreeMap<>();
        outputs.put(
                "installer_image",
                Json.of(Publisher.written(inputs.installer(), parcel).toString()));
        outputs.put("installer_digest", Json.of(parcel.top().digest().toString()));
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
