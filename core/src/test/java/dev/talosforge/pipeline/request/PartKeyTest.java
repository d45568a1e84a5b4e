package dev.talosforge.pipeline.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.PinnedImage;
import dev.talosforge.provenance.StageKind;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The keys by which modules see that something changed: renaming one builds everything of everybody again. */
class PartKeyTest {
    private static final Path FOLDER = Path.of("/stack/unit");
    private static final Sha256 DIGEST = Sha256.of(new byte[0]);

    private static PinnedImage image(String place) {
        return new PinnedImage(ImagePlace.parse(place, FOLDER), DIGEST);
    }

    private static Part setting(Part.Setting.Name name) {
        return new Part.Setting(name, "value");
    }

    private static List<Part> parts() {
        PinnedImage image = image("ghcr.io/acme/frr:v1");
        TreeMap<String, Sha256> digests = new TreeMap<>();
        digests.put("", DIGEST);
        return List.of(
                new Part.TalosRelease(new TalosVersion("v1.11.5", 1, 11, 5)),
                new Part.Architectures(List.of(Architecture.AMD64, Architecture.ARM64)),
                new Part.BaseImage(Part.BaseImage.Role.IMAGER, null, image("ghcr.io/siderolabs/imager:v1.11.5")),
                new Part.BaseImage(Part.BaseImage.Role.INSTALLER, Architecture.ARM64, image("oci:base:v1")),
                new Part.Extension(false, image("ghcr.io/siderolabs/zfs:v2")),
                new Part.Extension(true, image),
                new Part.ExtensionVariant(Architecture.ARM64, image),
                new Part.ExtensionOrder(List.of("b", "a")),
                new Part.KernelArgument("quiet"),
                new Part.CommandLine(OutputKind.INSTALLER, null, "quiet"),
                new Part.CommandLine(OutputKind.ISO, Architecture.ARM64, "quiet"),
                new Part.StageRevision(5),
                new Part.Target(Part.Target.Kind.INSTALLER, image.place(), true),
                new Part.Target(Part.Target.Kind.EXTENSION, image.place(), false),
                new Part.IsoFile(null, "/stack/unit/build/a.iso"),
                new Part.Content(DIGEST),
                new Part.Volume("resources:iso/a.iso"),
                new Part.Nodes(List.of("pve01", "pve02")),
                new Part.Output("kubernetes_version", "v1.34.0"),
                setting(Part.Setting.Name.AUTHOR),
                setting(Part.Setting.Name.DESCRIPTION),
                setting(Part.Setting.Name.COMPATIBILITY),
                setting(Part.Setting.Name.CONTAINER),
                setting(Part.Setting.Name.SQUASHFS),
                new Part.SourceDate(7L),
                new Part.Identification("frr", "v1"),
                new Part.Service("frr", DIGEST),
                new Part.PackageLock("/stack/unit/debian.lock.json", false),
                new Part.DebianPackage(false, "frr", List.of(new Part.DebianPackage.Release("10.1", "amd64", DIGEST))),
                new Part.DebianPackage(true, "gcc", List.of(new Part.DebianPackage.Release("14", null, null))),
                new Part.Arrangement(DIGEST),
                new Part.SourceOrder(false, List.of("a", "b")),
                new Part.Placing(false, "dir rootfs", "to /"),
                new Part.SourceImage(true, "ghcr.io/acme/tool", List.of(image)),
                new Part.DebianPackages(false, List.of("frr")),
                new Part.Folder(false, "rootfs", DIGEST),
                new Part.SourceFile(false, "rootfs", "etc/a", DIGEST, null, true),
                new Part.TextFile(false, "etc/b", DIGEST),
                new Part.Archive(false, "https://example.org/a.tar", digests, 1),
                new Part.Download(true, "https://example.org/b", digests, "usr/bin/b", 0755),
                new Part.BuildTools(List.of("gcc", "make")),
                new Part.BuildCommand(DIGEST),
                new Part.BuildPatch("fix.patch", DIGEST),
                new Part.BuildVariable("CFLAGS", "-O2"),
                new Part.Unknown("title", "value"));
    }

    @Test
    void eachKindOfPartKeepsItsKey() {
        String seen = "";
        PartKey keys = new PartKey(StageKind.IMAGES, FOLDER);
        for (Part part : parts()) {
            seen += "%s = %s%n".formatted(keys.key(part), keys.value(part).replace(DIGEST.toString(), "D"));
        }
        assertEquals("""
                talos_version = v1.11.5
                architectures = amd64, arm64
                imager_image = ghcr.io/siderolabs/imager:v1.11.5@D
                base_installer_image arm64 = oci:base:v1@D
                official_extension ghcr.io/siderolabs/zfs = v2@D
                custom_extension ghcr.io/acme/frr = v1@D
                extension_variant ghcr.io/acme/frr arm64 = v1@D
                extension_order = b, a
                kernel_arg quiet = given
                command_line installer = quiet
                command_line iso arm64 = quiet
                stage_revision = 5
                installer_image = ghcr.io/acme/frr:v1
                extension_image = ghcr.io/acme/frr:v1 (not pushed)
                iso_path = build/a.iso
                iso_content = D
                proxmox_volume = resources:iso/a.iso
                proxmox_node_names = pve01, pve02
                kubernetes_version = v1.34.0
                author = value
                description = value
                talos_compatibility = value
                container = value
                squashfs_compression = value
                source_date = 7
                extension = frr v1
                service = frr D
                debian_lock = missing
                debian_package frr = 10.1 amd64 D
                build_package gcc = 14
                arrangement = D
                source_order = a, b
                placement dir rootfs = to /
                build_source_image ghcr.io/acme/tool = v1@D
                debian_packages = frr
                source_dir rootfs = D
                source_file rootfs/etc/a = D runnable
                text_file etc/b = D
                archive https://example.org/a.tar = D, strip 1
                build_download https://example.org/b = D, usr/bin/b, mode 0755
                build_tools = gcc, make
                build_command = D
                build_patch fix.patch = D
                build_variable CFLAGS = -O2
                unknown title = value
                """, seen);
    }

    /** A part that is added without a key in the table above fails here. */
    @Test
    void theTableHasEveryKindOfPart() {
        Set<Class<?>> shown = new LinkedHashSet<>();
        parts().forEach(part -> shown.add(part.getClass()));
        assertEquals(
                kinds(Part.class),
                shown.stream().map(Class::getSimpleName).sorted().toList());
    }

    private static List<String> kinds(Class<?> sealed) {
        List<String> kinds = new ArrayList<>();
        for (Class<?> one : sealed.getPermittedSubclasses()) {
            if (one.isSealed()) {
                kinds.addAll(kinds(one));
            } else {
                kinds.add(one.getSimpleName());
            }
        }
        return kinds.stream().sorted().distinct().toList();
    }

    private static KeyedParts keyed(StageKind stage, Path folder, Part... parts) {
        return KeyedParts.of(new ApplyRecord(stage, List.of(parts)), folder);
    }

    @Test
    void equalPartsHaveOneDigestWhateverTheirOrderAndTheirMachine() {
        Part release = new Part.TalosRelease(new TalosVersion("v1.11.5", 1, 11, 5));
        KeyedParts here = keyed(StageKind.IMAGES, FOLDER, release, new Part.IsoFile(null, "/stack/unit/a.iso"));
        KeyedParts there = keyed(StageKind.IMAGES, Path.of("/ci"), new Part.IsoFile(null, "/ci/a.iso"), release);
        assertEquals(here, there);
        assertEquals(here.digest(), there.digest());
        assertNotEquals(here.digest(), keyed(StageKind.IMAGES, FOLDER, release).digest());
    }

    /** An upload depends on the bytes alone. */
    @Test
    void whereTheSourceOfAnUploadLiesDoesNotMatter() {
        assertEquals(
                keyed(StageKind.UPLOAD, FOLDER, new Part.IsoFile(null, "/a/x.iso"), new Part.Content(DIGEST)),
                keyed(StageKind.UPLOAD, FOLDER, new Part.IsoFile(null, "/b/y.iso"), new Part.Content(DIGEST)));
    }

    @Test
    void partsOfOneKeyStandInTheirOrder() {
        assertEquals(
                "given, given",
                keyed(StageKind.IMAGES, FOLDER, new Part.KernelArgument("a"), new Part.KernelArgument("a"))
                        .values()
                        .get("kernel_arg a"));
    }

    @Test
    void secretsAreNotShownAndTheirChangeIs() {
        KeyedParts one = keyed(
                StageKind.IMAGES,
                FOLDER,
                new Part.KernelArgument("talos.config=https://me:hunter2@example.org/c"),
                new Part.BuildVariable("API_TOKEN", "hunter2"));
        assertFalse(one.toString().contains("hunter2"), one::toString);
        assertTrue(one.toString().contains("kernel_arg talos.config=https://…@example.org/c sha256:"), one::toString);
        KeyedParts other = keyed(
                StageKind.IMAGES,
                FOLDER,
                new Part.KernelArgument("talos.config=https://me:hunter3@example.org/c"),
                new Part.BuildVariable("API_TOKEN", "hunter2"));
        assertNotEquals(one.digest(), other.digest());
    }
}
