package dev.talosforge.pipeline.hook;

import dev.talosforge.config.unit.Hook;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.run.HandOver;
import dev.talosforge.state.HandedOver;
import dev.talosforge.state.StateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the hooks of a unit run. Terragrunt runs them in its copy of the module, with a fresh copy of the unit's files.
 * Here nothing is copied, and the copy of an earlier run is old: so hooks run in the unit's folder, and in the copy
 * only if they read outputs that are nowhere else. The folder of a unit that a stack generates is empty except for its
 * state: a word of the command that names a file of the unit means the file it is generated from.
 *
 * @param state where the unit's outputs are recorded
 * @param copies where Terragrunt may keep its copy of the module
 */
record HookPlace(Unit unit, Path state, List<Path> copies) {
    private static final long MAX_SCRIPT = 1 << 18;
    private static final Pattern OUTPUT =
            Pattern.compile("\\b(?:terraform|tofu|TG_CTX_TF_PATH)\\b\\S*(?:\\s+-\\S+)*\\s+output\\b");

    HookPlace {
        copies = List.copyOf(copies);
    }

    static HookPlace of(Unit unit, Path state, SortedMap<String, String> environment) {
        return new HookPlace(
                unit,
                state,
                HandOver.of(unit, null, environment).folders().stream()
                        .map(HandedOver::folder)
                        .toList());
    }

    /**
     * The folder and the command to run in it.
     *
     * @param blind whether the command looks for outputs and will not find them
     */
    record Start(Path folder, List<String> command, boolean blind) {}

    Start of(Hook hook) {
        Path home = unit.directory();
        String named = hook.workingDirectory();
        if (named != null) {
            return new Start(unit.onDisk(named), hook.execute(), false);
        }
        List<String> command = unit.contents().equals(home)
                ? hook.execute()
                : hook.execute().stream().map(this::original).toList();
        if (!readsOutputs(hook) || hasOutputs(home)) {
            return new Start(home, command, false);
        }
        for (Path copy : copies) {
            if (hasOutputs(copy)) {
                return new Start(
                        copy, hook.execute().stream().map(this::original).toList(), false);
            }
        }
        return new Start(home, command, true);
    }

    /** Judged by the command, or by the content of a script of the unit that it runs. */
    private boolean readsOutputs(Hook hook) {
        List<String> texts = new ArrayList<>(List.of(String.join(" ", hook.execute())));
        for (String word : hook.execute()) {
            Path script = file(word);
            try {
                if (script != null && Files.size(script) <= MAX_SCRIPT) {
                    texts.add(new String(Files.readAllBytes(script), StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // Reported when it is run.
            }
        }
        return texts.stream().anyMatch(text -> OUTPUT.matcher(text).find());
    }

    /** A file of the unit that a word of the command names from its folder; otherwise null. */
    private @Nullable Path file(String word) {
        try {
            Path file = unit.onDisk(word);
            return !word.isEmpty() && Files.isRegularFile(file) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Files are those of the unit, wherever the command runs. */
    private String original(String word) {
        Path file = file(word);
        return file == null ? word : file.toString();
    }

    /** Whether Terraform, started in a folder without configuration, finds the recorded outputs there. */
    private boolean hasOutputs(Path folder) {
        try {
            Path there = folder.resolve("terraform.tfstate");
            if (Files.exists(folder.resolve(".terraform").resolve("terraform.tfstate")) || !Files.exists(there)) {
                return false; // the former says that another place counts
            }
            SequencedMap<String, Json> recorded = StateFile.at(state).outputs();
            return recorded != null && recorded.equals(StateFile.at(there).outputs());
        } catch (IOException e) {
            return false;
        }
    }
}
