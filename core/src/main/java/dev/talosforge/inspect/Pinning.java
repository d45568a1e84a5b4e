package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.inspect.Proofs.Finding;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.PinnedImage;
import dev.talosforge.provenance.RecordedImages;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.extension.Extension;
import dev.talosforge.talos.extension.ExtensionManifest;
import dev.talosforge.talos.image.InitramfsFiles;
import dev.talosforge.talos.image.PackedRootfs;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Proves, by content, that an installer was built from the images whose digests were recorded. */
final class Pinning {
    private static final String GRUB = "usr/lib/grub/i386-pc";

    private final Proofs proofs;
    private final RecordedImages built;
    private final Artifact installer;
    private final Origins origins;
    private final Digests digests;
    private @Nullable FileTree imagerFiles;

    /** The pinned extensions that were found, by the name of their squashfs in the initramfs. */
    private final SortedMap<String, Extension> found = new TreeMap<>();

    Pinning(Proofs proofs, RecordedImages built, Artifact installer, Origins origins, Digests digests) {
        this.proofs = proofs;
        this.built = built;
        this.installer = installer;
        this.origins = origins;
        this.digests = digests;
    }

    void prove() throws InterruptedException {
        for (Part part : built.parts()) {
            prove(part);
        }
        if (!found.isEmpty()) {
            proofs.prove("microcode and firmware are those of the pinned extensions", this::early);
        }
    }

    private void prove(Part part) throws InterruptedException {
        switch (part) {
            case Part.BaseImage(Part.BaseImage.Role role, Architecture only, PinnedImage image) -> {
                switch (role) {
                    case IMAGER -> imager(image);
                    case INSTALLER -> {
                        if (only == null) {
                            proofs.prove(
                                    "the installer is built on the pinned base installer", () -> base(pinned(image)));
                        }
                    }
                }
            }
            case Part.Extension(boolean _, PinnedImage image) ->
                proofs.prove(
                        "extension %s is the pinned image"
                                .formatted(image.place().name()),
                        () -> extension(pinned(image)));
            // What it was cannot be proven: an image may be behind it.
            case Part.Unknown unknown ->
                proofs.prove(
                        "\"%s\" of the record is understood".formatted(unknown.title()),
                        () -> Finding.failed(
                                "it is \"%s\", which this version cannot read".formatted(unknown.value())));
            // Verification and Pairing prove these from the files themselves.
            case Part.TalosRelease _, Part.CommandLine _, Part.Target _, Part.IsoFile _ -> {}
            // For an architecture that is not inspected.
            case Part.ExtensionVariant _, Part.Architectures _ -> {}
            // Covered by other proofs, or not visible in the files.
            case Part.ExtensionOrder _, Part.KernelArgument _, Part.StageRevision _, Part.Output _ -> {}
            case Part.Setting _, Part.SourceDate _ -> {}
            // From other stages.
            case Part.Content _, Part.Volume _, Part.Nodes _, Part.OfExtension _ -> {}
        }
    }

    /** Files that the kernel needs before it has a root file system are in the initramfs itself, not in a squashfs. */
    private Finding early() throws IOException {
        TalosVersion version = TalosVersion.parse(built.talosVersion());
        InitramfsImage initramfs = installer.initramfs();
        if (version == null || initramfs == null) {
            return Finding.failed("the version of Talos or the initramfs is unknown");
        }
        List<Extension> extensions = new ArrayList<>();
        for (CarriedExtension carried : initramfs.extensions()) {
            Extension extension = found.get(carried.file());
            if (extension == null) {
                return Finding.failed("%s is not one of them".formatted(carried.title()));
            }
            extensions.add(extension);
        }
        InitramfsFiles expected = InitramfsFiles.of(extensions, Quirks.of(version), 0);
        SortedMap<String, ByteSource> files = new TreeMap<>();
        files.put("kernel/x86/microcode/AuthenticAMD.bin", expected.amdMicrocode());
        files.put("kernel/x86/microcode/GenuineIntel.bin", expected.intelMicrocode());
        files.values().removeIf(content -> content.size() == 0);
        for (Entry entry : expected.firmware().entries()) {
            if (entry instanceof Entry.RegularFile file) {
                files.put(file.path(), file.content());
            }
        }
        for (Map.Entry<String, ByteSource> file : files.entrySet()) {
            ByteSource content = initramfs.file(file.getKey());
            if (content == null || !digests.of(content).equals(digests.of(file.getValue()))) {
                return Finding.failed(
                        "%s %s".formatted(file.getKey(), content == null ? "is missing" : "has other content"));
            }
        }
        return Finding.ok(files.isEmpty() ? "they contain none" : "%d files".formatted(files.size()));
    }

    /** A recorded place. A Docker archive has no digests: its contents are compared, as for all others. */
    private static ImagePlace pinned(PinnedImage image) throws IOException {
        ImagePlace place = image.pinned();
        if (place.digest() == null && !(place instanceof ImagePlace.InDockerArchive)) {
            throw new FormatException("record of the last apply", 0, place + " is not pinned");
        }
        return place;
    }

    private void imager(PinnedImage imager) throws InterruptedException {
        String folder = "usr/install/" + architecture();
        proofs.prove(
                "the kernel is that of the pinned imager",
                () -> content(imager, folder + "/vmlinuz", installer.kernel()));
        proofs.prove(
                "the boot loader is that of the pinned imager",
                () -> content(imager, folder + "/systemd-boot.efi", installer.bootLoader()));
        proofs.prove(
                "the initramfs contains that of the pinned imager unchanged",
                () -> initramfs(imager, folder + "/initramfs.xz"));
    }

    private String architecture() {
        return installer.image() == null
                ? "amd64"
                : installer.image().image().config().architecture();
    }

    private @Nullable ByteSource original(PinnedImage imager, String path) throws IOException, InterruptedException {
        int slash = path.lastIndexOf('/');
        // The same list as the stage's, so that its unpacked files are found in the store.
        FileTree files = imagerFiles;
        if (files == null) {
            files = origins.files(pinned(imager), List.of(path.substring(0, slash), GRUB));
            imagerFiles = files;
        }
        return IsoContents.file(files, path);
    }

    private Finding content(PinnedImage imager, String path, @Nullable ByteSource used)
            throws IOException, InterruptedException {
        ByteSource original = original(imager, path);
        if (original == null || used == null) {
            return Finding.failed(
                    "%s does not contain it".formatted(original == null ? imager.pinned() : "the installer"));
        }
        Sha256 expected = digests.of(original);
        Sha256 content = digests.of(used);
        return expected.equals(content)
                ? Finding.ok("%s of %s".formatted(content, imager.pinned()))
                : Finding.failed("%s has %s, the installer %s".formatted(imager.pinned(), expected, content));
    }

    private Finding initramfs(PinnedImage imager, String path) throws IOException, InterruptedException {
        ByteSource original = original(imager, path);
        InitramfsImage used = installer.initramfs();
        if (original == null || used == null) {
            return Finding.failed(
                    "%s does not contain it".formatted(original == null ? imager.pinned() : "the installer"));
        }
        Sha256 expected = digests.of(original);
        for (InitramfsImage.Segment segment : used.segments()) {
            if (segment.offset() <= used.bytes().size() - original.size()
                    && digests.of(used.bytes().slice(segment.offset(), original.size()))
                            .equals(expected)) {
                return Finding.ok("%s of %s, from byte %d".formatted(expected, imager.pinned(), segment.offset()));
            }
        }
        return Finding.failed("%s of %s is not in it".formatted(expected, imager.pinned()));
    }

    private Finding base(ImagePlace base) throws IOException, InterruptedException {
        ImageSource image = installer.image();
        if (image == null) {
            return Finding.failed("the installer is not an image");
        }
        List<Sha256> expected = layers(origins.manifest(base).layers());
        List<Sha256> all = layers(image.image().manifest().layers());
        List<Sha256> below = all.subList(0, Math.max(0, all.size() - 1));
        // A base of two layers is itself an installer; its second layer is replaced.
        List<Sha256> kept = expected.size() == 2 ? expected.subList(0, 1) : expected;
        return below.equals(kept)
                ? Finding.ok("%d layers of %s".formatted(kept.size(), base))
                : Finding.failed("%s has the layers %s, the installer %s".formatted(base, kept, below));
    }

    private static List<Sha256> layers(List<Descriptor> layers) {
        return layers.stream().map(Descriptor::digest).toList();
    }

    private Finding extension(ImagePlace reference) throws IOException, InterruptedException {
        TalosVersion version = TalosVersion.parse(built.talosVersion());
        InitramfsImage initramfs = installer.initramfs();
        if (version == null || initramfs == null) {
            return Finding.failed("the version of Talos or the initramfs is unknown");
        }
        FileTree files = origins.files(reference, List.of());
        ByteSource list = IsoContents.file(files, "manifest.yaml");
        if (list == null) {
            return Finding.failed("%s has no manifest.yaml".formatted(reference));
        }
        ExtensionManifest manifest = ExtensionManifest.read(list);
        Extension extension = new Extension(manifest, files.subtree("rootfs"));
        FileTree rootfs = InitramfsFiles.of(List.of(extension), Quirks.of(version), 0)
                .rootfs()
                .getFirst();
        // imager changes all owners to root; owners that a unit sets are kept
        List<Sha256> expected = List.of(
                TreeDigest.of(PackedRootfs.of(rootfs, false, false, 0)),
                TreeDigest.of(PackedRootfs.of(rootfs, true, false, 0)));
        List<String> others = new ArrayList<>();
        for (CarriedExtension carried : initramfs.extensions()) {
            if (carried.manifest().equals(manifest)) {
                FileTree there = PackedRootfs.of(Squash.open(carried.image()).tree(), true, false, 0);
                if (expected.contains(TreeDigest.of(there))) {
                    found.put(carried.file(), extension);
                    return Finding.ok(
                            "the %d files of %s are in %s".formatted(rootfs.size(), reference, carried.file()));
                }
                others.add("%s in %s has other files".formatted(carried.title(), carried.file()));
            }
        }
        return Finding.failed("%s: %s"
                .formatted(
                        reference,
                        others.isEmpty()
                                ? "no extension of the installer has the same manifest"
                                : String.join(", ", others)));
    }
}
