package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.BlockRules;
import dev.talosforge.config.terragrunt.file.FileParts;
import dev.talosforge.config.terragrunt.file.FileScope;
import dev.talosforge.config.terragrunt.file.MergedBlocks;
import dev.talosforge.config.terragrunt.file.MergedFile;
import dev.talosforge.config.unit.Hook;
import dev.talosforge.config.unit.Hooks;
import dev.talosforge.config.unit.Inputs;
import dev.talosforge.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the hooks in {@code terraform} blocks, a file's own and those of the files that it includes. Only hooks that
 * can run here are evaluated, so that hooks for other commands do no harm.
 */
final class HookReader {
    private static final Type TEXTS = new Type.ListOf(Type.Simple.TEXT);
    private static final String APPLY = "apply";
    private static final List<String> INIT = List.of("init", "init-from-module");

    private final MergedFile file;
    private final FileParts parts;
    /** Compared by identity, because comparing contents would read them each time. */
    private final Set<Body.Block> read = Collections.newSetFromMap(new IdentityHashMap<>());

    private final List<String> initOnly = new ArrayList<>();

    HookReader(MergedFile file, FileParts parts) {
        this.file = file;
        this.parts = parts;
    }

    /** Those that can run when the unit is applied: before hooks, after hooks, error hooks, each in their order. */
    Hooks read() {
        List<Hook> hooks = new ArrayList<>();
        for (Hook.Kind kind : Hook.Kind.values()) {
            for (MergedBlocks.Layer layer : merged(kind.block())) {
                Hook hook = hook(kind, layer);
                if (hook != null) {
                    hooks.add(hook);
                }
            }
        }
        return new Hooks(
                hooks,
                initOnly,
                RetryReader.read(parts, file.file().body().range()),
                hooks.isEmpty() ? null : terraformBinary());
    }

    /** Terraform or OpenTofu as the file or an included one names it; null if none does. */
    private @Nullable String terraformBinary() {
        return parts.part("terraform_binary", file.file().body().range()) instanceof Value.Text(String text)
                        && !text.isEmpty()
                ? text
                : null;
    }

    /** The blocks that {@link #read} found to have an effect here. */
    Set<Body.Block> handled() {
        return read;
    }

    /**
     * Those of included files first, in the order of the includes. A hook replaces the first earlier one of the same
     * name. In a file that is not merged with another, two may have one name, and both run.
     */
    private List<MergedBlocks.Layer> merged(String type) {
        List<FileScope> files = file.topDown().reversed();
        List<MergedBlocks.Layer> merged = new ArrayList<>();
        boolean first = true;
        for (FileScope one : files) {
            List<Body.Block> blocks = one.body().blocks("terraform");
            if (blocks.isEmpty()) {
                continue;
            }
            for (Body.Block block :
                    BlockRules.only(blocks.getFirst(), blocks).body().blocks(type)) {
                int same = first ? -1 : place(merged, name(block));
                if (same < 0) {
                    merged.add(new MergedBlocks.Layer(one, block));
                } else {
                    merged.set(same, new MergedBlocks.Layer(one, block));
                }
            }
            first = false;
        }
        return merged;
    }

    private static int place(List<MergedBlocks.Layer> layers, String name) {
        for (int i = 0; i < layers.size(); i++) {
            if (name(layers.get(i).block()).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static String name(Body.Block block) {
        return String.join(" ", block.labels());
    }

    /** Null for a hook that never runs here. */
    private @Nullable Hook hook(Hook.Kind kind, MergedBlocks.Layer layer) {
        int unsupported = file.file().run().unsupported().size();
        Attributes attributes = new Attributes(kind, layer);
        List<String> commands = attributes.texts("commands");
        boolean runs = kind == Hook.Kind.AFTER
                ? commands.contains(APPLY) || commands.contains(Hook.CONFIGURATION_READ)
                : commands.contains(APPLY);
        if (!runs && attributes.known) {
            if (commands.stream().anyMatch(INIT::contains)) {
                initOnly.add("%s \"%s\"".formatted(kind.block(), name(layer.block())));
            }
            return null;
        }
        read.add(layer.block());
        if (!attributes.is("if", true) && attributes.known) {
            return null;
        }
        List<String> execute = attributes.texts("execute");
        if (attributes.known && (execute.isEmpty() || execute.getFirst().isEmpty())) {
            throw attributes.problem("execute", "it names no program", "write: execute = [\"PROGRAM\", \"ARGUMENT\"]");
        }
        String folder = attributes.text("working_dir");
        boolean onError = attributes.is("run_on_error", false);
        boolean quiet = attributes.is("suppress_stdout", false);
        List<String> errors = attributes.texts("on_errors");
        List<Problem> missing = file.file().run().unsupported();
        String notKnown = attributes.known
                ? null
                : missing.size() > unsupported
                        ? "%s: %s"
                                .formatted(
                                        missing.getLast().what(),
                                        missing.getLast().why())
                        : "one of its values comes from a program or from outputs that are not recorded yet";
        return new Hook(
                kind,
                name(layer.block()),
                commands,
                notKnown == null ? execute : List.of(),
                folder,
                onError,
                quiet,
                errors,
                notKnown,
                layer.block().header().where());
    }

    /** The attributes of one hook, evaluated in the file that contains it. */
    private static final class Attributes {
        private final Hook.Kind kind;
        private final MergedBlocks.Layer layer;
        /** Whether all values read so far are known. */
        private boolean known = true;

        Attributes(Hook.Kind kind, MergedBlocks.Layer layer) {
            this.kind = kind;
            this.layer = layer;
        }

        /** Null if it is not set, or not known. */
        private @Nullable Value value(String name, Type type, String expected) {
            Body.Attribute attribute = layer.block().body().attribute(name);
            if (attribute == null) {
                return null;
            }
            Value value = layer.file().evaluate(attribute.value());
            if (!Inputs.isKnown(value)) {
                known = false;
                return null;
            }
            Value converted = type.convert(value);
            if (converted == null) {
                throw problem(name, "expected %s, found %s".formatted(expected, value.kindName()), null);
            }
            return converted instanceof Value.Null ? null : converted;
        }

        List<String> texts(String name) {
            if (!(value(name, TEXTS, "a list of texts") instanceof Value.Sequence(var _, List<Value> items))) {
                return List.of();
            }
            List<String> texts = new ArrayList<>();
            for (Value item : items) {
                if (!(item instanceof Value.Text(String text))) {
                    throw problem(name, "one of its texts is " + item.kindName(), null);
                }
                texts.add(text);
            }
            return texts;
        }

        @Nullable
        String text(String name) {
            return value(name, Type.Simple.TEXT, "text") instanceof Value.Text(String text) && !text.isEmpty()
                    ? text
                    : null;
        }

        boolean is(String name, boolean otherwise) {
            return value(name, Type.Simple.BOOL, "true or false") instanceof Value.Bool(boolean bool)
                    ? bool
                    : otherwise;
        }

        RuntimeException problem(String name, String why, @Nullable String remedy) {
            Body.Attribute attribute = layer.block().body().attribute(name);
            return (attribute == null
                            ? layer.block().header()
                            : attribute.value().range())
                    .problem(
                            "cannot use %s of %s \"%s\"".formatted(name, kind.block(), name(layer.block())),
                            why,
                            remedy);
        }
    }
}
