package dev.talosforge.config.unit;

import dev.talosforge.problem.Where;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that a unit wants to be run around what is done with it.
 *
 * @param name unique for its kind only where one file of an include replaces another's
 * @param commands for which it runs: {@code apply}, {@code plan}, … There are no wildcards
 * @param execute the program and its arguments; empty where it is not known yet
 * @param workingDirectory as it was written, relative to the unit; null for the usual one
 * @param runOnError whether it runs when something before it has failed, too
 * @param suppressStdout whether what it writes to its standard output is kept from being seen
 * @param onErrors regular expressions of which one has to be found in what went wrong; only of {@link Kind#ERROR}
 * @param notKnown why not all of this is known; null where it is
 * @param where its header stands
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
        /** When something has failed, last of all. */
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

    /** As it is called in messages: {@code after_hook "publish"}. */
    public String title() {
        return "%s \"%s\"".formatted(kind.block(), name);
    }
}
