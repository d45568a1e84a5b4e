package dev.talosforge.cli;

import static dev.talosforge.inspect.InspectSamples.HELLO;
import static dev.talosforge.inspect.InspectSamples.METAL;
import static dev.talosforge.inspect.InspectSamples.digest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.inspect.InspectSamples;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.Image;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.extension.ExtensionsYaml;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the field's tools made. */
@Tag("reference")
class InspectForeignTest {
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    Path folder = Path.of("");

    private final Map<String, String> environment = new TreeMap<>();
    private InspectSamples samples = new InspectSamples(folder);

    @BeforeEach
    void process() throws IOException {
        folder = folder.toRealPath();
        samples = new InspectSamples(folder);
        environment.put("HOME", folder.toString());
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
    }

    private CommandLineRun run(String... args) {
        return CommandLineRun.in(folder, environment, args);
    }

    private void tool(String name, String debian, String... arguments) throws Exception {
        RequiredTool.named(name, debian).run(folder, NOTHING, arguments);
    }

    private void tree() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("tree/usr/bin"));
        Files.writeString(bin.resolve("hello"), "hello\n");
        Files.createSymbolicLink(bin.resolve("alias"), Path.of("hello"));
        Files.createLink(bin.resolve("twin"), bin.resolve("hello"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "xz", "zstd"})
    void aSquashfs(String compression) throws Exception {
        tree();
        tool(
                "mksquashfs",
                "squashfs-tools",
                "tree",
                "image",
                "-comp",
                compression,
                "-all-root",
                "-noappend",
                "-root-mode",
                "0755",
                "-action",
                "chmod(0755)@type(d)",
                "-action",
                "chmod(0640)@type(f)");
        Path image = folder.resolve("image");
        String hello = digest(ByteSource.of("hello\n".getBytes(UTF_8)));
        assertEquals(
                new CommandLineRun(0, """
                SquashFS image  image
                  digest       %s
                  size         4.1 kB (4096 bytes)
                  compression  %s
                  block size   131072 bytes
                  files        5

                files of SquashFS image (5)
                  directory  0755  0:0  0  -                                                                        usr
                  directory  0755  0:0  0  -                                                                        usr/bin
                  symlink    0777  0:0  0  -                                                                        usr/bin/alias -> hello
                  file       0640  0:0  6  %s  usr/bin/hello
                  hardlink   0640  0:0  0  -                                                                        usr/bin/twin -> usr/bin/hello
                """.formatted(digest(ByteSource.of(image)), compression, hello), ""),
                run("inspect", "image", "--files"));
    }

    /** As Talos' imager appends them: compressed, behind a base that is compressed, too. */
    @ParameterizedTest
    @ValueSource(strings = {"xz", "zstd", "gzip"})
    void anInitramfsOfSeveralCompressedSegments(String program) throws Exception {
        byte[] list = ExtensionsYaml.of(List.of(new ExtensionsYaml.Layer("0.sqsh", HELLO)));
        Files.writeString(folder.resolve("init"), "#!/bin/true\n");
        samples.hello();
        Files.move(folder.resolve("hello.sqsh"), folder.resolve("0.sqsh"));
        Files.write(folder.resolve("extensions.yaml"), list);
        String compress = program.equals("xz") ? "xz --check=crc32" : program;
        String suffix = program.equals("xz") ? ".xz" : program.equals("zstd") ? ".zst" : ".gz";
        RequiredTool.named("cpio", "cpio");
        RequiredTool.named(program, program.equals("xz") ? "xz-utils" : program);
        tool(
                "sh",
                "dash",
                "-c",
                ("echo init | cpio --quiet -o -H newc >base && %1$s base && "
                                + "printf '0.sqsh\\nextensions.yaml\\n' | cpio --quiet -o -H newc >more && %1$s more && "
                                + "{ cat base%2$s; head -c 8 /dev/zero; cat more%2$s; } >initramfs")
                        .formatted(compress, suffix));
        String out = run("inspect", "initramfs").out();
        assertTrue(
                out.contains("  initramfs  %1$s %2$d bytes, %1$s %3$d bytes\n"
                        .formatted(
                                program,
                                Files.size(folder.resolve("base" + suffix)),
                                Files.size(folder.resolve("more" + suffix)))),
                out);
        assertTrue(
                out.endsWith("  hello  v1       tests   4.1 kB  %s\n"
                        .formatted(digest(ByteSource.of(folder.resolve("0.sqsh"))))),
                out);
    }

    /** The stub of systemd, with sections that objcopy appended. */
    @Test
    void aUnifiedKernelImage() throws Exception {
        samples.write("linux", InspectSamples.kernel());
        samples.write("initrd", samples.initramfs(List.of(HELLO), List.of(samples.hello())));
        Files.writeString(folder.resolve("osrel"), "ID=talos\nVERSION_ID=v1.11.5\n");
        Files.writeString(folder.resolve("cmdline"), METAL + "\n");
        Path stub = Path.of("/usr/lib/systemd/boot/efi/linuxx64.efi.stub");
        RequiredTool.named("objcopy", "binutils");
        assertTrue(Files.exists(stub) || System.getenv("CI") == null, "apt-get install systemd-boot-efi");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(stub));
        tool(
                "objcopy",
                "binutils",
                "--strip-all",
                "--add-section=.osrel=osrel",
                "--change-section-vma=.osrel=0x20000",
                "--add-section=.cmdline=cmdline",
                "--change-section-vma=.cmdline=0x30000",
                "--add-section=.linux=linux",
                "--change-section-vma=.linux=0x2000000",
                "--add-section=.initrd=initrd",
                "--change-section-vma=.initrd=0x3000000",
                stub.toString(),
                "uki.efi");
        String out = run("inspect", "uki.efi").out();
        assertTrue(out.startsWith("unified kernel image  uki.efi\n"), out);
        assertTrue(out.contains("""
                  Talos         v1.11.5
                  platform      metal
                  architecture  amd64
                  kernel        6.12.57-tests
                """), out);
        assertTrue(out.contains("\nkernel command lines\n  UKI  " + METAL + "\n"), out);
        assertTrue(out.contains("  hello  v1       tests   4.1 kB  %s\n".formatted(digest(samples.hello()))), out);
        assertTrue(out.contains("  .linux    90.1 kB  %s\n".formatted(digest(InspectSamples.kernel()))), out);
    }

    /** With an EFI partition of mtools, laid out by xorriso. */
    @Test
    void anIso() throws Exception {
        ByteSource initramfs = samples.initramfs(List.of(HELLO), List.of(samples.hello()));
        samples.write(
                "uki.efi",
                InspectSamples.uki(METAL, initramfs, OutputKind.ISO, 512).bytes());
        samples.write("loader.efi", InspectSamples.program());
        Path boot = Files.createDirectories(folder.resolve("cd/boot/grub"));
        Files.writeString(boot.resolve("grub.cfg"), """
                menuentry "Talos" {
                  linux /boot/vmlinuz %s x=\\;
                  initrd /boot/initramfs.xz
                }
                """.formatted(METAL));
        Files.writeString(folder.resolve("cd/boot/bios.img"), "b".repeat(2048));
        Files.write(folder.resolve("cd/boot/vmlinuz"), InspectSamples.kernel().readAll("kernel", 1 << 20));
        for (String tool : List.of("mformat", "mmd", "mcopy")) {
            RequiredTool.named(tool, "mtools");
        }
        tool(
                "sh",
                "dash",
                "-c",
                "truncate -s 40M cd/efi.img && mformat -i cd/efi.img -F :: && mmd -i cd/efi.img ::EFI ::EFI/BOOT ::EFI/Linux && "
                        + "mcopy -i cd/efi.img loader.efi ::EFI/BOOT/BOOTX64.EFI && "
                        + "mcopy -i cd/efi.img uki.efi ::EFI/Linux/Talos-v1.11.5.efi");
        tool(
                "xorriso",
                "xorriso",
                "-as",
                "mkisofs",
                "-quiet",
                "-R",
                "-V",
                "TALOS",
                "-o",
                "foreign.iso",
                "-b",
                "boot/bios.img",
                "-no-emul-boot",
                "-boot-load-size",
                "4",
                "-eltorito-alt-boot",
                "-e",
                "efi.img",
                "-no-emul-boot",
                "cd");
        String out = run("inspect", "foreign.iso").out();
        assertTrue(out.startsWith("boot ISO  foreign.iso\n"), out);
        assertTrue(
                out.contains("\nkernel command lines\n"
                        + "  UKI                %1$s\n  UKI profile reset  %1$s talos.experimental.wipe=system\n  GRUB Talos         BOOT_IMAGE=/boot/vmlinuz %1$s x=;\n"
                                .formatted(METAL)),
                out);
        assertTrue(out.contains("  hello  v1       tests   4.1 kB  %s\n".formatted(digest(samples.hello()))), out);
        assertEquals("""
                  BIOS  GRUB          Talos                 /boot/vmlinuz /boot/initramfs.xz
                  UEFI  firmware      boot loader           EFI/BOOT/BOOTX64.EFI
                  UEFI  systemd-boot  Talos-v1.11.5         EFI/Linux/Talos-v1.11.5.efi
                  UEFI  systemd-boot  Reset system disk     EFI/Linux/Talos-v1.11.5.efi
                """, entries(out));
    }

    /** Lines of boot entries but for those of the boot catalog. */
    private static String entries(String out) {
        return out.lines()
                .filter(line -> line.matches(" +(BIOS|UEFI) .*") && !line.contains("El Torito"))
                .map(line -> line + "\n")
                .collect(java.util.stream.Collectors.joining());
    }

    @Test
    void archivesOfSkopeo() throws Exception {
        ByteSource initramfs = samples.initramfs(List.of(HELLO), List.of(samples.hello()));
        Image installer = samples.installer("layout", "v1", METAL, initramfs);
        for (String target : List.of("docker-archive:saved.tar:acme/installer:v1", "oci-archive:kept.tar:v1")) {
            tool("skopeo", "skopeo", "--insecure-policy", "copy", "-q", "oci:layout:v1", target);
        }
        tool("gzip", "gzip", "-k", "saved.tar");
        String extension = "  hello  v1       tests   4.1 kB  %s\n".formatted(digest(samples.hello()));
        for (String name :
                List.of("saved.tar", "docker-archive:saved.tar:v1", "saved.tar.gz", "kept.tar", "oci:layout")) {
            CommandLineRun run = run("inspect", name);
            assertEquals("", run.err());
            assertTrue(run.out().startsWith("installer image  " + name + "\n"), run.out());
            assertTrue(run.out().contains(extension), run.out());
        }
        assertTrue(run("inspect", "kept.tar")
                .out()
                .contains("  digest        " + installer.descriptor().digest() + "\n"));
        assertEquals(new CommandLineRun(0, "no differences\n", ""), run("inspect", "kept.tar", "--diff", "oci:layout"));
        assertEquals(new CommandLineRun(2, "", """
                error: cannot inspect docker-archive:saved.tar:v2
                  why:   it contains no image v2; the names are: docker.io/acme/installer:v1
                  try:   name one of them, as in oci:DIR:TAG or docker-archive:FILE:TAG
                """), run("inspect", "docker-archive:saved.tar:v2"));
        assertEquals(new CommandLineRun(4, "", """
                error: cannot inspect blob
                  why:   tar archive at offset 0 (0x0): is not an image archive: neither manifest.json nor oci-layout and index.json are in it
                """), layer(installer));
    }

    private CommandLineRun layer(Image installer) throws IOException {
        Files.copy(
                folder.resolve("layout/blobs/sha256")
                        .resolve(installer
                                .manifest()
                                .layers()
                                .getFirst()
                                .digest()
                                .hex()),
                folder.resolve("blob"));
        return run("inspect", "blob");
    }

    /** What a layer above takes away is not found below. */
    @Test
    void aLayoutOfUmociWithAWhiteout() throws Exception {
        samples.extension("layout", "v1", HELLO, InspectSamples.rootfs("hello", "hello\n"));
        assertTrue(run("inspect", "oci:layout:v1").out().startsWith("extension image"));
        tool("umoci", "umoci", "insert", "--rootless", "--image", "layout:v1", "--whiteout", "/manifest.yaml");
        for (String[] options : List.of(new String[] {"--json"}, new String[] {"--json", "--files"})) {
            String[] all = options.length == 1
                    ? new String[] {"inspect", "oci:layout:v1", options[0]}
                    : new String[] {"inspect", "oci:layout:v1", options[0], options[1]};
            var report = JsonReader.readObject("json", run(all).out().getBytes(UTF_8));
            assertEquals("image", report.text("kind"));
            assertEquals(List.of(), report.items("extensions"));
        }
    }
}
