package dev.talosforge.config.hcl.syntax;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Where;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file.
 *
 * @param start offset of the first character
 * @param end offset after the last character
 */
public record Range(SourceText source, int start, int end) {
    public Where.Source where() {
        return source.where(start, end);
    }

    /** From the start of this one to the end of the other. */
    public Range to(Range last) {
        return new Range(source, start, Math.max(end, last.end));
    }

    public String text() {
        return source.text().substring(start, end);
    }

    /** A problem of the file's author that points here. */
    public BuildException problem(String what, String why, @Nullable String remedy) {
        return problem(Problem.Kind.INVALID_INPUT, what, why, remedy);
    }

    public BuildException problem(Problem.Kind kind, String what, String why, @Nullable String remedy) {
        return failure(kind, what, why, Remedy.of(remedy));
    }

    /** As {@code problem}, with a remedy that contains more than words. */
    public BuildException failure(Problem.Kind kind, String what, String why, @Nullable Remedy remedy) {
        return new BuildException(
                Problem.failed(kind, what).because(why).at(where()).trying(remedy));
    }

    @Override
    public String toString() {
        return source.file() + ":" + where().line() + ":" + where().column();
    }
}
