package dev.talosforge.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every kind of part, as a record has it. */
class PartWriterTest {
    private static final Sha256 ONE = new Sha256("1".repeat(64));
    private static final ImagePlace PLACE = ImagePlace.parse("r.test/a:v1@" + ONE, Path.of("/"));
    private static final PinnedImage IMAGE = new PinnedImage(PLACE, ONE);
    private static final Architecture ARM = Architecture.ARM64;

    /** Each with all that it can have, and with as little as it can have. */
    private static final List<Part> ALL = List.of(
            new Part.TalosRelease(Objects.requireNonNull(TalosVersion.parse("v1.11.5"))),
            new Part.Architectures(List.of(ARM)),
            new Part.BaseImage(Part.BaseImage.Role.IMAGER, null, IMAGE),
            new Part.BaseImage(Part.BaseImage.Role.INSTALLER, ARM, new PinnedImage(PLACE, null)),
            new Part.Extension(true, IMAGE),
            new Part.Extension(false, IMAGE),
            new Part.ExtensionVariant(ARM, IMAGE),
            new Part.ExtensionOrder(List.of("r.test/a", "r.test/b")),
            new Part.KernelArgument("quiet"),
            new Part.CommandLine(OutputKind.ISO, null, "a b"),
            new Part.CommandLine(OutputKind.INSTALLER, ARM, ""),
            new Part.StageRevision(5),
            new Part.Target(Part.Target.Kind.INSTALLER, PLACE, true),
            new Part.Target(Part.Target.Kind.EXTENSION, ImagePlace.parse("oci:/a/b:v1", Path.of("/")), false),
            new Part.IsoFile(ARM, "/a.iso"),
            new Part.IsoFile(null, "/a.iso"),
            new Part.Content(ONE),
            new Part.Content(null),
            new Part.Volume("s:iso/a.iso"),
            new Part.Nodes(List.of("pve1")),
            new Part.Output("a", "1"),
            new Part.Output("a", null),
            new Part.Setting(Part.Setting.Name.COMPATIBILITY, ""),
            new Part.SourceDate(1_735_689_600L),
            new Part.SourceDate(null),
            new Part.Identification("frr", "v1"),
            new Part.Service("frr", ONE),
            new Part.PackageLock("/a.lock.json", true),
            new Part.PackageLock("/a.lock.json", false),
            new Part.DebianPackage(
                    true,
                    "gcc",
                    List.of(
                            new Part.DebianPackage.Release("4:12", "amd64", ONE),
                            new Part.DebianPackage.Release("4:13", null, null))),
            new Part.Arrangement(ONE),
            new Part.Unknown("flavour", "sweet"),
            new Part.SourceOrder(true, List.of("dir a", "files")),
            new Part.Placing(false, "dir a", "to /x"),
            new Part.SourceImage(true, "r.test/a", List.of(IMAGE, new PinnedImage(PLACE, null))),
            new Part.DebianPackages(false, List.of("frr")),
            new Part.Folder(true, "src", ONE),
            new Part.SourceFile(false, "src", "a", ONE, null, true),
            new Part.SourceFile(true, "src", "b", null, "a", false),
            new Part.SourceFile(true, "src", "c", null, null, false),
            new Part.TextFile(false, "etc/a", ONE),
            new Part.Archive(false, "https://files.test/a", new TreeMap<>(Map.of("", ONE)), 1),
            new Part.Download(true, "x", new TreeMap<>(Map.of("amd64", ONE, "arm64", ONE)), "bin/x", 0755),
            new Part.BuildTools(List.of("gcc")),
            new Part.BuildCommand(ONE),
            new Part.BuildPatch("x.patch", ONE),
            new Part.BuildVariable("A", "1"));

    private static void addKinds(Class<?> kind, SortedSet<String> kinds) {
        if (kind.isRecord()) {
            kinds.add(kind.getSimpleName());
            return;
        }
        for (Class<?> one : kind.getPermittedSubclasses()) {
            addKinds(one, kinds);
        }
    }

    @Test
    void everyKindIsReadBack() throws Exception {
        SortedSet<String> kinds = new TreeSet<>();
        addKinds(Part.class, kinds);
        SortedSet<String> here = new TreeSet<>();
        ALL.forEach(part -> here.add(part.getClass().getSimpleName()));
        assertEquals(kinds, here, "kinds of parts that are tested");

        String text = PartWriter.json(ALL).pretty();
        Json read = JsonReader.read("parts", text.getBytes(StandardCharsets.UTF_8));
        assertEquals(ALL, PartReader.parts(read instanceof JsonArray(List<Json> items) ? items : List.of()));
    }
}
