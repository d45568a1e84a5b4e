package dev.talosforge.config.unit;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.Where;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a {@code terragrunt.hcl}, evaluated. An input may contain {@link Value.Unknown} if it comes from a
 * program or from outputs that are not recorded yet; the notes name the command that creates them.
 *
 * @param directory absolute; not on disk if a stack generates the unit
 * @param contents the folder on disk with its files: the same, or the folder that the stack generates it from
 * @param name the folder, relative to where the search began, with slashes; {@code .} for that folder itself
 * @param source {@code terraform.source} as it was written; null without a {@code terraform} block
 * @param module last segment of the source's path, which selects the stage; null without a source
 * @param inputs by name, in the order of their names
 * @param places where each input is set
 * @param dependencies in the order of the file
 * @param includes the files that this one includes, absolute
 * @param skipped whether the unit excludes itself from runs: {@code skip} or an {@code exclude} block
 * @param hooks programs that run around it; none for a unit that does not run here
 * @param notes on what was read and has no effect
 * @param given whether a caller gave the inputs as values; otherwise they are written in files
 */
public record Unit(
        Path directory,
        Path contents,
        String name,
        @Nullable String source,
        @Nullable String module,
        SequencedMap<String, Value> inputs,
        SequencedMap<String, Where.Source> places,
        List<Dependency> dependencies,
        List<Path> includes,
        @Nullable RemoteState remoteState,
        boolean skipped,
        Hooks hooks,
        List<String> notes,
        boolean given) {
    public Unit {
        inputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(inputs));
        places = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(places));
        dependencies = List.copyOf(dependencies);
        includes = List.copyOf(includes);
        notes = List.copyOf(notes);
    }

    /**
     * A unit without files, of inputs that a caller gives.
     *
     * @param directory absolute, which relative paths are from; need not exist
     * @param name in messages
     */
    public static Unit given(Path directory, String name, String module, SequencedMap<String, Value> inputs) {
        return new Unit(
                directory,
                directory,
                name,
                module,
                module,
                inputs,
                new LinkedHashMap<>(),
                List.of(),
                List.of(),
                null,
                false,
                Hooks.none(),
                List.of(),
                true);
    }

    /** The same unit with other inputs. */
    public Unit with(SequencedMap<String, Value> others) {
        return new Unit(
                directory,
                contents,
                name,
                source,
                module,
                others,
                places,
                dependencies,
                includes,
                remoteState,
                skipped,
                hooks,
                notes,
                given);
    }

    /** The file that makes it a unit, on the disk. */
    public Path file() {
        return fileIn(contents);
    }

    /** The file on disk that makes a folder a unit; if there is none, the one that should. */
    public static Path fileIn(Path folder) {
        Path file = folder.resolve(UnitFiles.FILE_NAME);
        Path json = folder.resolve(UnitFiles.JSON_FILE_NAME);
        return !Files.exists(file) && Files.isRegularFile(json) ? json : file;
    }

    /** The place on disk of something that the unit names: relative to its folder, or a file of its origin. */
    public Path onDisk(String path) {
        Path there = directory.resolve(path).normalize();
        Path copied = there.startsWith(directory) ? contents.resolve(directory.relativize(there)) : there;
        return Files.exists(copied) ? copied : there;
    }

    /** Whether an input is written in the unit's own file, not in one that it includes or reads, or is given. */
    public boolean writes(String input) {
        if (given) {
            return inputs.containsKey(input);
        }
        Where.Source place = places.get(input);
        return place != null && place.file().equals(file());
    }

    /** Names of the dependencies whose mock outputs are used. */
    public List<String> mockedDependencies() {
        return dependencies.stream()
                .filter(dependency -> dependency.outputs() == Dependency.Outputs.MOCKED)
                .map(Dependency::name)
                .toList();
    }

    /**
     * The last segment of a source's path: {@code talos_images} for
     * {@code git::https://x/y.git//modules/talos_images?ref=1} and for {@code ../../modules/talos_images}.
     */
    public static String moduleOf(String source) {
        int query = source.indexOf('?');
        String path = query < 0 ? source : source.substring(0, query);
        String trimmed = path.replaceAll("/+$", "");
        String last = trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf(':')) + 1);
        return last.endsWith(".git") ? last.substring(0, last.length() - ".git".length()) : last;
    }
}
