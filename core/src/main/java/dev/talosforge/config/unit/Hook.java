package dev.talosforge.config.unit;

import dev.talosforge.problem.Where;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that runs before or after the work on a unit, or after an error.
 *
 * @param name unique for its kind only if a file replaces a hook of an include
 * @param commands that it runs for: {@code apply}, {@code plan}, … There are no wildcards
 * @param execute the program and its arguments; empty if it is not known yet
 * @param workingDirectory as it was written, relative to the unit; null for the default one
 * @param runOnError whether it also runs if something before it has failed
 * @param suppressStdout whether its standard output is hidden
 * @param onErrors regular expressions, one of which must match the error; only for {@link Kind#ERROR}
 * @param notKnown why not all of this is known; null if it is
 * @param where its header is
 */
public record Hook(
        Kind kind,
        String name,
        List<String> commands,
        List<String> execute,
        @Nullable String workingDirectory,
        boolean runOnError,
        boolean suppressStdout,
        List<String> onErrors,
        @Nullable String notKnown,
        Where.Source where) {
    /** The command under which Terragrunt runs after hooks when it has read a unit, before anything else. */
    public static final String CONFIGURATION_READ = "terragrunt-read-config";

    public Hook {
        commands = List.copyOf(commands);
        execute = List.copyOf(execute);
        onErrors = List.copyOf(onErrors);
    }

    /** When it runs. */
    public enum Kind {
        BEFORE("before_hook"),
        AFTER("after_hook"),
        /** After a failure, last of all. */
        ERROR("error_hook");

        private final String block;

        Kind(String block) {
            this.block = block;
        }

        /** The type of its block. */
        public String block() {
            return block;
        }
    }

    public boolean runsFor(String command) {
        return commands.contains(command);
    }

    /** Its name in messages: {@code after_hook "publish"}. */
    public String title() {
        return "%s \"%s\"".formatted(kind.block(), name);
    }
}
