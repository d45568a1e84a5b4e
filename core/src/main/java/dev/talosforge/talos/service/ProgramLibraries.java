package dev.talosforge.talos.service;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.elf.ElfFile;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.service.ContainerFiles.Found;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The libraries that a program needs, and those that they need in turn, found as the loaders of glibc and musl find
 * them. A library anywhere else in the container counts as found: the loader's cache may know it.
 */
final class ProgramLibraries {
    private static final int MAX_LIBRARIES = 1000;

    /** musl's own loader. */
    private static final Pattern OF_MUSL = Pattern.compile("lib(c|pthread|rt|m|dl|util|xnet)\\..*");

    private final ContainerFiles files;
    private final String loader;
    private final int machine;
    private final Set<String> seen = new HashSet<>();
    private final Deque<Needing> open = new ArrayDeque<>();
    private final List<String> folders = new ArrayList<>();
    private @Nullable Set<String> names;

    private record Needing(ElfFile file, String path) {}

    /**
     * A library that is missing.
     *
     * @param by the program or library that needs it
     */
    record Missing(String name, String by) {}

    /**
     * For one program.
     *
     * @param program with an interpreter
     * @param libraryPath as LD_LIBRARY_PATH has it
     */
    ProgramLibraries(ContainerFiles files, ElfFile program, String path, @Nullable String libraryPath) {
        this.files = files;
        this.loader = FileTree.nameOf(String.valueOf(program.interpreter()));
        this.machine = program.machine();
        if (libraryPath != null) {
            folders.addAll(List.of(libraryPath.split("[:;]", -1)));
        }
        for (Architecture architecture : Architecture.values()) {
            if (architecture.elfMachine() == machine) {
                folders.addAll(List.of("/lib/" + architecture.triplet(), "/usr/lib/" + architecture.triplet()));
            }
        }
        folders.addAll(List.of("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"));
        open.add(new Needing(program, path));
    }

    /** The first missing one; null if none is, or if it is not known. */
    @Nullable
    Missing firstMissing() throws IOException {
        while (!open.isEmpty() && seen.size() < MAX_LIBRARIES) {
            Needing needing = open.pop();
            for (String name : needing.file().needed()) {
                boolean own = name.equals(loader)
                        || (loader.startsWith("ld-musl-")
                                && OF_MUSL.matcher(name).matches());
                if (!own && seen.add(name) && !find(name, needing)) {
                    return new Missing(name, needing.path());
                }
            }
        }
        return null;
    }

    private boolean find(String name, Needing by) throws IOException {
        for (String path : places(name, by)) {
            switch (files.find(path)) {
                case Found.Unknown() -> {
                    return true;
                }
                case Found.File(Entry.RegularFile file, String at) -> {
                    ElfFile library = read(file);
                    if (library != null && library.machine() == machine) {
                        open.add(new Needing(library, at));
                        return true;
                    }
                }
                case Found.File _, Found.Nothing _, Found.Hidden _ -> {}
            }
        }
        return isAnywhere(name);
    }

    private List<String> places(String name, Needing by) {
        if (name.contains("/")) {
            return List.of(name);
        }
        String origin = by.path().substring(0, Math.max(0, by.path().lastIndexOf('/')));
        List<String> places = new ArrayList<>();
        for (String folder : by.file().libraryPath()) {
            places.add(folder.replace("${ORIGIN}", origin).replace("$ORIGIN", origin) + "/" + name);
        }
        folders.forEach(folder -> places.add(folder + "/" + name));
        return places;
    }

    private static @Nullable ElfFile read(Entry.RegularFile file) throws IOException {
        try {
            return ElfFile.read(file.content());
        } catch (FormatException e) {
            return null; // a loader skips it, too
        }
    }

    private boolean isAnywhere(String name) {
        Set<String> all = names;
        if (all == null) {
            all = new HashSet<>();
            for (Entry entry : files.root().entries()) {
                if (!(entry instanceof Entry.Directory)) {
                    all.add(FileTree.nameOf(entry.path()));
                }
            }
            names = all;
        }
        return all.contains(name);
    }
}
