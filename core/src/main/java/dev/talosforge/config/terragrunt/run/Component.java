package dev.talosforge.config.terragrunt.run;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A unit or a stack that a stack generates: a copy of a folder in another place, with its own values. It is not copied
 * here; {@link SeenFiles} shows its files where they would be.
 *
 * @param name of its block
 * @param folder where Terragrunt generates it, absolute
 * @param source the folder on this disk that it is a copy of; null if it is not available
 * @param values what {@code values} is in it; null if it has none
 * @param added its {@code autoinclude} block; null if there is none
 * @param level number of stacks that contain it
 * @param problems why it is missing
 * @param unsupported what its values needed and is not supported
 * @param notes on what was read and has no effect
 */
public record Component(
        Kind kind,
        String name,
        Path folder,
        @Nullable Path source,
        @Nullable Value values,
        @Nullable AutoInclude added,
        int level,
        List<Problem> problems,
        List<Problem> unsupported,
        List<String> notes) {
    public enum Kind {
        UNIT("unit", UnitFiles.FILE_NAME, "terragrunt.autoinclude.hcl"),
        STACK("stack", UnitFiles.STACK_FILE_NAME, "terragrunt.autoinclude.stack.hcl");

        private final String block;
        private final String file;
        private final String autoInclude;

        Kind(String block, String file, String autoInclude) {
            this.block = block;
            this.file = file;
            this.autoInclude = autoInclude;
        }

        /** The type of its block. */
        public String block() {
            return block;
        }

        /** The file that the copied folder must have. */
        public String file() {
            return file;
        }

        /** The file beside it into which Terragrunt writes the {@code autoinclude} block. */
        public String autoInclude() {
            return autoInclude;
        }
    }

    /**
     * What a stack puts over what it copies.
     *
     * @param scope the names and functions of the stack's file, with which it is evaluated
     */
    public record AutoInclude(Body body, StackScope scope) {}

    public Component {
        problems = List.copyOf(problems);
        unsupported = List.copyOf(unsupported);
        notes = List.copyOf(notes);
    }
}
