package dev.talosforge.pipeline.module;

import dev.talosforge.bytes.OpenFile;
import dev.talosforge.bytes.WholeFile;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.state.Turn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes our modules where Terraform and Terragrunt find them. Files of others are never changed. */
public record ModuleWriting(RunSettings settings) {
    /** What Terraform and OpenTofu read of a folder, all files as one configuration. */
    private static final Pattern READ_BY_TERRAFORM = Pattern.compile(".*\\.(tf|tofu)(\\.json)?");

    /** All modules, for any unit, in a folder. */
    public ModuleResult write(Path folder) throws IOException {
        return new ModuleResult(write(ModuleTargets.in(folder)), List.of(), List.of());
    }

    /**
     * Those that units use, where their sources point, with what the tree expects in them.
     *
     * @param units folders with units at or below them, absolute
     * @param folder where the modules have to be; null for wherever that is
     */
    public ModuleResult writeFor(List<Path> units, @Nullable Path folder) throws IOException {
        ModuleTargets targets = new ModuleTargets(settings);
        units.forEach(targets::add);
        List<ModuleTarget> all = targets.all();
        if (folder != null) {
            List<Problem> elsewhere = all.stream()
                    .filter(target -> !folder.equals(target.folder().getParent()))
                    .map(target -> Problem.failed(Problem.Kind.INVALID_INPUT, "cannot write modules into " + folder)
                            .because("the source of %s is %s".formatted(target.unit(), target.folder()))
                            .trying("leave out the folder: it is found by the source"))
                    .toList();
            if (!elsewhere.isEmpty()) {
                throw new BuildException(elsewhere, null);
            }
        }
        List<ModuleResult.Written> written = write(all);
        return new ModuleResult(written, targets.moveStates(), targets.notes());
    }

    /** Nothing is written if something is in the way of one of them. */
    private static List<ModuleResult.Written> write(List<ModuleTarget> targets) throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (ModuleTarget target : targets) {
            inTheWay(target, there(target.folder()), problems);
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        List<ModuleResult.Written> written = new ArrayList<>();
        for (ModuleTarget target : targets) {
            written.add(write(target));
        }
        return written;
    }

    private static ModuleResult.Written write(ModuleTarget target) throws IOException {
        SequencedMap<String, String> files = ModuleFiles.of(target.module(), target.backend(), target.variables());
        Path folder = target.folder();
        Files.createDirectories(folder);
        try (Turn _ = Turn.at(folder)) {
            SortedMap<String, byte[]> there = there(folder);
            List<Problem> problems = new ArrayList<>();
            inTheWay(target, there, problems);
            if (!problems.isEmpty()) {
                throw new BuildException(problems, null);
            }
            List<String> written = new ArrayList<>();
            for (var file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                if (!Arrays.equals(content, there.get(file.getKey()))) {
                    WholeFile.write(folder.resolve(file.getKey()), content);
                    written.add(file.getKey());
                }
            }
            List<String> removed = new ArrayList<>();
            for (String name : there.keySet()) {
                if (!files.containsKey(name)) {
                    Files.delete(folder.resolve(name));
                    removed.add(name);
                }
            }
            return new ModuleResult.Written(
                    target.module(), folder, target.backend(), List.copyOf(files.keySet()), written, removed);
        }
    }

    /** What Terraform would read there, by name. */
    private static SortedMap<String, byte[]> there(Path folder) throws IOException {
        SortedMap<String, byte[]> there = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return there;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (READ_BY_TERRAFORM.matcher(name).matches()) {
                    there.put(name, Files.isRegularFile(file) ? OpenFile.read(file) : new byte[0]);
                }
            }
        }
        return there;
    }

    private static void inTheWay(ModuleTarget target, SortedMap<String, byte[]> there, List<Problem> problems) {
        List<String> others = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        there.forEach((name, content) -> {
            switch (WrittenFile.of(new String(content, StandardCharsets.UTF_8))) {
                case OURS -> {}
                case CHANGED -> changed.add(name);
                case OTHERS -> others.add(name);
            }
        });
        Path folder = target.folder();
        if (!others.isEmpty()) {
            problems.add(refused(
                    target,
                    "it has files that Talos Forge did not write, and Terraform would read all of them as one module: "
                            + String.join(", ", others),
                    "move the folder away, and run it again: git mv '%1$s' '%1$s.before'   (back: git rm -r '%1$s' && git mv '%1$s.before' '%1$s')"
                            .formatted(folder)));
        }
        if (!changed.isEmpty()) {
            problems.add(refused(
                    target,
                    "files that Talos Forge wrote were changed since: " + String.join(", ", changed),
                    "move your changes to a module that calls this one, then remove the files: rm "
                            + String.join(
                                    " ",
                                    changed.stream()
                                            .map(name -> "'%s'".formatted(folder.resolve(name)))
                                            .toList())));
        }
    }

    private static Problem refused(ModuleTarget target, String why, String remedy) {
        return Problem.failed(
                        Problem.Kind.INVALID_INPUT,
                        "cannot write the module %s into %s"
                                .formatted(target.module().module(), target.folder()))
                .because(why)
                .trying(remedy);
    }
}
