package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebianLock;
import dev.talosforge.json.Json;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.image.KeptOwners;
import dev.talosforge.pipeline.image.SingleLayerImage;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.SemanticVersion;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UnitIdentity;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.publish.Allowance;
import dev.talosforge.pipeline.publish.Publisher;
import dev.talosforge.pipeline.publish.SemanticTags;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** {@code talos_extension}: a system extension, assembled from its sources, checked and published. */
public final class ExtensionStage {
    /** The default time: 2025-01-01. Nothing in an extension is older or younger than that. */
    private static final long FALLBACK_TIME = 1_735_689_600L;

    private final BuildContext context;
    private final String unit;
    private final ExtensionInputs inputs;
    private final long created;

    public ExtensionStage(BuildContext context, String unit, ExtensionInputs inputs) {
        this.context = context;
        this.unit = unit;
        this.inputs = inputs;
        Long given = context.sourceDate();
        this.created = given == null ? FALLBACK_TIME : given;
    }

    /** The images that it is made of, with the digests of the references and of the tree's lock. */
    public ExtensionImages resolve(UnitPins pins) throws Exception {
        return ExtensionImages.resolve(context, unit, inputs, pins);
    }

    public ApplyRecord describe(ExtensionImages images) throws IOException, InterruptedException {
        return new ExtensionParts(context, inputs, images, inputs.debianLock()).describe();
    }

    /** The same as an apply would record it: Debian packages that are not locked yet are resolved, but not locked. */
    public ApplyRecord foresee(ExtensionImages images) throws IOException, InterruptedException {
        Path folder = context.store().temporaryFolder("lock");
        try {
            Path lock = new ForeseenLock(context, unit, inputs).in(folder);
            return new ExtensionParts(context, inputs, images, lock).describe();
        } finally {
            DiskTree.delete(folder);
        }
    }

    /**
     * What is published by now.
     *
     * @param failure of a tag that should have moved; null if all did
     */
    public record Published(
            SequencedMap<String, Json> outputs, @Nullable Exception failure) {}

    /**
     * Builds and delivers it.
     *
     * @param last digest of what the last apply published; null if there is no record
     * @param identity of the unit, in the record with the image; null if it is not known
     */
    public Published apply(ExtensionImages found, @Nullable Sha256 last, @Nullable UnitIdentity identity)
            throws Exception {
        DebianLock.check(inputs.debianLock(), inputs.packages());
        List<Callable<Image>> work = new ArrayList<>();
        for (Architecture architecture : inputs.architectures()) {
            work.add(() -> make(found, architecture));
        }
        SequencedMap<Architecture, Image> images = new LinkedHashMap<>();
        for (Image image : Parallel.all(work)) {
            images.put(inputs.architectures().get(images.size()), image);
        }
        Publisher publisher = new Publisher(context, unit);
        Publisher.ImageBundle bundle = publisher.bundle(images, annotations());
        boolean own = inputs.version().equals(inputs.target().tag());
        boolean overwrite = inputs.overwriteTag() || context.overwriteTags();
        SemanticVersion version = inputs.semanticTags() ? SemanticVersion.parse(inputs.version()) : null;
        SemanticTags tags = new SemanticTags(context, unit, publisher);
        List<SemanticTags.Move> moves = version == null ? List.of() : tags.look(inputs.target(), bundle, version);
        publisher.deliver(
                inputs.target(),
                bundle,
                List.of(),
                Allowance.of(own, overwrite, last, StageModule.EXTENSION, identity));
        Exception failure = version == null ? null : tags.move(moves, version);
        SequencedMap<String, Json> outputs = new TreeMap<>();
        outputs.put(
                "extension_image",
                Json.of(Publisher.pinned(inputs.target(), bundle).toString()));
        outputs.put("extension_digest", Json.of(bundle.top().digest().toString()));
        outputs.put("extension_version", Json.of(inputs.version()));
        return new Published(outputs, failure);
    }

    private Image make(ExtensionImages found, Architecture architecture) throws IOException, InterruptedException {
        String step =
                "extension " + inputs.name() + (inputs.architectures().size() == 1 ? "" : " " + architecture.label());
        Path spool = context.store().temporaryFolder("extension");
        Image image;
        try {
            SourceReader reader = new SourceReader(context, unit, inputs, found, architecture, spool, created);
            context.events().started(unit, step);
            FileTree tree = Failures.named(
                    "cannot build extension " + inputs.name(), () -> new ExtensionAssembly(reader).make());
            image = SingleLayerImage.make(
                    context, tree, Platform.linux(architecture.label()), null, annotations(), created);
        } finally {
            DiskTree.delete(spool);
        }
        context.events().finished(unit, step, image.descriptor().digest().shortText(), false);
        return image;
    }

    /** Marks its version for moving tags and for people. */
    private SequencedMap<String, String> annotations() {
        SequencedMap<String, String> annotations = new TreeMap<>();
        annotations.put(SemanticTags.VERSION, inputs.version());
        if (inputs.sources().stream()
                .anyMatch(item -> !item.placement().owners().isEmpty())) {
            KeptOwners.addTo(annotations);
        }
        return annotations;
    }
}
