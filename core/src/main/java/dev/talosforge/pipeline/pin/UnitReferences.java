package dev.talosforge.pipeline.pin;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.InputOverrides;
import dev.talosforge.pipeline.inputs.OutsideInputs;
import dev.talosforge.pipeline.inputs.SourcesReader;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.talos.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The images that a unit names itself. Images from another unit are pinned by that unit's outputs and are not included.
 *
 * @param uses in the order of the inputs and of their items
 * @param given inputs of which something comes from other units, or from programs that do not run now
 */
public record UnitReferences(List<Use> uses, SortedSet<String> given) {
    private static final List<String> LISTS = List.of("official_extensions", "custom_extensions");

    private static final List<String> COMPOSED =
            List.of("official_extensions", "custom_extensions", "architectures", SourcesReader.NAME);

    public UnitReferences {
        uses = List.copyOf(uses);
    }

    /**
     * A reference and where it is used.
     *
     * @param unit its folder, from the tree's root
     * @param architecture the first that the unit builds for
     */
    public record Use(String unit, String input, LockKey key, Architecture architecture) {}

    /**
     * The references of a unit that was evaluated without values from others. Images on disk are left out, and invalid
     * references, which are reported where the inputs are read.
     *
     * @param overrides inputs set from outside
     */
    public static UnitReferences of(Unit unit, SortedMap<String, Value> overrides) {
        return switch (StageModule.of(unit.module())) {
            case IMAGES -> new Collector(unit, overrides).collect();
            case EXTENSION -> new Collector(unit, overrides).collectSources();
            case UPLOAD -> new UnitReferences(List.of(), new TreeSet<>());
            case null -> new UnitReferences(List.of(), new TreeSet<>());
        };
    }

    private static final class Collector {
        private final String unit;
        private final SequencedMap<String, Value> inputs;
        private final Architecture architecture;
        private final List<Use> uses = new ArrayList<>();
        private final SortedSet<String> given = new TreeSet<>();

        Collector(Unit unit, SortedMap<String, Value> overrides) {
            this.unit = unit.name();
            this.inputs = InputOverrides.ofStage(unit, overrides);
            for (String name : COMPOSED) {
                if (overrides.containsKey(name)) {
                    inputs.computeIfPresent(name, (_, value) -> OutsideInputs.composed(value));
                }
            }
            Architecture named = Architecture.of(
                    inputs.get("architectures") instanceof Value.Sequence(var _, List<Value> items)
                                    && !items.isEmpty()
                                    && items.getFirst() instanceof Value.Text(String first)
                            ? first
                            : text("architecture", "amd64"));
            this.architecture = named == null ? Architecture.AMD64 : named;
        }

        UnitReferences collect() {
            String talos = text("talos_version", "");
            if (talos.isEmpty()) {
                given.add("talos_version");
                return new UnitReferences(uses, given);
            }
            single("imager_image", talos, ImagesInputs.usualImager(talos));
            single("base_installer_image", talos, ImagesInputs.usualBase(talos));
            for (String input : LISTS) {
                list(input, talos);
            }
            return new UnitReferences(uses, given);
        }

        /** What an extension is made of. */
        UnitReferences collectSources() {
            sources(SourcesReader.NAME, inputs.get(SourcesReader.NAME));
            return new UnitReferences(uses, given);
        }

        private void sources(String at, @Nullable Value sources) {
            if (sources instanceof Value.Unknown) {
                given.add(SourcesReader.NAME);
            }
            if (!(sources instanceof Value.Sequence(var _, List<Value> items))) {
                return;
            }
            for (int i = 0; i < items.size(); i++) {
                String item = "%s[%d]".formatted(at, i);
                if (items.get(i) instanceof Value.Mapping(var _, SortedMap<String, Value> members)) {
                    switch (members.get("image")) {
                        case Value.Text(String text) -> add(item, new LockKey(LockKey.ANY, text, false));
                        case Value.Unknown _ -> given.add(item);
                        case null, default -> {}
                    }
                    if (members.get("build") instanceof Value.Mapping(var _, SortedMap<String, Value> build)) {
                        sources(item + ".build.sources", build.get(SourcesReader.NAME));
                    }
                } else if (items.get(i) instanceof Value.Unknown) {
                    given.add(item);
                }
            }
        }

        private void single(String input, String talos, String usual) {
            if (inputs.get(input) instanceof Value.Unknown) {
                given.add(input);
            } else {
                add(input, new LockKey(talos, text(input, usual), false));
            }
        }

        private void list(String input, String talos) {
            switch (inputs.get(input)) {
                case Value.Sequence(var _, List<Value> items) -> {
                    for (Value item : items) {
                        if (item instanceof Value.Text(String text)) {
                            boolean official = input.equals("official_extensions");
                            add(input, official ? LockKey.official(talos, text) : new LockKey(talos, text, false));
                        } else {
                            given.add(input);
                        }
                    }
                }
                case Value.Unknown _ -> given.add(input);
                case null, default -> {}
            }
        }

        private void add(String input, LockKey key) {
            if (key.isImage()) {
                uses.add(new Use(unit, input, key, architecture));
            }
        }

        private String text(String name, String otherwise) {
            return inputs.get(name) instanceof Value.Text(String text) && !text.isEmpty() ? text : otherwise;
        }
    }

    /** The reference that an image comes from; null if it comes from elsewhere. */
    @Nullable
    LockKey behind(ImageReference image) {
        for (Use use : uses) {
            if (use.key().image().equals(image)) {
                return use.key();
            }
        }
        return null;
    }
}
