package dev.talosforge.config.unit;

/** The files that make a folder a unit, or a stack. */
public final class UnitFiles {
    /** Of a unit. */
    public static final String FILE_NAME = "terragrunt.hcl";

    /** The same as JSON. */
    public static final String JSON_FILE_NAME = "terragrunt.hcl.json";

    /** The file of a stack, whose units are generated. */
    public static final String STACK_FILE_NAME = "terragrunt.stack.hcl";

    private UnitFiles() {}
}
