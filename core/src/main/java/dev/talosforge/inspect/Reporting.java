package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.PeSection;
import dev.talosforge.format.squashfs.SquashfsReader;
import dev.talosforge.inspect.Report.CommandLine;
import dev.talosforge.inspect.Report.ExtensionFacts;
import dev.talosforge.inspect.Report.Identity;
import dev.talosforge.inspect.Report.Listing;
import dev.talosforge.inspect.Report.ServiceFacts;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.extension.ExtensionManifest;
import dev.talosforge.talos.kernel.KernelFile;
import dev.talosforge.talos.service.ExtensionServices;
import dev.talosforge.talos.service.ServiceSpec;
import dev.talosforge.tree.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Creates the report of an artifact. */
final class Reporting {
    private static final String PLATFORM = "talos.platform=";

    private final Artifact artifact;
    private final boolean files;
    private final Digests digests = new Digests();
    private final List<CarriedExtension> extensions;

    private Reporting(Artifact artifact, boolean files) throws IOException {
        this.artifact = artifact;
        this.files = files;
        this.extensions =
                artifact.initramfs() == null ? List.of() : artifact.initramfs().extensions();
    }

    /**
     * Creates the complete report.
     *
     * @param files whether all files are listed and digested
     */
    static Report of(Artifact artifact, boolean files) throws IOException {
        return new Reporting(artifact, files).report();
    }

    private Report report() throws IOException {
        digests.together(contents());
        List<CommandLine> lines = commandLines();
        InitramfsImage initramfs = artifact.initramfs();
        String note = initramfs == null ? null : initramfs.note();
        Uki uki = artifact.uki();
        IsoContents iso = artifact.iso();
        return new Report(
                artifact.name(),
                artifact.kind(),
                digest(),
                size(),
                new Identity(talosVersion(), platform(lines), architecture(), kernelVersion()),
                details(),
                lines,
                facts(),
                uki == null ? List.of() : uki.sections(digests),
                iso == null ? List.of() : iso.entries(),
                files ? listings() : List.of(),
                note == null ? List.of() : List.of(note));
    }

    /** Contents that are digested in one pass if they are in one file. */
    private List<ByteSource> contents() {
        List<ByteSource> contents = new ArrayList<>();
        if (artifact.file() != null) {
            contents.add(artifact.file());
        }
        Uki uki = artifact.uki();
        if (uki != null) {
            for (PeSection section : uki.image().sections()) {
                contents.add(uki.image().content(section));
            }
        }
        extensions.forEach(extension -> contents.add(extension.image()));
        return contents;
    }

    private Sha256 digest() throws IOException {
        ImageSource image = artifact.image();
        ByteSource file = artifact.file();
        return image != null || file == null
                ? java.util.Objects.requireNonNull(image).image().descriptor().digest()
                : digests.of(file);
    }

    private long size() {
        ImageSource image = artifact.image();
        ByteSource file = artifact.file();
        return image != null
                ? image.image().manifest().layers().stream()
                        .mapToLong(Descriptor::size)
                        .sum()
                : file == null ? 0 : file.size();
    }

    private @Nullable String talosVersion() throws IOException {
        Uki uki = artifact.uki();
        String osRelease = uki == null ? null : uki.text(".osrel");
        if (osRelease != null) {
            return OsRelease.talosVersion(osRelease);
        }
        InitramfsImage initramfs = artifact.initramfs();
        String version = initramfs == null ? null : OsRelease.talosVersion(initramfs.file("rootfs.sqsh"));
        return version == null ? OsRelease.talosVersion(artifact.files()) : version;
    }

    private static @Nullable String platform(List<CommandLine> lines) {
        for (CommandLine line : lines) {
            for (String argument : line.line().split(" ", -1)) {
                if (argument.startsWith(PLATFORM)) {
                    return argument.substring(PLATFORM.length());
                }
            }
        }
        return null;
    }

    private @Nullable String architecture() throws IOException {
        ImageSource image = artifact.image();
        if (image != null) {
            return image.image().config().architecture();
        }
        Uki uki = artifact.uki();
        ByteSource kernel = artifact.kernel();
        int machine = uki != null
                ? uki.image().machine()
                : kernel != null && PeImage.isPe(kernel) ? PeImage.machineOf(kernel) : 0;
        for (Architecture architecture : Architecture.values()) {
            if (architecture.peMachine() == machine) {
                return architecture.label();
            }
        }
        return null;
    }

    private @Nullable String kernelVersion() throws IOException {
        Uki uki = artifact.uki();
        String uname = uki == null ? null : uki.text(".uname");
        ByteSource kernel = artifact.kernel();
        Architecture architecture = Architecture.of(String.valueOf(architecture()));
        if (uname != null || kernel == null || architecture == null || !Opening.isKernel(kernel)) {
            return uname;
        }
        return KernelFile.read(kernel, architecture).version();
    }

    private List<CommandLine> commandLines() throws IOException {
        List<CommandLine> lines = new ArrayList<>();
        if (artifact.uki() != null) {
            lines.addAll(artifact.uki().commandLines());
        }
        if (artifact.iso() != null) {
            for (GrubMenu.Item item : artifact.iso().grub()) {
                lines.add(new CommandLine("GRUB " + item.title(), item.commandLine()));
            }
        }
        return lines;
    }

    private SequencedMap<String, String> details() throws IOException {
        SequencedMap<String, String> details = new LinkedHashMap<>();
        ImageSource source = artifact.image();
        if (source != null) {
            Image image = source.image();
            if (source.index() != null) {
                details.put("index", source.index().toString());
            }
            details.put("config", image.manifest().config().digest().toString());
            if (image.config().created() != null) {
                details.put("created", image.config().created());
            }
            int number = 0;
            for (Descriptor layer : image.manifest().layers()) {
                details.put("layer " + ++number, "%s, %d bytes".formatted(layer.digest(), layer.size()));
            }
        }
        if (artifact.iso() != null) {
            details.put("volume", artifact.iso().volume().labels().volume());
        }
        if (artifact.kind() == Kind.SQUASHFS && artifact.file() != null) {
            SquashfsReader reader = Squash.open(artifact.file());
            details.put("compression", reader.compression().toString());
            details.put("block size", reader.blockSize() + " bytes");
            details.put("files", Integer.toString(reader.tree().size()));
        }
        InitramfsImage initramfs = artifact.initramfs();
        if (initramfs != null) {
            List<String> segments = new ArrayList<>();
            for (InitramfsImage.Segment segment : initramfs.segments()) {
                segments.add("%s %d bytes".formatted(title(segment), segment.size()));
            }
            details.put("initramfs", String.join(", ", segments));
        }
        return details;
    }

    private static String title(InitramfsImage.Segment segment) {
        return segment.compression() == null
                ? "unknown"
                : switch (segment.compression()) {
                    case NONE -> "cpio";
                    case GZIP -> "gzip";
                    case ZSTD -> "zstd";
                    case XZ -> "xz";
                };
    }

    private List<ExtensionFacts> facts() throws IOException {
        List<ExtensionFacts> facts = new ArrayList<>();
        if (artifact.kind() == Kind.EXTENSION
                && artifact.files().get("manifest.yaml") instanceof Entry.RegularFile manifest) {
            facts.add(facts(null, ExtensionManifest.read(manifest.content()), size(), digest(), services()));
        }
        for (CarriedExtension extension : extensions) {
            facts.add(facts(
                    extension.file(),
                    extension.manifest(),
                    extension.image().size(),
                    digests.of(extension.image()),
                    null));
        }
        return facts;
    }

    private List<ServiceFacts> services() throws IOException {
        List<ServiceFacts> services = new ArrayList<>();
        for (ServiceSpec service : ExtensionServices.of(artifact.files().subtree("rootfs"))) {
            services.add(new ServiceFacts(
                    text(service.name()),
                    text(service.container().entrypoint()),
                    service.depends().stream()
                            .map(ServiceSpec.Dependency::title)
                            .toList(),
                    text(service.restart()),
                    service.file()));
        }
        return services;
    }

    private static @Nullable String text(ServiceSpec.@Nullable Word word) {
        return word == null ? null : word.text();
    }

    private static ExtensionFacts facts(
            @Nullable String file,
            ExtensionManifest manifest,
            long size,
            Sha256 digest,
            @Nullable List<ServiceFacts> services) {
        return new ExtensionFacts(
                file,
                manifest.name(),
                manifest.version(),
                manifest.author(),
                manifest.description().strip(),
                manifest.talosVersions(),
                size,
                digest,
                services);
    }

    private List<Listing> listings() throws IOException {
        List<Listing> listings = new ArrayList<>();
        if (artifact.image() != null) {
            listings.add(Listings.of("image", artifact.files().entries(), digests));
        }
        if (artifact.kind() == Kind.SQUASHFS) {
            listings.add(Listings.of("SquashFS image", artifact.files().entries(), digests));
        }
        IsoContents iso = artifact.iso();
        if (iso != null) {
            listings.add(Listings.of("ISO", iso.volume().tree().entries(), digests));
            if (!iso.partition().entries().isEmpty()) {
                listings.add(Listings.of("EFI system partition", iso.partition().entries(), digests));
            }
        }
        InitramfsImage initramfs = artifact.initramfs();
        if (initramfs != null) {
            int number = 0;
            for (InitramfsImage.Segment segment : initramfs.segments()) {
                List<Entry> entries = initramfs.entries(segment);
                listings.add(Listings.of("initramfs segment " + ++number, entries, digests));
                for (Entry entry : entries) {
                    if (entry instanceof Entry.RegularFile file && Format.of(file.content()) == Format.SQUASHFS) {
                        listings.add(Listings.of(
                                entry.path() + name(entry.path()),
                                Squash.open(file.content()).tree().entries(),
                                digests));
                    }
                }
            }
        }
        return listings;
    }

    private String name(String file) {
        for (CarriedExtension extension : extensions) {
            if (extension.file().equals(file)) {
                return " (" + extension.manifest().name() + ")";
            }
        }
        return "";
    }
}
