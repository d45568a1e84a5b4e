package dev.talosforge.talos.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that an extension provides, as its file in {@code /usr/local/etc/containers} describes it: Talos runs it as
 * {@code ext-NAME} in a container whose root file system is {@code /usr/local/lib/containers/NAME}.
 *
 * <p>Every value knows its place, so that problems with it can be shown. What the file does not say is null or empty.
 *
 * @param file its path on a machine
 * @param restart {@code always}, {@code never} or {@code untilSuccess}
 * @param logToConsole where that is switched on
 */
public record ServiceSpec(
        String file,
        @Nullable Word name,
        Container container,
        List<Dependency> depends,
        @Nullable Word restart,
        @Nullable Word logToConsole) {
    public ServiceSpec {
        depends = List.copyOf(depends);
    }

    /** Whether it waits for this place on the machine, or for one inside it. */
    boolean waitsForPath(String place) {
        return depends.stream()
                .map(Dependency::path)
                .anyMatch(path -> path != null && NodePaths.isIn(NodePaths.clean(path.text()), place));
    }

    /**
     * A range in one line of the file.
     *
     * @param line from one
     * @param column from one
     */
    public record Place(int line, int column, int length) {}

    /** A value as it is written. */
    public record Word(String text, Place at) {}

    /**
     * What is run, and in which environment.
     *
     * @param entrypoint relative to the container's root
     * @param environmentFile on the machine, waited for and read before each start
     */
    public record Container(
            @Nullable Word entrypoint,
            List<Word> environment,
            @Nullable Word environmentFile,
            List<Word> args,
            List<Mount> mounts,
            Security security) {
        public Container {
            environment = List.copyOf(environment);
            args = List.copyOf(args);
            mounts = List.copyOf(mounts);
        }

        static Container empty() {
            return new Container(null, List.of(), null, List.of(), List.of(), Security.standard());
        }
    }

    /** A part of the machine that the container sees, or a file system of its own. */
    public record Mount(
            @Nullable Word destination,
            @Nullable Word type,
            @Nullable Word source,
            List<Word> options,
            Place at) {
        public Mount {
            options = List.copyOf(options);
        }

        /** Whether this is one of the options. */
        boolean has(String option) {
            return options.stream().anyMatch(word -> word.text().equals(option));
        }

        /** Whether a part of the machine is shown; the type means nothing then. */
        boolean isBind() {
            return has("bind") || has("rbind");
        }
    }

    /**
     * What the container may do.
     *
     * @param maskedPaths null: containerd's own list; empty: none
     * @param readonlyPaths as {@code maskedPaths}
     */
    public record Security(
            boolean writeableRootfs,
            boolean writeableSysfs,
            @Nullable List<Word> maskedPaths,
            @Nullable List<Word> readonlyPaths,
            @Nullable Word rootfsPropagation) {
        public Security {
            maskedPaths = maskedPaths == null ? null : List.copyOf(maskedPaths);
            readonlyPaths = readonlyPaths == null ? null : List.copyOf(readonlyPaths);
        }

        static Security standard() {
            return new Security(false, false, null, null, null);
        }
    }

    /** What is waited for: one of these in each item. */
    public record Dependency(
            @Nullable Word service,
            @Nullable Word path,
            List<Word> network,
            boolean time,
            boolean configuration,
            Place at) {
        public Dependency {
            network = List.copyOf(network);
        }

        /** For people: {@code service cri}, {@code network addresses, hostname}, {@code time}. */
        public String title() {
            if (service != null) {
                return "service " + service.text();
            }
            if (path != null) {
                return "path " + path.text();
            }
            if (!network.isEmpty()) {
                return "network "
                        + String.join(", ", network.stream().map(Word::text).toList());
            }
            return time ? "time" : configuration ? "configuration" : "nothing";
        }
    }
}
