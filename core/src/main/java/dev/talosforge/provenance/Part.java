package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a stage's result is made of, or one place that it goes to. {@link PartText} words it for people,
 * {@link PartWriter} records it. Code that reads a record switches over these types, so that a new type does not
 * compile until each switch handles it.
 */
public sealed interface Part {
    /** The Talos release that images are of. */
    record TalosRelease(TalosVersion version) implements Part {}

    /** The architectures, if not amd64 alone. */
    record Architectures(List<Architecture> all) implements Part {
        public Architectures {
            all = List.copyOf(all);
        }
    }

    /**
     * An image with a part of Talos.
     *
     * @param only the architecture whose image differs from the first one's; null for the first
     */
    record BaseImage(Role role, @Nullable Architecture only, PinnedImage image) implements Part {
        /** What is used of it. */
        public enum Role {
            /** Kernel, initramfs and boot loaders. */
            IMAGER,
            /** The layers below an installer's own. */
            INSTALLER
        }
    }

    /**
     * A system extension in installer and ISO.
     *
     * @param custom whether it is listed in {@code custom_extensions} instead of the official ones
     */
    record Extension(boolean custom, PinnedImage image) implements Part {}

    /** The image of an extension for one architecture that has its own place. */
    record ExtensionVariant(Architecture only, PinnedImage image) implements Part {}

    /**
     * The order in which extensions are mounted.
     *
     * @param names of their images; none if there are fewer than two
     */
    record ExtensionOrder(List<String> names) implements Part {
        public ExtensionOrder {
            names = List.copyOf(names);
        }
    }

    /** An argument of the kernel that the unit gives. */
    record KernelArgument(String text) implements Part {}

    /**
     * A whole command line of the kernel.
     *
     * @param on null if there is only one architecture
     */
    record CommandLine(OutputKind of, @Nullable Architecture on, String line) implements Part {}

    /** The code that assembled it. */
    record StageRevision(int number) implements Part {}

    /**
     * Where an image goes.
     *
     * @param pushed false if it was built for a registry and stays in the store
     */
    record Target(Kind kind, ImagePlace place, boolean pushed) implements Part {
        /** What the image is. */
        public enum Kind {
            INSTALLER,
            EXTENSION
        }
    }

    /**
     * A boot ISO on this machine.
     *
     * @param on null if there is only one architecture
     */
    record IsoFile(@Nullable Architecture on, String path) implements Part {}

    /**
     * The bytes of the file that is sent.
     *
     * @param digest null if it is not built yet
     */
    record Content(@Nullable Sha256 digest) implements Part {}

    /** A file on a Proxmox storage, by its volume id. */
    record Volume(String id) implements Part {}

    /** The Proxmox nodes that get it. */
    record Nodes(List<String> names) implements Part {
        public Nodes {
            names = List.copyOf(names);
        }
    }

    /**
     * An input that is passed on as an output; nothing is built from it.
     *
     * @param value null if it has none, which is recorded so that a change shows
     */
    record Output(String name, @Nullable String value) implements Part {}

    /**
     * An input that only affects how something is built, or how it describes itself.
     *
     * @param value may be empty
     */
    record Setting(Name name, String value) implements Part {
        /** Which input. */
        public enum Name {
            AUTHOR,
            DESCRIPTION,
            /** The range of Talos versions that an extension is for. */
            COMPATIBILITY,
            /** The container whose root file system the files of an extension become. */
            CONTAINER,
            /** The compression of squashfs images. */
            SQUASHFS
        }
    }

    /**
     * The time of every file, in seconds since 1970.
     *
     * @param seconds null if the environment does not set it
     */
    record SourceDate(@Nullable Long seconds) implements Part {}

    /** What only an extension is made of. */
    sealed interface OfExtension extends Part {}

    /** The extension that is made. */
    record Identification(String name, String version) implements OfExtension {}

    /**
     * The file that tells Talos how to run an extension's container.
     *
     * @param digest of its text
     */
    record Service(String name, Sha256 digest) implements OfExtension {}

    /**
     * The file with the exact versions of Debian packages.
     *
     * @param written whether it exists
     */
    record PackageLock(String path, boolean written) implements OfExtension {}

    /**
     * A Debian package in the version that the lock has.
     *
     * @param forBuilds whether builds run with it, and it is not in the extension
     * @param releases at least one; one for every architecture that has it
     */
    record DebianPackage(boolean forBuilds, String name, List<Release> releases) implements OfExtension {
        public DebianPackage {
            releases = List.copyOf(releases);
        }

        /**
         * What one architecture has of it.
         *
         * @param architecture null if an earlier version of this program did not record it
         * @param digest of the file; null likewise
         */
        public record Release(
                String version,
                @Nullable String architecture,
                @Nullable Sha256 digest) {}
    }

    /** A digest of what is used of each source and where it goes: distinguishes sources of one name. */
    record Arrangement(Sha256 digest) implements OfExtension {}

    /** A part of a first-format record that is not understood; it is compared as text. */
    record Unknown(String title, String value) implements Part {}

    /** What files are made of. */
    sealed interface OfSource extends OfExtension {
        /** Whether a build uses it; otherwise it belongs to the extension itself. */
        boolean inBuild();
    }

    /** The order in which sources are layered. */
    record SourceOrder(boolean inBuild, List<String> names) implements OfSource {
        public SourceOrder {
            names = List.copyOf(names);
        }
    }

    /**
     * What is used of a source and where it goes.
     *
     * @param of name of the source
     * @param text in the notation of {@code pipeline.stage.extension.PlacementText}
     */
    record Placing(boolean inBuild, String of, String text) implements OfSource {}

    /**
     * The files of an image.
     *
     * @param name as the unit names it, without tag and digest
     * @param images one, unless each architecture has its own
     */
    record SourceImage(boolean inBuild, String name, List<PinnedImage> images) implements OfSource {
        public SourceImage {
            images = List.copyOf(images);
        }
    }

    /** Debian packages by the names that are asked for; what they come to are {@link DebianPackage}s. */
    record DebianPackages(boolean inBuild, List<String> names) implements OfSource {
        public DebianPackages {
            names = List.copyOf(names);
        }
    }

    /**
     * A folder of this machine.
     *
     * @param written as written in the unit
     * @param digest of paths and contents of all in it
     */
    record Folder(boolean inBuild, String written, Sha256 digest) implements OfSource {}

    /**
     * A file of a folder; of a folder with very many files there are none.
     *
     * @param folder as written in the unit
     * @param path from the folder
     * @param digest of its bytes; null for what has none
     * @param link its target; null if it is not a symbolic link
     */
    record SourceFile(
            boolean inBuild,
            String folder,
            String path,
            @Nullable Sha256 digest,
            @Nullable String link,
            boolean runnable)
            implements OfSource {}

    /** A file whose text is in the unit. */
    record TextFile(boolean inBuild, String path, Sha256 digest) implements OfSource {}

    /**
     * A tar archive.
     *
     * @param origin an address or a path, as written in the unit
     * @param digests by architecture; the one under {@code ""} is for all
     * @param strip how many leading folders are removed from every path
     */
    record Archive(boolean inBuild, String origin, SortedMap<String, Sha256> digests, int strip) implements OfSource {
        public Archive {
            digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
        }
    }

    /**
     * One file from elsewhere.
     *
     * @param origin as that of an {@link Archive}
     * @param digests likewise
     * @param path that it gets
     */
    record Download(boolean inBuild, String origin, SortedMap<String, Sha256> digests, String path, int mode)
            implements OfSource {
        public Download {
            digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
        }
    }

    /** The Debian packages that a build's command runs with. */
    record BuildTools(List<String> packages) implements OfExtension {
        public BuildTools {
            packages = List.copyOf(packages);
        }
    }

    /** What a build runs. */
    record BuildCommand(Sha256 digest) implements OfExtension {}

    /** A change that a build makes to its sources. */
    record BuildPatch(String name, Sha256 digest) implements OfExtension {}

    /** A variable of a build's environment. */
    record BuildVariable(String name, String value) implements OfExtension {}
}
