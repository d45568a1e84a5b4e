package dev.talosforge.cli;

import static dev.talosforge.inspect.InspectSamples.HELLO;
import static dev.talosforge.inspect.InspectSamples.METAL;
import static dev.talosforge.inspect.InspectSamples.NOCLOUD;
import static dev.talosforge.inspect.InspectSamples.OTHER;
import static dev.talosforge.inspect.InspectSamples.digest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSize;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.format.cpio.CpioArchive;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.format.pe.PeSection;
import dev.talosforge.inspect.InspectSamples;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.extension.ExtensionManifest;
import dev.talosforge.talos.extension.ExtensionsYaml;
import dev.talosforge.talos.image.GrubConfig;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What inspect says of artifacts that the product's own recipes made. */
class InspectCommandTest {
    @TempDir
    Path folder = Path.of("");

    private final Map<String, String> environment = new TreeMap<>();
    private InspectSamples samples = new InspectSamples(folder);
    private ByteSource initramfs = ByteSource.empty();

    @BeforeEach
    void process() throws IOException {
        folder = folder.toRealPath();
        samples = new InspectSamples(folder);
        environment.put("HOME", folder.toString());
        initramfs = samples.initramfs(List.of(HELLO, OTHER), List.of(samples.hello(), samples.other()));
    }

    private CommandLineRun run(String... args) {
        return CommandLineRun.in(folder, environment, args);
    }

    private static CommandLineRun message(String out) {
        return new CommandLineRun(0, out, "");
    }

    private static CommandLineRun refused(int code, String err) {
        return new CommandLineRun(code, "", err);
    }

    @Tag("reference")
    @Test
    void aPipeIsRefusedAndNotWaitedFor() throws Exception {
        Path pipe = folder.resolve("pipe");
        RequiredTool.named("mkfifo", "coreutils").run(folder, Path.of("/dev/null"), pipe.toString());
        assertEquals(refused(2, """
                error: cannot inspect pipe
                  why:   %s is not a regular file but a folder, a pipe, a socket or a device
                  try:   copy its content to a file and inspect that file
                """.formatted(pipe)), run("inspect", "pipe"));
    }

    /** A line for each section: the stub's, then those that the recipe adds. */
    private static String sections(PeImage image) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (PeSection section : image.sections()) {
            lines.append("  %-8s  %-7s  %s%n"
                    .formatted(section.name(), ByteSize.of(section.contentSize()), digest(image.content(section))));
        }
        return lines.toString();
    }

    private String extensions() throws IOException {
        return """
                extensions
                  name   version  author    size    digest
                  hello  v1       tests     4.1 kB  %s
                  other  v7       somebody  4.1 kB  %s
                """.formatted(digest(samples.hello()), digest(samples.other()));
    }

    @Tag("reference")
    @Test
    void anIso() throws Exception {
        Path iso = samples.iso("boot.iso", NOCLOUD, initramfs);
        PeImage uki = InspectSamples.uki(NOCLOUD, initramfs, OutputKind.ISO, 2048);
        assertEquals(
                message("""
                boot ISO  boot.iso
                  digest        %s
                  size          %s (%d bytes)
                  Talos         v1.11.5
                  platform      nocloud
                  architecture  amd64
                  kernel        6.12.57-tests
                  volume        TALOS_V1_11_5
                  initramfs     zstd %d bytes, cpio 9216 bytes

                kernel command lines
                  UKI                            talos.platform=nocloud console=ttyS0 a=${b}
                  UKI profile reset              talos.platform=nocloud console=ttyS0 a=${b} talos.experimental.wipe=system
                  GRUB Talos ISO                 BOOT_IMAGE=/boot/vmlinuz talos.platform=nocloud console=ttyS0 a=${b}
                  GRUB Reset Talos installation  BOOT_IMAGE=/boot/vmlinuz talos.platform=nocloud console=ttyS0 a=${b} talos.experimental.wipe=system

                %s
                boot entries
                  BIOS  El Torito     boot program              block 31
                  UEFI  El Torito     EFI system partition      block 512
                  BIOS  GRUB          Talos ISO                 /boot/vmlinuz /boot/initramfs.xz
                  BIOS  GRUB          Reset Talos installation  /boot/vmlinuz /boot/initramfs.xz
                  UEFI  firmware      boot loader               EFI/BOOT/BOOTX64.EFI
                  UEFI  systemd-boot  Talos-v1.11.5             EFI/Linux/Talos-v1.11.5.efi
                  UEFI  systemd-boot  Reset system disk         EFI/Linux/Talos-v1.11.5.efi

                sections
                %s""".formatted(
                                digest(ByteSource.of(iso)),
                                ByteSize.of(Files.size(iso)),
                                Files.size(iso),
                                samples.base().size(),
                                extensions(),
                                sections(uki))),
                run("inspect", "boot.iso"));
    }

    @Tag("reference")
    @Test
    void theFilesOfAnIsoAreThoseOfEverythingInIt() throws Exception {
        samples.iso("boot.iso", NOCLOUD, initramfs);
        String out = run("inspect", "boot.iso", "--files").out();
        String uki = digest(
                InspectSamples.uki(NOCLOUD, initramfs, OutputKind.ISO, 2048).bytes());
        String config = GrubConfig.of(NOCLOUD, InspectSamples.VERSION);
        assertEquals(
                List.of(
                        "files of ISO (15)",
                        "files of EFI system partition (7)",
                        "files of initramfs segment 1 (2)",
                        "files of rootfs.sqsh (3)",
                        "files of initramfs segment 2 (3)",
                        "files of 0.sqsh (hello) (5)",
                        "files of 1.sqsh (other) (5)"),
                out.lines().filter(line -> line.startsWith("files of")).toList());
        assertTrue(
                out.contains("  file       0444  0:0  %-6d  %s  boot/grub/grub.cfg\n"
                        .formatted(config.length(), digest(ByteSource.of(config.getBytes(UTF_8))))),
                out);
        assertTrue(
                out.contains("  file       0644  0:0  210944  %s  EFI/Linux/Talos-v1.11.5.efi\n".formatted(uki)), out);
        assertTrue(out.endsWith("""
                files of 1.sqsh (other) (5)
                  directory  0755  0:0  0  -                                                                        usr
                  directory  0755  0:0  0  -                                                                        usr/local
                  directory  0755  0:0  0  -                                                                        usr/local/bin
                  symlink    0777  0:0  0  -                                                                        usr/local/bin/alias -> other
                  file       0755  0:0  6  %s  usr/local/bin/other
                """.formatted(digest(ByteSource.of("other\n".getBytes(UTF_8))))), out);
    }

    @Test
    void anInstallerInALayout() throws Exception {
        Image image = samples.installer("layout", "v1", METAL, initramfs);
        List<Descriptor> layers = image.manifest().layers();
        PeImage uki = InspectSamples.uki(METAL, initramfs, OutputKind.INSTALLER, 512);
        assertEquals(
                message("""
                installer image  layout
                  digest        %s
                  size          %s (%d bytes)
                  Talos         v1.11.5
                  platform      metal
                  architecture  amd64
                  kernel        6.12.57-tests
                  config        %s
                  created       2025-01-01T00:00:00Z
                  layer 1       %s, %d bytes
                  layer 2       %s, %d bytes
                  initramfs     zstd %d bytes, cpio 9216 bytes

                kernel command lines
                  UKI                            talos.platform=metal console=ttyS0
                  UKI profile reset-maintenance  talos.platform=metal console=ttyS0 talos.experimental.wipe=system:EPHEMERAL,STATE

                %s
                sections
                %s""".formatted(
                                image.descriptor().digest(),
                                ByteSize.of(layers.get(0).size() + layers.get(1).size()),
                                layers.get(0).size() + layers.get(1).size(),
                                image.manifest().config().digest(),
                                layers.get(0).digest(),
                                layers.get(0).size(),
                                layers.get(1).digest(),
                                layers.get(1).size(),
                                samples.base().size(),
                                extensions(),
                                sections(uki))),
                run("inspect", "layout"));
        assertEquals(
                run("inspect", "layout").out().replace("  layout\n", "  oci:layout:v1\n"),
                run("inspect", "oci:layout:v1").out());
    }

    @Test
    void anExtensionWithItsServices() throws Exception {
        TreeBuilder rootfs = new TreeBuilder(0)
                .file("usr/local/etc/containers/b.yaml", 0644, "name: b\n")
                .file("usr/local/etc/containers/hello.yaml", 0644, """
                        name: hello
                        container: {entrypoint: /usr/bin/hello}
                        depends:
                          - service: cri
                          - network: [addresses, hostname]
                        restart: always
                        """);
        samples.extension("layout", "v1", HELLO, rootfs.build());
        String out = run("inspect", "layout").out();
        assertEquals("""
                services
                  name   entrypoint      restart  waits for
                  b      -               -        -
                  hello  /usr/bin/hello  always   service cri; network addresses, hostname
                """, out.substring(out.indexOf("services\n") < 0 ? 0 : out.indexOf("services\n")));
        String json = run("inspect", "layout", "--json").out();
        assertTrue(json.contains("""
                        "services":[{"name":"b","entrypoint":null,"depends":[],"restart":null,\
                        "file":"/usr/local/etc/containers/b.yaml"},\
                        {"name":"hello","entrypoint":"/usr/bin/hello",\
                        "depends":["service cri","network addresses, hostname"],"restart":"always",\
                        "file":"/usr/local/etc/containers/hello.yaml"}]"""), json);
    }

    @Test
    void anExtensionWithItsFiles() throws Exception {
        Image image = samples.extension("layout", "v1", HELLO, InspectSamples.rootfs("hello", "hello\n"));
        Descriptor layer = image.manifest().layers().getFirst();
        assertEquals(
                message("""
                extension image  oci:layout
                  digest        %1$s
                  size          %2$s (%3$d bytes)
                  architecture  amd64
                  config        %4$s
                  created       2025-01-01T00:00:00Z
                  layer 1       %5$s, %3$d bytes

                extensions
                  name   version  author  size    digest
                  hello  v1       tests   %2$s  %1$s

                files of image (7)
                  file       0644  0:0  %6$d  %7$s  manifest.yaml
                  directory  0755  0:0  0    -                                                                        rootfs
                  directory  0755  0:0  0    -                                                                        rootfs/usr
                  directory  0755  0:0  0    -                                                                        rootfs/usr/local
                  directory  0755  0:0  0    -                                                                        rootfs/usr/local/bin
                  symlink    0777  0:0  0    -                                                                        rootfs/usr/local/bin/alias -> hello
                  file       0755  0:0  6    %8$s  rootfs/usr/local/bin/hello
                """.formatted(
                                image.descriptor().digest(),
                                ByteSize.of(layer.size()),
                                layer.size(),
                                image.manifest().config().digest(),
                                layer.digest(),
                                HELLO.toBytes().length,
                                digest(ByteSource.of(HELLO.toBytes())),
                                digest(ByteSource.of("hello\n".getBytes(UTF_8))))),
                run("inspect", "oci:layout", "--files"));
    }

    @Test
    void anInitramfsAndASquashfs() throws Exception {
        samples.write("initramfs", initramfs);
        assertEquals(
                message("""
                initramfs  initramfs
                  digest     %s
                  size       %s (%d bytes)
                  Talos      v1.11.5
                  initramfs  zstd %d bytes, cpio 9216 bytes

                %s""".formatted(
                                digest(initramfs),
                                ByteSize.of(initramfs.size()),
                                initramfs.size(),
                                samples.base().size(),
                                extensions())),
                run("inspect", "initramfs"));
        assertEquals(message("""
                SquashFS image  hello.sqsh
                  digest       %s
                  size         4.1 kB (4096 bytes)
                  compression  zstd
                  block size   131072 bytes
                  files        5
                """.formatted(digest(samples.hello()))), run("inspect", "hello.sqsh"));
    }

    @Test
    void aKernelAndAProgram() throws Exception {
        samples.write("kernel", InspectSamples.kernel());
        samples.write("boot.efi", InspectSamples.program());
        assertEquals(message("""
                Linux kernel  kernel
                  digest        %s
                  size          90.1 kB (90112 bytes)
                  architecture  amd64
                  kernel        6.12.57-tests
                """.formatted(digest(InspectSamples.kernel()))), run("inspect", "kernel"));
        assertEquals(
                message("""
                UEFI program  boot.efi
                  digest        %s
                  size          90.1 kB (90112 bytes)
                  architecture  amd64

                sections
                %s""".formatted(
                                digest(InspectSamples.program()), sections(PeImage.read(InspectSamples.program())))),
                run("inspect", folder.resolve("boot.efi").toString()).withoutFolder(folder));
    }

    @Tag("reference")
    @Test
    void theSameAsJson() throws Exception {
        samples.write("initramfs", initramfs);
        assertEquals(
                message("""
                {"format":1,"subject":"initramfs","kind":"initramfs","digest":"%s","size":%d,"talos_version":"v1.11.5",\
                "platform":null,"architecture":null,"kernel_version":null,"details":{"initramfs":"zstd %d bytes, cpio 9216 bytes"},\
                "command_lines":[],"extensions":[\
                {"file":"0.sqsh","name":"hello","version":"v1","author":"tests","description":"says nothing",\
                "talos_versions":">= v1.0.0","size":4096,"digest":"%s","services":null},\
                {"file":"1.sqsh","name":"other","version":"v7","author":"somebody","description":"does nothing",\
                "talos_versions":"","size":4096,"digest":"%s","services":null}],\
                "sections":[],"boot_entries":[],"files":[],"notes":[]}
                """.formatted(
                                digest(initramfs),
                                initramfs.size(),
                                samples.base().size(),
                                digest(samples.hello()),
                                digest(samples.other()))),
                run("inspect", "initramfs", "--json"));

        samples.iso("boot.iso", NOCLOUD, initramfs);
        JsonObject iso = JsonReader.readObject(
                "json", run("inspect", "boot.iso", "--json", "--files").out().getBytes(UTF_8));
        assertEquals("""
                {"firmware":"UEFI","loader":"systemd-boot","name":"Talos-v1.11.5","target":"EFI/Linux/Talos-v1.11.5.efi"}""", iso.items("boot_entries").get(5).compact());
        assertEquals(
                """
                {"name":".cmdline","size":43,"digest":"%s","text":"%s"}""".formatted(digest(ByteSource.of(NOCLOUD.getBytes(UTF_8))), NOCLOUD),
                iso.items("sections").get(7).compact());
        assertEquals(
                """
                {"path":"usr/local/bin/alias","type":"symlink","mode":"0777","uid":0,"gid":0,"size":0,"digest":null,"target":"other"}""",
                ((JsonObject) iso.items("files").getLast())
                        .items("entries")
                        .get(3)
                        .compact());
    }

    @Test
    void whatDiffersIsReportedPartByPart() throws Exception {
        ExtensionManifest newer = new ExtensionManifest("other", "v8", "somebody", "does nothing", "", "");
        ByteSource changed = samples.squashfs("changed.sqsh", InspectSamples.rootfs("hello", "Hello\n"));
        ByteSource second = samples.initramfs(
                List.of(newer, HELLO, new ExtensionManifest("third", "v3", "tests", "", "", "")),
                List.of(samples.other(), changed, samples.hello()));
        Image a = samples.installer("a", "v1", METAL, initramfs);
        Image b = samples.installer("b", "v1", "talos.platform=metal a=\"b c\" console=ttyS1", second);
        CommandLineRun run = run("inspect", "oci:a", "--diff", "oci:b", "--detailed-exitcode");
        String hello = shortened(digest(samples.hello()));
        String[] reset = {
            METAL + " talos.experimental.wipe=system:EPHEMERAL,STATE",
            "talos.platform=metal a=\"b c\" console=ttyS1 talos.experimental.wipe=system:EPHEMERAL,STATE"
        };
        assertEquals(
                new CommandLineRun(
                        2,
                        """
                - installer image  oci:a
                + installer image  oci:b
                  ~ digest: %s -> %s, %d -> %d bytes
                  + kernel argument a="b c", UKI
                  + kernel argument console=ttyS1, UKI
                  - kernel argument console=ttyS0, UKI
                  + kernel argument a="b c", UKI profile reset-maintenance
                  + kernel argument console=ttyS1, UKI profile reset-maintenance
                  - kernel argument console=ttyS0, UKI profile reset-maintenance
                  ~ extension other: version v7 -> v8
                  ~ extension hello: version v1, other content: %s -> %s, 4096 bytes
                  + extension third: v3 %s
                  ~ order of extensions: hello, other -> other, hello
                  ~ section .cmdline: %s -> %s, 34 -> 42 bytes
                  ~ section .initrd: %s -> %s, %d -> %d bytes
                  ~ section .cmdline (2): %s -> %s, 81 -> 89 bytes
                """.formatted(
                                        shortened(a.descriptor().digest().toString()),
                                        shortened(b.descriptor().digest().toString()),
                                        size(a),
                                        size(b),
                                        hello,
                                        shortened(digest(changed)),
                                        hello,
                                        text(METAL),
                                        text("talos.platform=metal a=\"b c\" console=ttyS1"),
                                        shortened(digest(initramfs)),
                                        shortened(digest(second)),
                                        initramfs.size(),
                                        second.size(),
                                        text(reset[0]),
                                        text(reset[1])),
                        ""),
                run);
        assertEquals(0, run("inspect", "oci:a", "--diff", "oci:b").code());
        assertEquals(message("no differences\n"), run("inspect", "oci:a", "--diff", "oci:a:v1", "--detailed-exitcode"));
    }

    private static long size(Image image) {
        return image.manifest().layers().stream().mapToLong(Descriptor::size).sum();
    }

    private static String shortened(String digest) {
        return digest.substring(0, "sha256:".length() + 12) + "…";
    }

    private static String text(String text) throws IOException {
        return shortened(digest(ByteSource.of(text.getBytes(UTF_8))));
    }

    @Test
    void filesThatDifferAreReportedWithWhatDiffers() throws Exception {
        samples.squashfs(
                "changed.sqsh",
                new TreeBuilder(InspectSamples.TIME)
                        .file("usr/local/bin/hello", 0644, "Hello\n")
                        .symlink("usr/local/bin/alias", "elsewhere")
                        .file("usr/local/etc/new", 0600, "")
                        .build());
        samples.hello();
        String before = digest(ByteSource.of("hello\n".getBytes(UTF_8)));
        String after = digest(ByteSource.of("Hello\n".getBytes(UTF_8)));
        String empty = digest(ByteSource.empty());
        String digests = "%s -> %s, 4096 bytes"
                .formatted(
                        shortened(digest(samples.hello())),
                        shortened(digest(ByteSource.of(folder.resolve("changed.sqsh")))));
        assertEquals(
                message("""
                - SquashFS image  hello.sqsh
                + SquashFS image  changed.sqsh
                  ~ digest: %s
                  ~ usr/local/bin/alias in SquashFS image: target hello -> elsewhere
                  ~ usr/local/bin/hello in SquashFS image: mode 0755 -> 0644, %s -> %s, 6 bytes
                  + usr/local/etc in SquashFS image: directory 0755 0:0 0 -
                  + usr/local/etc/new in SquashFS image: file 0600 0:0 0 %s
                """.formatted(digests, shortened(before), shortened(after), shortened(empty))),
                run("inspect", "hello.sqsh", "--diff", "changed.sqsh", "--files"));
        JsonObject json = JsonReader.readObject(
                "json",
                run("inspect", "hello.sqsh", "--diff", "changed.sqsh", "--files", "--json")
                        .out()
                        .getBytes(UTF_8));
        assertEquals(
                List.of("format", "first", "second", "equal", "differences"),
                List.copyOf(json.members().keySet()));
        assertEquals(Json.of(false), json.get("equal"));
        assertEquals(
                """
                {"change":"changed","category":"file","subject":"usr/local/bin/hello in SquashFS image",\
                "before":"file 0755 0:0 6 %s","after":"file 0644 0:0 6 %s","message":"mode 0755 -> 0644, %s -> %s, 6 bytes"}""".formatted(before, after, shortened(before), shortened(after)),
                json.items("differences").get(2).compact());
    }

    @Test
    void contentThatIsNotKnownIsReportedWithWhatIs() throws Exception {
        Files.writeString(folder.resolve("notes.iso"), "no ISO at all");
        Files.writeString(folder.resolve("empty"), "");
        String understood =
                "give an ISO, a unified kernel image, a UEFI program, a Linux kernel, an initramfs, a SquashFS image, an archive from docker save, an OCI layout or archive, or the reference of an image";
        assertEquals(refused(4, """
                error: cannot inspect notes.iso
                  why:   its content is not of a known kind: it begins with 6e 6f 20 49 53 4f 20 61
                  try:   %s
                """.formatted(understood)), run("inspect", "notes.iso"));
        assertEquals(refused(4, """
                error: cannot inspect empty
                  why:   the file is empty
                  try:   %s
                """.formatted(understood)), run("inspect", "empty"));
    }

    @Test
    void whatIsMissingIsReported() throws Exception {
        assertEquals(refused(2, """
                error: cannot inspect ./no.iso
                  why:   there is no such file
                """), run("inspect", "./no.iso"));
        assertEquals(refused(2, """
                error: cannot inspect No.iso
                  why:   there is no such file, and it is not an image reference: "No.iso": "library/No.iso" is not a repository name: use lower-case letters and digits, with . _ - between them
                """), run("inspect", "No.iso"));
        assertEquals(refused(2, """
                error: cannot inspect oci:nowhere:v1
                  why:   there is no %s/nowhere
                """.formatted(folder)), run("inspect", "oci:nowhere:v1"));
        Files.createDirectory(folder.resolve("plain"));
        assertEquals(refused(4, """
                error: cannot inspect plain
                  why:   OCI layout at offset 0 (0x0): not an OCI layout: it has no file oci-layout
                """), run("inspect", "plain"));
        assertEquals(refused(2, """
                error: cannot select images for "riscv64"
                  why:   --architecture must be amd64 or arm64
                """), run("inspect", "plain", "--architecture", "riscv64"));
    }

    /** Row 9e: whose manifest it is, and that it is not this machine's fault. */
    @Test
    void aManifestOfAnotherVersionIsReportedInTheImagesName() throws Exception {
        samples.extension(
                "odd", "v1", new TreeBuilder(InspectSamples.TIME).file("manifest.yaml", 0644, "version: v9\n"));
        assertEquals(refused(3, """
                error: cannot inspect oci:odd:v1
                  why:   unsupported manifest version: "v9"
                  try:   use a manifest of version v1alpha1
                """), run("inspect", "oci:odd:v1"));
    }

    @Tag("reference")
    @Test
    void whatIsCutOffIsReported() throws Exception {
        byte[] iso = Files.readAllBytes(samples.iso("boot.iso", NOCLOUD, initramfs));
        Files.write(folder.resolve("cut.iso"), Arrays.copyOf(iso, 40_000));
        assertEquals(refused(4, """
                error: cannot inspect cut.iso
                  why:   El Torito boot catalog at offset 61440 (0xf000): needs 2048 bytes, but the file ends at 40000
                """), run("inspect", "cut.iso"));
        byte[] whole = initramfs.readAll("initramfs", 1 << 20);
        Files.write(
                folder.resolve("cut"), Arrays.copyOf(whole, (int) samples.base().size() + 200));
        assertEquals(refused(4, """
                error: cannot inspect cut
                  why:   cpio archive at offset 0 (0x0): the content of 0.sqsh extends beyond the end of the file
                """), run("inspect", "cut"));
        Files.write(
                folder.resolve("cut"), Arrays.copyOf(whole, (int) samples.base().size() - 1));
        assertEquals(
                refused(4, """
                error: cannot inspect cut
                  why:   zstd stream at offset %1$d (0x%1$x): extends beyond the end of the file, which has %2$d bytes
                """.formatted(samples.base().size(), samples.base().size() - 1)), run("inspect", "cut"));
    }

    /** Lists say what is there; one that says more is wrong. */
    @Test
    void anExtensionThatIsListedAndNotThereIsReported() throws Exception {
        byte[] list = ExtensionsYaml.of(List.of(new ExtensionsYaml.Layer("7.sqsh", HELLO)));
        samples.write(
                "initramfs",
                CpioArchive.source(new TreeBuilder(InspectSamples.TIME)
                        .file("extensions.yaml", 0644, ByteSource.of(list))
                        .build()
                        .entries()));
        assertEquals(refused(4, """
                error: cannot inspect initramfs
                  why:   extensions.yaml at offset 0 (0x0): lists 7.sqsh, which is not in the initramfs
                """), run("inspect", "initramfs"));
        samples.write(
                "initramfs",
                CpioArchive.source(new TreeBuilder(InspectSamples.TIME)
                        .file("extensions.yaml", 0644, "layers: {a: b}")
                        .build()
                        .entries()));
        assertEquals(refused(4, """
                error: cannot inspect initramfs
                  why:   extensions.yaml at offset 0 (0x0): layers is not a list of at most 1000
                """), run("inspect", "initramfs"));
    }

    @Test
    void ofSeveralImagesOneHasToBeNamed() throws Exception {
        samples.installer("layout", "v1", METAL, initramfs);
        samples.extension("layout", "hello", HELLO, InspectSamples.rootfs("hello", "hello\n"));
        assertEquals(refused(2, """
                error: cannot inspect layout
                  why:   it contains 2 images; the names are: v1, hello
                  try:   name one of them, as in oci:DIR:TAG or docker-archive:FILE:TAG
                """), run("inspect", "layout"));
        assertEquals(refused(2, """
                error: cannot inspect oci:layout:v2
                  why:   it contains no image v2; the names are: v1, hello
                  try:   name one of them, as in oci:DIR:TAG or docker-archive:FILE:TAG
                """), run("inspect", "oci:layout:v2"));
    }

    @Test
    void aLayerThatIsNotWhatItsDigestSaysIsReported() throws Exception {
        Image image = samples.installer("layout", "v1", METAL, initramfs);
        Descriptor layer = image.manifest().layers().getLast();
        Path blob = folder.resolve("layout/blobs/sha256").resolve(layer.digest().hex());
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        Files.write(blob, bytes);
        assertEquals(refused(4, """
                error: cannot inspect layout
                  why:   OCI layer at offset 0 (0x0): the content of %s has the digest %s
                """.formatted(layer.digest(), digest(ByteSource.of(bytes)))), run("inspect", "layout"));
        Files.delete(blob);
        assertEquals(refused(4, """
                error: cannot inspect layout
                  why:   the layout has no such blob: %s
                """.formatted(blob)), run("inspect", "layout"));
    }

    /** A segment that nobody can read is no reason to say nothing of the rest. */
    @Test
    void anInitramfsThatIsNotUnderstoodIsNoted() throws Exception {
        ByteSource odd = ByteSource.of("LZ4 or whatever it may be".getBytes(UTF_8));
        samples.write(
                "boot.efi",
                InspectSamples.uki(METAL, odd, OutputKind.INSTALLER, 512).bytes());
        String out = run("inspect", "boot.efi").out();
        assertTrue(out.contains("  initramfs     unknown 25 bytes\n"), out);
        assertTrue(
                out.endsWith(
                        "\nnote: the data from byte 0 of the initramfs (4c 5a 34 20 6f 72 20 77) is neither a cpio archive nor compressed with gzip, zstd or xz; it was not inspected\n"),
                out);
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        samples.installer("layout", "v1", METAL, initramfs);
        run("inspect", "layout", "--files");
        try (Stream<Path> files = Files.list(folder.resolve(".cache/talos-forge/tmp"))) {
            assertEquals(List.of(), files.toList());
        }
    }
}
