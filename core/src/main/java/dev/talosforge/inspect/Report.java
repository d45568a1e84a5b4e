package dev.talosforge.inspect;

import dev.talosforge.bytes.Sha256;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an inspected file or image.
 *
 * @param subject as given by the user
 * @param digest of the file, or of an image's manifest
 * @param size of the file, or of all layers of an image, in bytes
 * @param identity what it states about itself
 * @param details further properties, by name: compression, layers, …
 * @param commandLines of the kernel, the default one first
 * @param extensions in the order in which they are mounted; for an extension image: itself
 * @param sections of a PE file
 * @param bootEntries of an ISO
 * @param listings files, if they were requested
 * @param notes parts that could not be inspected
 */
public record Report(
        String subject,
        Kind kind,
        Sha256 digest,
        long size,
        Identity identity,
        SequencedMap<String, String> details,
        List<CommandLine> commandLines,
        List<ExtensionFacts> extensions,
        List<Section> sections,
        List<BootEntry> bootEntries,
        List<Listing> listings,
        List<String> notes) {
    public Report {
        details = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(details));
        commandLines = List.copyOf(commandLines);
        extensions = List.copyOf(extensions);
        sections = List.copyOf(sections);
        bootEntries = List.copyOf(bootEntries);
        listings = List.copyOf(listings);
        notes = List.copyOf(notes);
    }

    /**
     * Versions and target of an artifact.
     *
     * @param talosVersion from {@code os-release}
     * @param platform from {@code talos.platform=}
     * @param kernelVersion such as {@code 6.12.57-talos}
     */
    public record Identity(
            @Nullable String talosVersion,
            @Nullable String platform,
            @Nullable String architecture,
            @Nullable String kernelVersion) {}

    /**
     * Arguments that the kernel receives.
     *
     * @param of their source: {@code UKI}, {@code UKI profile reset}, {@code GRUB Talos ISO}
     */
    public record CommandLine(String of, String line) {}

    /**
     * A system extension.
     *
     * @param file in the initramfs; null for an extension image
     * @param size of its squashfs, or of the image's layers, in bytes
     * @param digest of its squashfs, or of the image's manifest
     * @param services of an extension image; null if they were not searched
     */
    public record ExtensionFacts(
            @Nullable String file,
            String name,
            String version,
            String author,
            String description,
            String talosVersions,
            long size,
            Sha256 digest,
            @Nullable List<ServiceFacts> services) {
        public ExtensionFacts {
            services = services == null ? null : List.copyOf(services);
        }
    }

    /**
     * A service of an extension, from its file.
     *
     * @param depends each as {@code service cri}, {@code network addresses}, {@code configuration}
     * @param file its path on a machine
     */
    public record ServiceFacts(
            @Nullable String name,
            @Nullable String entrypoint,
            List<String> depends,
            @Nullable String restart,
            String file) {
        public ServiceFacts {
            depends = List.copyOf(depends);
        }
    }

    /**
     * A section of a PE file, without padding.
     *
     * @param text of small sections that contain text
     */
    public record Section(
            String name, long size, Sha256 digest, @Nullable String text) {}

    /**
     * A way to start from an ISO.
     *
     * @param firmware {@code BIOS} or {@code UEFI}
     * @param by the program that offers it: {@code El Torito}, {@code GRUB}, {@code systemd-boot}
     * @param name as shown in the menu
     * @param starts the files that are started, or their location
     */
    public record BootEntry(String firmware, String by, String name, String starts) {}

    /**
     * The files of one container.
     *
     * @param of the container
     */
    public record Listing(String of, List<FileFacts> files) {
        public Listing {
            files = List.copyOf(files);
        }
    }

    /**
     * One file.
     *
     * @param type {@code file}, {@code directory}, {@code symlink}, {@code hardlink}, {@code char}, {@code block},
     *     {@code fifo}
     * @param mode permission bits
     * @param size in bytes; 0 for everything except a regular file
     * @param digest of a regular file
     * @param target of a link; major and minor number of a device
     */
    public record FileFacts(
            String path,
            String type,
            int mode,
            long uid,
            long gid,
            long size,
            @Nullable Sha256 digest,
            @Nullable String target) {}
}
