package dev.talosforge.pipeline.stage;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Repair;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.InputReader;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UnitIdentity;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.stage.extension.ExtensionImages;
import dev.talosforge.pipeline.stage.extension.ExtensionStage;
import dev.talosforge.pipeline.stage.images.ImagesStage;
import dev.talosforge.pipeline.stage.upload.UploadStage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.StageKind;
import dev.talosforge.provenance.StagePlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a unit of ours does, chosen by its module. */
public sealed interface Stage {
    /**
     * The result.
     *
     * @param failure of work after the outputs were final: they are recorded, and the unit fails with it; null if
     *     everything is done
     */
    record Applied(
            SequencedMap<String, Json> outputs,
            ApplyRecord record,
            @Nullable Exception failure) {
        Applied(SequencedMap<String, Json> outputs, ApplyRecord record) {
            this(outputs, record, null);
        }
    }

    /**
     * A unit's stage, for inspecting its inputs.
     *
     * @param overrides inputs set from outside
     */
    static Stage of(Unit unit, SortedMap<String, Value> overrides) {
        return of(unit, overrides, UnitPins.none());
    }

    /**
     * A unit's stage.
     *
     * @param overrides inputs set from outside
     * @param pins what the tree's lock contains
     */
    static Stage of(Unit unit, SortedMap<String, Value> overrides, UnitPins pins) {
        Given given = new Given(unit, overrides, pins);
        return switch (StageModule.of(unit.module())) {
            case EXTENSION -> new Extension(given);
            case IMAGES -> new Images(given);
            case UPLOAD -> new Upload(given);
            case null -> new Unmanaged(given);
        };
    }

    /** What a unit of ours is, in a plan. */
    default String title() {
        return switch (this) {
            case Extension _ -> StageKind.EXTENSION.title();
            case Images _ -> StageKind.IMAGES.title();
            case Upload _ -> StageKind.UPLOAD.title();
            case Unmanaged _ -> "not a Talos Forge unit";
        };
    }

    /** A unit's inputs as its stage sees them. */
    Given given();

    /** Where a stage's inputs come from. */
    record Given(Unit unit, SortedMap<String, Value> overrides, UnitPins pins) {
        public InputReader reader() {
            return new InputReader(unit, overrides);
        }

        /** A file that also records the outputs, for readers that do not read states; null for none. */
        @Nullable
        public Path catalog() {
            String path = reader().optional(InputReader.CATALOG);
            return path == null ? null : unit.directory().resolve(path).normalize();
        }
    }

    /** A digest that an earlier apply recorded, or null. */
    private static @Nullable Sha256 digest(SequencedMap<String, Json> outputs, String name) {
        return outputs.get(name) instanceof JsonText(String hex) ? Sha256.tryHex(hex) : null;
    }

    /** Like {@link #digest}, for an image. */
    private static @Nullable Sha256 published(SequencedMap<String, Json> outputs, String name) {
        return outputs.get(name) instanceof JsonText(String digest) ? Sha256.tryParse(digest) : null;
    }

    /** Reads the inputs; fails with all their problems. */
    void read(InputReader reader);

    /**
     * Checks the inputs as far as they are known; fails with all their problems.
     *
     * @return names of those that have no value before other units are applied
     */
    default SortedSet<String> check() {
        try {
            read(InputReader.forLooking(given().unit(), given().overrides()));
            return new TreeSet<>();
        } catch (InputReader.NotKnownYet e) {
            return e.names();
        }
    }

    /**
     * Checks whether this machine can do it, as far as that is quickly known; fails if it cannot. Unknown or wrong
     * inputs are ignored.
     */
    default void checkMachine(BuildContext context) throws Exception {}

    /**
     * Outputs that are known before it is applied, by name. Fails if its inputs are wrong, or not known yet. Does not
     * include places of files, which exist already with other content.
     */
    default SequencedMap<String, String> foretold() {
        return new TreeMap<>();
    }

    /** What applying it would be made of, with every reference resolved; the same as an apply records. Changes nothing. */
    ApplyRecord describe(BuildContext context, String name) throws Exception;

    /**
     * The same as an apply would record it, with what only an apply writes down: equal to what it records if it is made
     * of the same. Takes longer.
     */
    default ApplyRecord foresee(BuildContext context, String name) throws Exception {
        return describe(context, name);
    }

    /** What applying it would do, compared with the last apply. */
    default StagePlan plan(BuildContext context, String name, @Nullable ApplyRecord before) throws Exception {
        return describe(context, name).plan(name, before).with(given().pins().lines());
    }

    /**
     * Runs the stage.
     *
     * @param before outputs of the last apply; empty if there was none
     */
    Applied apply(BuildContext context, String name, SequencedMap<String, Json> before) throws Exception;

    record Extension(Given given) implements Stage {
        @Override
        public void read(InputReader reader) {
            ExtensionInputs.read(reader);
        }

        @Override
        public void checkMachine(BuildContext context) throws Exception {
            if (is(ExtensionInputs::hasBuild)) {
                context.sandbox().check();
            }
        }

        @Override
        public SequencedMap<String, String> foretold() {
            return new TreeMap<>(Map.of(
                    "extension_version", ExtensionInputs.read(given.reader()).version()));
        }

        /** Whether that is known of its inputs. */
        public boolean is(Predicate<ExtensionInputs> so) {
            try {
                return so.test(ExtensionInputs.read(InputReader.forLooking(given.unit(), given.overrides())));
            } catch (InputReader.NotKnownYet | BuildException e) {
                return false;
            }
        }

        @Override
        public ApplyRecord describe(BuildContext context, String name) throws Exception {
            checkMachine(context);
            ExtensionStage stage = stage(context, name);
            return stage.describe(stage.resolve(given.pins()));
        }

        @Override
        public ApplyRecord foresee(BuildContext context, String name) throws Exception {
            checkMachine(context);
            ExtensionStage stage = stage(context, name);
            return stage.foresee(stage.resolve(given.pins()));
        }

        @Override
        public Applied apply(BuildContext context, String name, SequencedMap<String, Json> before) throws Exception {
            ExtensionStage stage = stage(context, name);
            return new Repair(context, name).run(() -> {
                ExtensionImages images = stage.resolve(given.pins());
                ExtensionStage.Published done =
                        stage.apply(images, published(before, "extension_digest"), UnitIdentity.of(given.unit()));
                return new Applied(done.outputs(), stage.describe(images), done.failure());
            });
        }

        private ExtensionStage stage(BuildContext context, String name) {
            return new ExtensionStage(context, name, ExtensionInputs.read(given.reader()));
        }
    }

    record Images(Given given) implements Stage {
        @Override
        public void read(InputReader reader) {
            ImagesInputs.read(reader);
        }

        @Override
        public SequencedMap<String, String> foretold() {
            ImagesInputs inputs = ImagesInputs.read(given.reader());
            SequencedMap<String, String> outputs = new TreeMap<>();
            outputs.put("talos_version", inputs.version().text());
            outputs.put("iso_name", String.valueOf(inputs.iso().getFileName()));
            if (inputs.kubernetesVersion() != null) {
                outputs.put("kubernetes_version", inputs.kubernetesVersion());
            }
            return outputs;
        }

        @Override
        public ApplyRecord describe(BuildContext context, String name) throws Exception {
            ImagesStage stage = stage(context, name);
            return stage.describe(stage.resolve(given.pins()));
        }

        @Override
        public Applied apply(BuildContext context, String name, SequencedMap<String, Json> before) throws Exception {
            ImagesStage stage = stage(context, name);
            return new Repair(context, name).run(() -> {
                ImagesStage.Resolved resolved = stage.resolve(given.pins());
                return new Applied(
                        stage.apply(resolved, published(before, "installer_digest"), UnitIdentity.of(given.unit())),
                        stage.describe(resolved));
            });
        }

        private ImagesStage stage(BuildContext context, String name) {
            return new ImagesStage(context, name, ImagesInputs.read(given.reader()));
        }
    }

    record Upload(Given given) implements Stage {
        @Override
        public void read(InputReader reader) {
            UploadInputs.read(reader);
        }

        @Override
        public SequencedMap<String, String> foretold() {
            UploadInputs inputs = UploadInputs.read(given.reader());
            SequencedMap<String, String> outputs = new TreeMap<>();
            if (inputs.talosVersion() != null) {
                outputs.put("talos_version", inputs.talosVersion());
            }
            if (inputs.kubernetesVersion() != null) {
                outputs.put("kubernetes_version", inputs.kubernetesVersion());
            }
            return outputs;
        }

        @Override
        public ApplyRecord describe(BuildContext context, String name) throws Exception {
            UploadStage stage = new UploadStage(context, name, UploadInputs.read(given.reader()));
            return stage.describe(stage.content());
        }

        @Override
        public Applied apply(BuildContext context, String name, SequencedMap<String, Json> before) throws Exception {
            UploadInputs inputs = UploadInputs.read(given.reader());
            UploadStage stage = new UploadStage(context, name, inputs);
            SequencedMap<String, Json> outputs = stage.apply(before);
            return new Applied(outputs, stage.describe(digest(outputs, "iso_sha256")));
        }
    }

    /** A unit that another tool runs, or one that does nothing. */
    record Unmanaged(Given given) implements Stage {
        @Override
        public void read(InputReader reader) {}

        @Override
        public ApplyRecord describe(BuildContext context, String name) {
            throw new IllegalStateException("not planned by Talos Forge: " + name);
        }

        @Override
        public Applied apply(BuildContext context, String name, SequencedMap<String, Json> before) {
            throw new IllegalStateException("not run by Talos Forge: " + name);
        }
    }
}
