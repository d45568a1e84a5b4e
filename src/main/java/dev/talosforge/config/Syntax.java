package dev.talosforge.config;

import dev.talosforge.config.hcl.Body;
import dev.talosforge.config.hcl.NearestName;
import dev.talosforge.config.hcl.Range;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.util.ArrayList;
import java.util.List;

/** Which blocks and attributes a Terragrunt file may have, and which of them mean something here. */
final class Syntax {
    private static final List<String> ATTRIBUTES = List.of(
            "inputs",
            "skip",
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
            "retry_sleep_interval_sec",
            "remote_state",
            "generate",
            "locals",
            "dependencies");

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

    /** Read by Terragrunt and of no use to us. */
    private static final List<String> LEFT_ALONE_BLOCKS = List.of("generate", "errors", "engine", "catalog");

    private static final List<String> LEFT_ALONE_ATTRIBUTES = List.of(
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
            "retry_sleep_interval_sec",
            "generate");

    private Syntax() {}

    /** Problems with what does not belong into such a file. */
    static List<Problem> check(Body body) {
        List<Problem> problems = new ArrayList<>();
        for (Body.Attribute attribute : body.attributes().values()) {
            if (!ATTRIBUTES.contains(attribute.name())) {
                problems.add(unknown(attribute.nameRange(), "attribute", attribute.name(), ATTRIBUTES));
            }
        }
        for (Body.Block block : body.blocks()) {
            switch (block.type()) {
                case "unit", "stack" ->
                    problems.add(new Problem(
                            Kind.NOT_SUPPORTED,
                            "cannot read a \"" + block.type() + "\" block",
                            block.header().where(),
                            "stacks are not supported",
                            null));
                case "inputs" ->
                    problems.add(new Problem(
                            Kind.INVALID_INPUT,
                            "cannot read a block \"inputs\"",
                            block.header().where(),
                            "inputs is an attribute",
                            "write: inputs = {"));
                default -> {
                    if (!BLOCKS.contains(block.type())) {
                        problems.add(unknown(block.header(), "block", block.type(), BLOCKS));
                    }
                }
            }
        }
        return problems;
    }

    /** Attributes of a block that has only these. */
    static List<Problem> check(Body.Block block, List<String> attributes) {
        List<Problem> problems = new ArrayList<>();
        for (Body.Attribute attribute : block.body().attributes().values()) {
            if (!attributes.contains(attribute.name())) {
                problems.add(unknown(attribute.nameRange(), "attribute", attribute.name(), attributes));
            }
        }
        return problems;
    }

    private static Problem unknown(Range at, String what, String name, List<String> known) {
        String suggestion = NearestName.suggestion(name, known);
        return new Problem(
                Kind.INVALID_INPUT,
                "unknown " + what + " \"" + name + "\"",
                at.where(),
                "known here: " + String.join(", ", known),
                suggestion);
    }

    /** What was read and has no effect, in words. */
    static List<String> leftAlone(Body body) {
        List<String> notes = new ArrayList<>();
        for (Body.Block block : body.blocks()) {
            if (LEFT_ALONE_BLOCKS.contains(block.type())) {
                notes.add(note(block.header(), block.header().text()));
            } else if (block.type().equals("terraform")) {
                for (Body.Block hook : block.body().blocks()) {
                    notes.add(note(hook.header(), hook.header().text()));
                }
            }
        }
        for (Body.Attribute attribute : body.attributes().values()) {
            if (LEFT_ALONE_ATTRIBUTES.contains(attribute.name())) {
                notes.add(note(attribute.nameRange(), attribute.name()));
            }
        }
        return notes;
    }

    private static String note(Range at, String what) {
        return "%s: %s was read and left alone".formatted(at, what);
    }

    static Body.Block only(Body.Block first, List<Body.Block> all) {
        if (all.size() > 1) {
            throw new BuildException(
                    new Problem(
                            Kind.INVALID_INPUT,
                            "cannot have two \"" + first.type() + "\" blocks",
                            all.get(1).header().where(),
                            "one stands in line " + first.header().where().line() + " already",
                            null),
                    null);
        }
        return first;
    }
}
