package dev.talosforge.config.terragrunt.stack;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.List;

/** Which blocks and attributes a stack's file may have. */
final class StackSyntax {
    static final List<String> ATTRIBUTES = List.of(
            "source",
            "path",
            "values",
            "no_dot_terragrunt_stack",
            "no_validation",
            "update_source_with_cas",
            "mutable");

    private static final List<String> BLOCKS = List.of("unit", "stack", "locals", "include");
    private static final List<String> INCLUDED = List.of("unit", "stack");

    private StackSyntax() {}

    static List<Problem> check(Body body) {
        return check(body, BLOCKS);
    }

    /** A file that a stack includes, or that is added to it, declares only units and stacks. */
    static List<Problem> checkIncluded(Body body) {
        return check(body, INCLUDED);
    }

    private static List<Problem> check(Body body, List<String> known) {
        List<BuildException> found = new ArrayList<>();
        for (Body.Attribute attribute : body.attributes().values()) {
            found.add(attribute
                    .nameRange()
                    .problem(
                            "unknown attribute \"%s\" of a stack".formatted(attribute.name()),
                            "it has blocks only: " + String.join(", ", known),
                            null));
        }
        for (Body.Block block : body.blocks()) {
            if (!known.contains(block.type())) {
                found.add(block.header()
                        .problem(
                                BLOCKS.contains(block.type())
                                        ? "cannot use \"%s\" here".formatted(block.type())
                                        : "unknown block \"%s\" of a stack".formatted(block.type()),
                                BLOCKS.contains(block.type())
                                        ? "a file that a stack includes contains only units and stacks"
                                        : "known here: " + String.join(", ", known),
                                NearestName.suggestion(block.type(), known)));
            } else if (ComponentBlock.kind(block) != null) {
                component(block, found);
            }
        }
        return found.stream().flatMap(one -> one.problems().stream()).toList();
    }

    private static void component(Body.Block block, List<BuildException> found) {
        if (block.labels().size() != 1 || block.labels().getFirst().isBlank()) {
            found.add(block.header().problem("cannot use this " + block.type(), "it needs one label, its name", null));
            return;
        }
        String what = "cannot generate %s \"%s\""
                .formatted(block.type(), block.labels().getFirst());
        for (String required : List.of("source", "path")) {
            if (block.body().attribute(required) == null) {
                found.add(block.header()
                        .problem(what, "it has no " + required, "add to the block: " + required + " = \"…\""));
            }
        }
        List<Body.Block> added = block.body().blocks("autoinclude");
        if (added.size() > 1) {
            found.add(added.get(1).header().problem(what, "it has another autoinclude block", null));
        }
        for (Body.Block one : added) {
            for (String type : List.of("locals", "autoinclude")) {
                one.body()
                        .blocks(type)
                        .forEach(inner -> found.add(inner.header()
                                .problem(
                                        what,
                                        "an autoinclude block has no %s block".formatted(type),
                                        type.equals("locals") ? "set them in the locals block of the stack" : null)));
            }
        }
        for (Body.Block inner : block.body().blocks("expansion")) {
            found.add(inner.header()
                    .problem(
                            Kind.NOT_SUPPORTED,
                            what,
                            "Terragrunt's experiment with expansion blocks is not supported",
                            "write one %s block for each".formatted(block.type())));
        }
    }

    /** Notes on what was read and has no effect. */
    static List<String> leftAlone(Body.Block block) {
        List<String> notes = new ArrayList<>();
        block.body().attributes().values().stream()
                .filter(attribute -> !ATTRIBUTES.contains(attribute.name()))
                .forEach(attribute ->
                        notes.add("%s: %s was read and left alone".formatted(attribute.nameRange(), attribute.name())));
        block.body().blocks().stream()
                .filter(inner -> !inner.type().equals("autoinclude"))
                .forEach(inner -> notes.add("%s: %s was read and left alone".formatted(inner.header(), inner.type())));
        return notes;
    }
}
