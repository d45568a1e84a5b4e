package dev.talosforge.talos.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.extension.Extension;
import dev.talosforge.talos.extension.ExtensionManifest;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InitramfsFilesTest {
    private static final String FW = "usr/lib/firmware/";
    private static final Quirks QUIRKS = Quirks.of(Objects.requireNonNull(TalosVersion.parse("1.11.5")));

    private static Extension extension(TreeBuilder rootfs) throws Exception {
        return new Extension(new ExtensionManifest("x", "1", "", "", "", ""), rootfs.build());
    }

    private static String text(ByteSource source) throws Exception {
        return new String(source.readAll("text", 1000), UTF_8);
    }

    private static List<String> rows(FileTree tree) throws Exception {
        List<String> rows = new java.util.ArrayList<>();
        for (Entry entry : tree.entries()) {
            rows.add(
                    entry instanceof Entry.RegularFile file ? entry.path() + "=" + text(file.content()) : entry.path());
        }
        return rows;
    }

    @Test
    void takesMicrocodeAndFirmwareOut() throws Exception {
        InitramfsFiles files = InitramfsFiles.of(
                List.of(
                        extension(new TreeBuilder(0)
                                .file(FW + "intel-ucode/06-02", 0644, "two ")
                                .file(FW + "intel-ucode/06-01", 0644, "one ")
                                .file(FW + "amd-ucode/microcode_amd.bin", 0644, "amd ")
                                .file(FW + "amd-ucode/LICENSE", 0644, "free")
                                .file("usr/local/bin/a", 0755, "a")),
                        extension(new TreeBuilder(0).file(FW + "intel-ucode/06-00", 0644, "zero"))),
                QUIRKS,
                0);
        assertEquals("one two zero", text(files.intelMicrocode()));
        assertEquals("amd ", text(files.amdMicrocode()));
        assertEquals(
                List.of(
                        "usr",
                        "usr/lib",
                        "usr/lib/firmware",
                        "usr/lib/firmware/amd-ucode",
                        "usr/lib/firmware/amd-ucode/LICENSE=free",
                        "usr/lib/firmware/intel-ucode"),
                rows(files.firmware()));
        assertEquals(
                List.of("usr", "usr/lib", "usr/local", "usr/local/bin", "usr/local/bin/a=a"),
                rows(files.rootfs().getFirst()));
        assertEquals(List.of("usr", "usr/lib"), rows(files.rootfs().getLast()));
    }

    @Test
    void theLaterFileReplacesTheEarlierOneWhole() throws Exception {
        InitramfsFiles files = InitramfsFiles.of(
                List.of(
                        extension(new TreeBuilder(0).file(FW + "a.bin", 0644, "long destination content\n")),
                        extension(new TreeBuilder(0).file(FW + "a.bin", 0644, "short\n"))),
                QUIRKS,
                0);
        assertEquals(
                List.of("usr", "usr/lib", "usr/lib/firmware", "usr/lib/firmware/a.bin=short\n"),
                rows(files.firmware()));
    }

    @Test
    void linksBecomeWhatTheyLeadTo() throws Exception {
        InitramfsFiles files = InitramfsFiles.of(
                List.of(extension(new TreeBuilder(0)
                        .file(FW + "dir/a.bin", 0644, "a")
                        .symlink(FW + "b.bin", "dir/a.bin")
                        .symlink(FW + "c.bin", "/usr/lib/firmware/b.bin")
                        .symlink(FW + "other", "../firmware/./dir")
                        .add(new Entry.HardLink("usr/local/kept", Entry.Attributes.root(0644, 0), FW + "dir/a.bin"))
                        .file("usr/local/x", 0644, ""))),
                QUIRKS,
                0);
        assertEquals(
                List.of(
                        "usr",
                        "usr/lib",
                        "usr/lib/firmware",
                        "usr/lib/firmware/b.bin=a",
                        "usr/lib/firmware/c.bin=a",
                        "usr/lib/firmware/dir",
                        "usr/lib/firmware/dir/a.bin=a",
                        "usr/lib/firmware/other",
                        "usr/lib/firmware/other/a.bin=a"),
                rows(files.firmware()));
        assertEquals(
                List.of("usr", "usr/lib", "usr/local", "usr/local/kept=a", "usr/local/x="),
                rows(files.rootfs().getFirst()));
    }

    private static String failure(String link, String target) throws Exception {
        List<Extension> extensions = List.of(extension(new TreeBuilder(0).symlink(link, target)));
        return String.valueOf(assertThrows(LimitException.class, () -> InitramfsFiles.of(extensions, QUIRKS, 0))
                .getMessage());
    }

    @Test
    void refusesLinksThatLeadNowhere() throws Exception {
        assertEquals(
                "symbolic link: /usr/lib/firmware/a: points to nothing in this extension",
                failure(FW + "a", "missing"));
        assertEquals("symbolic link: /usr/lib/firmware/a: points to nothing in this extension", failure(FW + "a", "a"));
        assertEquals(
                "symbolic link: /usr/lib/firmware/a: points to nothing in this extension",
                failure(FW + "a", "../../../../../etc/passwd"));
        assertEquals("symbolic link: /usr/lib/firmware/a: is part of a loop", failure(FW + "a", "."));
    }

    @Test
    void aFolderIsNotReplacedByAFile() throws Exception {
        Extension folder = extension(new TreeBuilder(0).file(FW + "x/y", 0644, ""));
        Extension file = extension(new TreeBuilder(0).file(FW + "x", 0644, ""));
        for (List<Extension> extensions : List.of(List.of(folder, file), List.of(file, folder))) {
            assertEquals(
                    "firmware: /usr/lib/firmware/x: is a directory in one extension and a file in another",
                    assertThrows(LimitException.class, () -> InitramfsFiles.of(extensions, QUIRKS, 0))
                            .getMessage());
        }
    }

    @Test
    void theFirstExtensionDecidesTheModeOfAFolder() throws Exception {
        InitramfsFiles files = InitramfsFiles.of(
                List.of(
                        extension(new TreeBuilder(0).directory(FW + "x", 0750)),
                        extension(new TreeBuilder(0).directory(FW + "x", 0755).file(FW + "x/a", 0600, ""))),
                QUIRKS,
                0);
        assertEquals(
                0750,
                Objects.requireNonNull(files.firmware().get(FW + "x"))
                        .attributes()
                        .permissions());
        assertEquals(
                0600,
                Objects.requireNonNull(files.firmware().get(FW + "x/a"))
                        .attributes()
                        .permissions());
    }
}
