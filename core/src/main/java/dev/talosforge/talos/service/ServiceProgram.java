package dev.talosforge.talos.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.elf.ElfFile;
import dev.talosforge.problem.NearestName;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.service.ContainerFiles.Found;
import dev.talosforge.talos.service.ServiceSpec.Container;
import dev.talosforge.talos.service.ServiceSpec.Word;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the entry point of a service can be run: found as runc finds it, started as Linux starts it. A name without a
 * slash is looked up in the service's PATH only; any other path starts at the container's root.
 */
final class ServiceProgram {
    /** How deep Linux lets scripts run one another. */
    private static final int MAX_SCRIPTS = 5;

    /** How much of a script's first line Linux reads. */
    private static final int FIRST_LINE = 256;

    private static final int RUNNABLE = 0111;

    private final ContainerFiles files;
    private final Container container;
    private final String home;
    private final @Nullable Architecture architecture;

    /**
     * For one service.
     *
     * @param home the container's root on the machine
     * @param architecture null if unknown
     */
    ServiceProgram(ContainerFiles files, Container container, String home, @Nullable Architecture architecture) {
        this.files = files;
        this.container = container;
        this.home = home;
        this.architecture = architecture;
    }

    /** Why something does not run. */
    record Trouble(String why, @Nullable String remedy) {}

    /** Reports what is wrong with the entry point, if anything. */
    void check(ServiceNotes notes) throws IOException {
        Word word = container.entrypoint();
        if (word == null || word.text().isEmpty()) {
            return; // already reported
        }
        Trouble trouble = word.text().contains("/") ? path(word.text()) : name(word.text());
        if (trouble != null) {
            notes.error(word.at(), trouble.why(), trouble.remedy());
        }
    }

    /** Reports a missing one, without looking into it: contents need not be known. */
    void checkPresence(ServiceNotes notes) {
        Word word = container.entrypoint();
        if (word != null && word.text().contains("/") && files.find(word.text()) instanceof Found.Nothing) {
            Trouble trouble = missing(word.text());
            notes.error(word.at(), trouble.why(), trouble.remedy());
        }
    }

    private Trouble missing(String path) {
        return new Trouble("entrypoint %s is not in %s".formatted(path, home), suggestion(path));
    }

    private @Nullable Trouble name(String name) throws IOException {
        String path = environment("PATH");
        if (path == null) {
            return container.environmentFile() != null
                    ? null
                    : new Trouble(
                            "entrypoint %s is a name without a folder, and the service has no PATH to find it in"
                                    .formatted(name),
                            "write the full path, or PATH=… in environment");
        }
        for (String folder : path.split(":", -1)) {
            switch (files.find(folder + "/" + name)) {
                case Found.File(Entry.RegularFile file, String at)
                when isRunnable(file) -> {
                    return program(file, at);
                }
                case Found.Unknown() -> {
                    return null;
                }
                case Found.File _, Found.Nothing _, Found.Hidden _ -> {}
            }
        }
        return new Trouble(
                "entrypoint %s is not in any folder of the service's PATH: %s".formatted(name, path),
                "write the full path");
    }

    private @Nullable String environment(String name) {
        String found = null;
        for (Word variable : container.environment()) {
            if (variable.text().startsWith(name + "=")) {
                found = variable.text().substring(name.length() + 1);
            }
        }
        return found;
    }

    private @Nullable Trouble path(String path) throws IOException {
        return switch (files.find(path)) {
            case Found.Nothing() -> missing(path);
            case Found.Hidden(String mount) ->
                new Trouble(
                        "entrypoint %s is hidden by the file system that is mounted at %s".formatted(path, mount),
                        null);
            case Found.Unknown() -> null;
            case Found.File(Entry.RegularFile file, String at) when isRunnable(file) -> program(file, at);
            case Found.File(Entry.RegularFile file, String at) ->
                new Trouble(
                        "entrypoint %s is not executable: its mode is %04o"
                                .formatted(path, file.attributes().permissions()),
                        "give it mode 0755");
            case Found.File _ -> new Trouble("entrypoint %s is not an executable file".formatted(path), null);
        };
    }

    /** A program of that name in another folder, or of a similar name; null if there is none. */
    private @Nullable String suggestion(String path) {
        String wanted = NodePaths.clean("/" + path);
        List<String> programs = new ArrayList<>();
        for (Entry entry : files.root().entries()) {
            if (entry instanceof Entry.Symlink || (entry instanceof Entry.RegularFile file && isRunnable(file))) {
                if (FileTree.nameOf(entry.path()).equals(FileTree.nameOf(wanted))) {
                    return "did you mean \"/%s\"?".formatted(entry.path());
                }
                programs.add("/" + entry.path());
            }
        }
        return NearestName.suggestion(wanted, programs);
    }

    private static boolean isRunnable(Entry.RegularFile file) {
        return (file.attributes().permissions() & RUNNABLE) != 0;
    }

    private @Nullable Trouble program(Entry.RegularFile file, String path) throws IOException {
        Entry.RegularFile at = file;
        String name = path;
        for (int scripts = 0; scripts < MAX_SCRIPTS; scripts++) {
            byte[] start = at.content()
                    .read(name, 0, (int) Math.min(FIRST_LINE, at.content().size()));
            if (ElfFile.hasMagic(start)) {
                return binary(at, name);
            }
            String interpreter = interpreter(start);
            if (interpreter == null) {
                return new Trouble(
                        "%s is neither a program nor a script with an interpreter line".formatted(name),
                        "start a script with #! and the path of its interpreter");
            }
            switch (files.find(interpreter)) {
                case Found.Unknown() -> {
                    return null;
                }
                case Found.File(Entry.RegularFile found, String where)
                when isRunnable(found) -> {
                    at = found;
                    name = where;
                }
                case Found.File _, Found.Nothing _, Found.Hidden _ -> {
                    return new Trouble(
                            "%s is run by %s, which is not in the container or not executable"
                                    .formatted(name, interpreter),
                            "add it, or use another one after #!");
                }
            }
        }
        return new Trouble("%s is run by a script that is run by a script, and so on".formatted(path), null);
    }

    /** Of {@code #!/bin/sh -e}: the path; null for another file. */
    private static @Nullable String interpreter(byte[] start) {
        String text = new String(start, ISO_8859_1);
        if (!text.startsWith("#!")) {
            return null;
        }
        List<String> words =
                List.of(text.substring(2).lines().findFirst().orElse("").strip().split("[ \t]", -1));
        return words.getFirst().isEmpty() ? null : words.getFirst();
    }

    private @Nullable Trouble binary(Entry.RegularFile file, String path) throws IOException {
        ElfFile program;
        try {
            program = ElfFile.read(file.content());
        } catch (FormatException e) {
            return new Trouble("%s is a damaged program: %s".formatted(path, e.getMessage()), null);
        }
        if (architecture != null && program.machine() != architecture.elfMachine()) {
            return new Trouble(
                    "%s is a program for %s, but this extension is for %s"
                            .formatted(path, machine(program.machine()), architecture.label()),
                    null);
        }
        if (program.type() != ElfFile.EXECUTABLE && program.type() != ElfFile.SHARED) {
            return new Trouble("%s is neither a program nor a library".formatted(path), null);
        }
        String loader = program.interpreter();
        if (loader == null) {
            return null;
        }
        return switch (files.find(loader)) {
            case Found.Nothing _, Found.Hidden _ ->
                new Trouble(
                        "%s is started by %s, which is not in the container".formatted(path, loader),
                        "add the C library that it was built with, or build it statically");
            case Found.Unknown() -> null;
            case Found.File _ -> libraries(program, path);
        };
    }

    private @Nullable Trouble libraries(ElfFile program, String path) throws IOException {
        ProgramLibraries libraries = new ProgramLibraries(files, program, path, environment("LD_LIBRARY_PATH"));
        ProgramLibraries.Missing missing = libraries.firstMissing();
        return missing == null
                ? null
                : new Trouble(
                        "%s needs the library %s, which is not in the container"
                                .formatted(missing.by(), missing.name()),
                        "add the package or file that contains it");
    }

    private static String machine(int elfMachine) {
        for (Architecture architecture : Architecture.values()) {
            if (architecture.elfMachine() == elfMachine) {
                return architecture.label();
            }
        }
        return "another machine (ELF machine %d)".formatted(elfMachine);
    }
}
