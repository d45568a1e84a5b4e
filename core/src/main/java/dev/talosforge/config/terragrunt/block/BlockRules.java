package dev.talosforge.config.terragrunt.block;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which blocks and attributes a Terragrunt file may have, and which of them have an effect here. */
public final class BlockRules {
    /** Read by Terragrunt and without effect here. */
    private static final List<String> LEFT_ALONE = List.of(
            "prevent_destroy",
            "download_dir",
            "terraform_binary",
            "terraform_version_constraint",
            "terragrunt_version_constraint",
            "iam_role",
            "iam_assume_role_duration",
            "iam_assume_role_session_name",
            "iam_web_identity_token",
            "retryable_errors",
            "retry_max_attempts",
            "retry_sleep_interval_sec");

    private static final List<String> ATTRIBUTES = Stream.of(
                    List.of("inputs", "skip"),
                    LEFT_ALONE,
                    List.of("remote_state", "generate", "locals", "dependencies"))
            .flatMap(List::stream)
            .toList();

    private static final List<String> BLOCKS = List.of(
            "include",
            "locals",
            "dependency",
            "dependencies",
            "terraform",
            "remote_state",
            "generate",
            "exclude",
            "feature",
            "errors",
            "engine",
            "catalog");

    /** As {@link #LEFT_ALONE}; one of them may also be written as an attribute. */
    private static final List<String> LEFT_ALONE_BLOCKS = List.of("generate", "engine", "catalog");

    private BlockRules() {}

    /** Problems with blocks and attributes that do not belong in such a file. */
    public static List<Problem> check(Body body) {
        List<Problem> problems = new ArrayList<>();
        for (Body.Attribute attribute : body.attributes().values()) {
            if (!ATTRIBUTES.contains(attribute.name())) {
                problems.add(unknown(attribute.nameRange(), "attribute", attribute.name(), ATTRIBUTES));
            }
        }
        for (Body.Block block : body.blocks()) {
            switch (block.type()) {
                case "unit", "stack" ->
                    problems.add(Problem.failed(Kind.INVALID_INPUT, "cannot read a \"" + block.type() + "\" block")
                            .because("it belongs in the file of a stack")
                            .at(block.header().where())
                            .trying("move it to a " + UnitFiles.STACK_FILE_NAME));
                case "inputs" ->
                    problems.add(Problem.failed(Kind.INVALID_INPUT, "cannot read a block \"inputs\"")
                            .because("inputs is an attribute")
                            .at(block.header().where())
                            .trying("write: inputs = {"));
                default -> {
                    BlockSchema schema = BlockSchema.FILE.get(block.type());
                    if (schema == null) {
                        problems.add(unknown(block.header(), "block", block.type(), BLOCKS));
                    } else {
                        check(block, schema, problems);
                    }
                }
            }
        }
        checkOnce(body, problems);
        return problems;
    }

    private static void check(Body.Block block, BlockSchema schema, List<Problem> problems) {
        int labels = block.labels().size();
        if (labels < schema.leastLabels() || labels > schema.mostLabels()) {
            problems.add(Problem.failed(Kind.INVALID_INPUT, "cannot use this " + block.type())
                    .because(
                            schema.mostLabels() == 0
                                    ? "it accepts no label"
                                    : schema.leastLabels() == 0
                                            ? "it accepts at most one label, its name"
                                            : "it needs one label, its name")
                    .at(block.header().where()));
        }
        if (schema.open()) {
            return;
        }
        for (Body.Attribute attribute : block.body().attributes().values()) {
            if (!schema.attributes().contains(attribute.name())) {
                problems.add(unknown(
                        attribute.nameRange(),
                        "attribute",
                        attribute.name(),
                        schema.attributes().isEmpty()
                                ? List.copyOf(schema.blocks().keySet())
                                : schema.attributes()));
            }
        }
        for (String name : schema.required()) {
            if (block.body().attribute(name) == null) {
                problems.add(Problem.failed(Kind.INVALID_INPUT, "cannot use " + named(block))
                        .because("it has no " + name)
                        .at(block.header().where())
                        .trying("add to the block: " + name + " = …"));
            }
        }
        for (Body.Block inner : block.body().blocks()) {
            checkInner(block, inner, schema, problems);
        }
    }

    private static void checkInner(Body.Block block, Body.Block inner, BlockSchema schema, List<Problem> problems) {
        BlockSchema known = schema.blocks().get(inner.type());
        if (known != null) {
            check(inner, known, problems);
        } else if (block.type().equals("dependency") && inner.type().equals("expansion")) {
            problems.add(Problem.failed(
                            Kind.NOT_SUPPORTED,
                            "cannot expand dependency \"%s\"".formatted(String.join(" ", block.labels())))
                    .because("Terragrunt's experiment with expansion blocks is not supported")
                    .at(inner.header().where())
                    .trying("write one dependency block for each"));
        } else if (schema.attributes().contains(inner.type())) {
            problems.add(Problem.failed(Kind.INVALID_INPUT, "cannot read a block \"" + inner.type() + "\"")
                    .because(inner.type() + " is an attribute")
                    .at(inner.header().where())
                    .trying("write: " + inner.type() + " = {"));
        } else {
            List<String> names = List.copyOf(schema.blocks().keySet());
            problems.add(
                    names.isEmpty()
                            ? Problem.failed(Kind.INVALID_INPUT, "unknown block \"" + inner.type() + "\"")
                                    .because("there are no blocks in " + block.type())
                                    .at(inner.header().where())
                            : unknown(inner.header(), "block", inner.type(), names));
        }
    }

    /** Checks the blocks that a file may have only once, and the names that may be used only once. */
    private static void checkOnce(Body body, List<Problem> problems) {
        for (String type :
                List.of("terraform", "remote_state", "dependencies", "exclude", "engine", "errors", "catalog")) {
            List<Body.Block> blocks = body.blocks(type);
            if (blocks.size() > 1) {
                problems.add(twice(blocks.getFirst(), blocks.get(1)));
            }
        }
        SortedSet<String> generated = new TreeSet<>();
        for (Body.Block block : body.blocks("generate")) {
            if (!generated.add(String.join(" ", block.labels()))) {
                problems.add(Problem.failed(Kind.INVALID_INPUT, "cannot use " + named(block))
                        .because("another has the same name")
                        .at(block.header().where()));
            }
        }
    }

    /** Blocks of one type by their only label. */
    public static SequencedMap<String, Body.Block> byLabel(Body body, String type) {
        SequencedMap<String, Body.Block> blocks = new LinkedHashMap<>();
        for (Body.Block block : body.blocks(type)) {
            if (block.labels().size() != 1) {
                throw block.header().problem("cannot use this " + type, "it needs one label, its name", null);
            }
            if (blocks.putIfAbsent(block.labels().getFirst(), block) != null) {
                throw block.header().problem("cannot use this " + type, "another has the same name", null);
            }
        }
        return blocks;
    }

    private static Problem unknown(Range at, String what, String name, List<String> known) {
        String suggestion = NearestName.suggestion(name, known);
        return Problem.failed(Kind.INVALID_INPUT, "unknown " + what + " \"" + name + "\"")
                .because("known here: " + String.join(", ", known))
                .at(at.where())
                .trying(suggestion);
    }

    /**
     * Notes on what was read and has no effect.
     *
     * @param handled blocks that have an effect, though others of their type have none
     */
    public static List<String> leftAlone(Body body, Set<Body.Block> handled) {
        List<String> notes = new ArrayList<>();
        for (Body.Block block : body.blocks()) {
            if (LEFT_ALONE_BLOCKS.contains(block.type())) {
                notes.add(note(block.header(), named(block)));
            } else if (block.type().equals("errors")) {
                for (Body.Block ignored : block.body().blocks("ignore")) {
                    notes.add(note(ignored.header(), named(ignored)));
                }
            } else if (block.type().equals("terraform")) {
                for (Body.Block inner : block.body().blocks()) {
                    if (!handled.contains(inner)) {
                        notes.add(note(inner.header(), named(inner)));
                    }
                }
            }
        }
        for (Body.Attribute attribute : body.attributes().values()) {
            if (LEFT_ALONE.contains(attribute.name()) || LEFT_ALONE_BLOCKS.contains(attribute.name())) {
                notes.add(note(attribute.nameRange(), attribute.name()));
            }
        }
        return notes;
    }

    /** A block as it is written in the native syntax. */
    private static String named(Body.Block block) {
        StringBuilder name = new StringBuilder(block.type());
        block.labels().forEach(label -> name.append(" \"").append(label).append('"'));
        return name.toString();
    }

    private static String note(Range at, String what) {
        return "%s: %s was read and left alone".formatted(at, what);
    }

    public static Body.Block only(Body.Block first, List<Body.Block> all) {
        if (all.size() > 1) {
            throw new BuildException(twice(first, all.get(1)), null);
        }
        return first;
    }

    private static Problem twice(Body.Block first, Body.Block second) {
        return Problem.failed(Kind.INVALID_INPUT, "cannot have two \"" + first.type() + "\" blocks")
                .because("one is already in line " + first.header().where().line())
                .at(second.header().where());
    }
}
