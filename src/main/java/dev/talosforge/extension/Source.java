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

/** Where files of an extension come from. */
public sealed interface Source {
    /** What a person calls it, beside its number: {@code "image quay.io/frrouting/frr"}. */
    String name();

    /**
     * Whether its folders have modes and owners that somebody chose. Those of the others say nothing: what an earlier
     * source says of the same folder stays.
     */
    default boolean knowsFolders() {
        return switch (this) {
            case Image _, Packages _, Archive _, Build _ -> true;
            case Folder _, Texts _, Download _ -> false;
        };
    }

    /** Whether {@link Pruning} is done unless the unit says otherwise: not of what somebody chose file by file. */
    default boolean isPrunedUsually() {
        return switch (this) {
            case Image _, Packages _, Archive _, Build _ -> true;
            case Folder _, Texts _, Download _ -> false;
        };
    }

    /** The root file system of an image, for the architecture that is built. */
    record Image(ImagePlace place) implements Source {
        @Override
        public String name() {
            return "image " + place.name();
        }
    }

    /** Debian packages with all they need, in the versions of the unit's lock. */
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
     * A folder of this machine, most often of the unit. Its owners and times say nothing, and of modes only whether a
     * file may be run, which is what git keeps.
     *
     * @param written as it stands in the unit
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
     * A tar archive, in any compression that is read here.
     *
     * @param strip how many folders are taken off the begin of every path
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
     * What a command leaves that is run on sources of its own, apart from the machine.
     *
     * @param tools Debian packages that the command runs with, of the building machine's architecture
     * @param sources what it works on, in order
     * @param patches applied to them before, in order; absolute
     * @param command for {@code sh -e}
     * @param environment of the command, besides the sandbox's own
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

    /** What kind of file an entry is, in a message. */
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
     * A source in its place.
     *
     * @param at where it stands in the unit: {@code "sources[2]"}
     */
    record Item(String at, Source source, Placement placement) {
        /** For messages: {@code "sources[2] (dir rootfs)"}. */
        @Override
        public String toString() {
            return "%s (%s)".formatted(at, source.name());
        }
    }
}
