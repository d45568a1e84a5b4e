package dev.talosforge.config.terragrunt.block;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content that a block of a Terragrunt file may have.
 *
 * @param leastLabels number of labels that the block needs
 * @param mostLabels number of labels that it may have
 * @param attributes names that it knows; empty for any
 * @param required names that it needs
 * @param blocks blocks in it, by type
 */
public record BlockSchema(
        int leastLabels,
        int mostLabels,
        List<String> attributes,
        List<String> required,
        SortedMap<String, BlockSchema> blocks) {

    private static final List<String> HOOK =
            List.of("commands", "execute", "if", "run_on_error", "suppress_stdout", "working_dir");

    private static final SortedMap<String, BlockSchema> IN_TERRAFORM = blocks(
            "extra_arguments",
            labelled(
                    List.of("commands", "arguments", "required_var_files", "optional_var_files", "env_vars"),
                    List.of("commands")),
            "before_hook",
            labelled(HOOK, List.of("commands", "execute")),
            "after_hook",
            labelled(HOOK, List.of("commands", "execute")),
            "error_hook",
            labelled(
                    List.of("commands", "execute", "on_errors", "suppress_stdout", "working_dir"),
                    List.of("commands", "execute", "on_errors")));

    private static final SortedMap<String, BlockSchema> IN_ERRORS = blocks(
            "retry",
            labelled(
                    List.of("retryable_errors", "max_attempts", "sleep_interval_sec"),
                    List.of("retryable_errors", "max_attempts", "sleep_interval_sec")),
            "ignore",
            labelled(List.of("ignorable_errors", "message", "signals"), List.of("ignorable_errors")));

    /** Blocks of a file. */
    static final SortedMap<String, BlockSchema> FILE = blocks(
            "include",
            new BlockSchema(0, 1, List.of("path", "expose", "merge_strategy"), List.of(), new TreeMap<>()),
            "locals",
            plain(List.of(), List.of()),
            "dependency",
            labelled(
                    List.of(
                            "config_path",
                            "enabled",
                            "skip_outputs",
                            "mock_outputs",
                            "mock_outputs_allowed_terraform_commands",
                            "mock_outputs_merge_with_state",
                            "mock_outputs_merge_strategy_with_state"),
                    List.of()),
            "dependencies",
            plain(List.of("paths"), List.of()),
            "terraform",
            new BlockSchema(
                    0,
                    0,
                    List.of(
                            "source",
                            "version",
                            "update_source_with_cas",
                            "mutable",
                            "include_in_copy",
                            "exclude_from_copy",
                            "copy_terraform_lock_file"),
                    List.of(),
                    IN_TERRAFORM),
            "remote_state",
            plain(
                    List.of(
                            "backend",
                            "config",
                            "disable_init",
                            "disable_dependency_optimization",
                            "generate",
                            "encryption"),
                    List.of()),
            "generate",
            labelled(
                    List.of(
                            "path",
                            "if_exists",
                            "contents",
                            "if_disabled",
                            "comment_prefix",
                            "disable_signature",
                            "disable",
                            "hcl_fmt",
                            "mutable"),
                    List.of("path", "if_exists", "contents")),
            "exclude",
            plain(List.of("if", "actions", "no_run", "exclude_dependencies"), List.of("if", "actions")),
            "feature",
            labelled(List.of("default"), List.of("default")),
            "errors",
            new BlockSchema(0, 0, List.of(), List.of(), IN_ERRORS),
            "engine",
            plain(List.of("source", "version", "type", "meta"), List.of("source")),
            "catalog",
            plain(List.of("urls", "default_template", "no_shell", "no_hooks"), List.of("urls")));

    private static BlockSchema plain(List<String> attributes, List<String> required) {
        return new BlockSchema(0, 0, attributes, required, new TreeMap<>());
    }

    private static BlockSchema labelled(List<String> attributes, List<String> required) {
        return new BlockSchema(1, 1, attributes, required, new TreeMap<>());
    }

    private static SortedMap<String, BlockSchema> blocks(Object... namesAndSchemas) {
        SortedMap<String, BlockSchema> blocks = new TreeMap<>();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            blocks.put((String) namesAndSchemas[i], (BlockSchema) namesAndSchemas[i + 1]);
        }
        return blocks;
    }

    /** A block of a file. */
    public static BlockSchema of(String type) {
        BlockSchema schema = FILE.get(type);
        if (schema == null) {
            throw new IllegalArgumentException(type);
        }
        return schema;
    }

    /** Whether it may have any attribute. */
    boolean open() {
        return attributes.isEmpty() && blocks.isEmpty();
    }
}
