package dev.talosforge.cli.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every command accepts, before or after its name. */
public final class GlobalOptions {
    @Option(
            names = {"-C", "--directory"},
            paramLabel = "DIR",
            description = "Work in this folder instead of the current one.")
    Path directory = Path.of("");

    @Option(names = "--json", description = "Print results as JSON to stdout, and events to stderr, one per line.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print more: notes about the tree, requests, what was reused.")
    boolean verbose;

    @Option(names = "--fresh", description = "Do not reuse intermediate results.")
    boolean fresh;

    @Option(names = "--no-push", description = "Build, but do not push or upload anything.")
    boolean noPush;

    @Option(names = "--no-hooks", description = "Do not run before_hook, after_hook and error_hook blocks.")
    boolean noHooks;

    @Option(names = "--no-auto-retry", description = "Do not retry units, whatever their retry blocks say.")
    boolean noRetry;

    @Option(
            names = "--overwrite-tag",
            description = "Allow moving a tag away from an image that its unit did not publish.")
    boolean overwriteTag;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = "Folder for blobs and intermediate results (TALOS_FORGE_STORE).")
    @Nullable
    Path store;

    @Option(
            names = "--workspace",
            paramLabel = "NAME",
            description = "Read and record the outputs of this workspace, as TF_WORKSPACE does.")
    @Nullable
    String workspace;

    @Option(names = "--strict", description = "Treat findings of the content checks as errors, not warnings.")
    boolean strict;

    @Option(names = "--locked", description = "Fail if an image is missing from the tree's lock.")
    boolean locked;

    @Option(
            names = "--lock-file",
            paramLabel = "FILE",
            description = "The lock file, instead of talos.lock.json beside the tree's common folder.")
    @Nullable
    Path lockFile;

    @Option(
            names = "--run-programs",
            description =
                    "Let commands that only read also run the programs of run_cmd and sops_decrypt_file; by default, only apply does.")
    boolean runPrograms;

    @Option(
            names = "--feature",
            paramLabel = "NAME=VALUE",
            description = "Set a feature flag of the tree, as TG_FEATURE does. May be repeated.")
    List<String> features = new ArrayList<>();

    @Option(
            names = "--var",
            paramLabel = "NAME=VALUE",
            description = "Override an input, as TF_VAR_NAME does. May be repeated.")
    List<String> variables = new ArrayList<>();

    /** As given; empty if it is the current folder. */
    public Path directory() {
        return directory;
    }

    public boolean strict() {
        return strict;
    }

    /** Options that concern a tree and were given, in the order in which help lists them. */
    public List<String> treeOptions() {
        SequencedMap<String, Boolean> given = new LinkedHashMap<>();
        given.put("--var", !variables.isEmpty());
        given.put("--feature", !features.isEmpty());
        given.put("--workspace", workspace != null);
        given.put("--locked", locked);
        given.put("--lock-file", lockFile != null);
        return given.keySet().stream().filter(given::get).toList();
    }

    /** Options shared by all commands are also accepted before the command: {@code talos-forge -C DIR plan}. */
    static GlobalOptions merge(GlobalOptions before, GlobalOptions after) {
        GlobalOptions merged = new GlobalOptions();
        merged.directory = after.directory.toString().isEmpty() ? before.directory : after.directory;
        merged.json = before.json || after.json;
        merged.verbose = before.verbose || after.verbose;
        merged.fresh = before.fresh || after.fresh;
        merged.noPush = before.noPush || after.noPush;
        merged.noHooks = before.noHooks || after.noHooks;
        merged.noRetry = before.noRetry || after.noRetry;
        merged.overwriteTag = before.overwriteTag || after.overwriteTag;
        merged.store = after.store == null ? before.store : after.store;
        merged.workspace = after.workspace == null ? before.workspace : after.workspace;
        merged.locked = before.locked || after.locked;
        merged.lockFile = after.lockFile == null ? before.lockFile : after.lockFile;
        merged.strict = before.strict || after.strict;
        merged.runPrograms = before.runPrograms || after.runPrograms;
        merged.features.addAll(before.features);
        merged.features.addAll(after.features);
        merged.variables.addAll(before.variables);
        merged.variables.addAll(after.variables);
        return merged;
    }
}
