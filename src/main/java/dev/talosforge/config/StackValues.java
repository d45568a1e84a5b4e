package dev.talosforge.config;

import dev.talosforge.config.hcl.Body;
import dev.talosforge.config.hcl.Evaluator;
import dev.talosforge.config.hcl.LazyObject;
import dev.talosforge.config.hcl.Locals;
import dev.talosforge.config.hcl.Range;
import dev.talosforge.config.hcl.Scope;
import dev.talosforge.config.hcl.StandardFunctions;
import dev.talosforge.config.hcl.Value;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code values}: what a stack wrote beside a unit that it made. Stacks themselves are not supported. */
final class StackValues implements LazyObject {
    static final String FILE_NAME = "terragrunt.values.hcl";

    private final FileEvaluation file;

    StackValues(FileEvaluation file) {
        this.file = file;
    }

    private Locals values(Range at) {
        Path written = file.context().directory().resolve(FILE_NAME);
        if (!Files.isRegularFile(written)) {
            throw at.problem(
                    "cannot use values",
                    "there is no %s: a stack writes it, and stacks are not supported"
                            .formatted(file.run().shown(written)),
                    null);
        }
        return read(file.run(), written);
    }

    /** Values of such a file; they use no names. */
    static Locals read(Run run, Path written) {
        Body body = run.files().body(written);
        Locals values = new Locals("values", body.attributes());
        values.evaluateWith(new Evaluator(Scope.empty(), StandardFunctions.table(), run.budget()));
        return values;
    }

    @Override
    public Value member(String name, Range at) {
        return values(at).member(name, at);
    }

    @Override
    public Value whole(Range at) {
        return values(at).whole(at);
    }
}
