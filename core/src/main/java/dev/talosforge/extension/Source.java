package dev.talosforge.extension;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.tree.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** A source of an extension's files. */
public sealed interface Source {
    /** A title for people, in addition to its number: {@code "image quay.io/frrouting/frr"}. */
    String name();

    /**
     * Whether somebody chose the modes and owners of its folders. Otherwise they mean nothing, and those of an earlier
     * source with the same folder stay.
     */
    default boolean knowsFolders() {
        return switch (this) {
            case Image _, Packages _, Archive _, Build _ -> true;
            case Folder _, Texts _, Download _ -> false;
        };
    }

    /** Whether {@link Pruning} is the default: not for files that somebody chose one by one. */
    default boolean isPrunedUsually() {
        return switch (this) {
            case Image _, Packages _, Archive _, Build _ -> true;
            case Folder _, Texts _, Download _ -> false;
        };
    }

    /** The root file system of an image, for the architecture being built. */
    record Image(ImagePlace place) implements Source {
        @Override
        public String name() {
            return "image " + place.name();
        }
    }

    /** Debian packages with all their dependencies, in the versions of the unit's lock. */
    record Packages(List<String> names) implements Source {
        public Packages {
            names = List.copyOf(names);
        }

        @Override
        public String name() {
            return "debian_packages " + String.join(", ", names);
        }
    }

    /**
     * A folder of this machine, usually in the unit. Owners and times do not count, and of modes only whether a file is
     * executable, which is what git keeps.
     *
     * @param written as written in the unit
     */
    record Folder(String written, Path path) implements Source {
        @Override
        public String name() {
            return "dir " + written;
        }
    }

    /** Texts by path. */
    record Texts(SequencedMap<String, String> files) implements Source {
        public Texts {
            files = Collections.unmodifiableSequencedMap(new TreeMap<>(files));
        }

        @Override
        public String name() {
            return "files";
        }
    }

    /**
     * A tar archive, in any supported compression.
     *
     * @param strip how many leading folders to strip from every path
     */
    record Archive(Origin origin, int strip) implements Source {
        @Override
        public String name() {
            return "archive " + origin.written();
        }
    }

    /** One file. */
    record Download(Origin origin, String path, int mode) implements Source {
        @Override
        public String name() {
            return "download " + origin.written();
        }
    }

    /**
     * The output of a command that runs on its own sources, isolated from the machine.
     *
     * @param tools Debian packages for the command to run with, of the building machine's architecture
     * @param sources what it works on, in order
     * @param patches applied to the sources first, in order; absolute
     * @param command for {@code sh -e}
     * @param environment of the command, in addition to the sandbox's own
     */
    record Build(
            List<String> tools,
            List<Item> sources,
            List<Path> patches,
            String command,
            SortedMap<String, String> environment,
            Duration limit)
            implements Source {
        public Build {
            tools = List.copyOf(tools);
            sources = List.copyOf(sources);
            patches = List.copyOf(patches);
            environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        }

        @Override
        public String name() {
            return "build";
        }
    }

    /** The kind of an entry, for messages. */
    static String kind(Entry entry) {
        return switch (entry) {
            case Entry.Directory _ -> "a folder";
            case Entry.RegularFile _, Entry.HardLink _ -> "a file";
            case Entry.Symlink _ -> "a symbolic link";
            case Entry.CharDevice _, Entry.BlockDevice _ -> "a device";
            case Entry.Fifo _ -> "a pipe";
        };
    }

    /**
     * A source with its place.
     *
     * @param at its place in the unit: {@code "sources[2]"}
     */
    record Item(String at, Source source, Placement placement) {
        /** For messages: {@code "sources[2] (dir rootfs)"}. */
        @Override
        public String toString() {
            return "%s (%s)".formatted(at, source.name());
        }
    }
}
