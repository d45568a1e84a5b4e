package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.format.fat.FatReader;
import dev.talosforge.format.gpt.Gpt;
import dev.talosforge.format.gpt.Guid;
import dev.talosforge.format.iso9660.IsoReader;
import dev.talosforge.format.pe.PeImage;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The product as a user meets it: the example tree against the lab, judged by the field's tools and by booting. The lab
 * stays in target/lab, so that a second run fetches nothing.
 */
@Tag("boot")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {
    private static final Path LAB = Path.of("target/lab").toAbsolutePath();
    private static final SortedMap<String, String> ENVIRONMENT = new TreeMap<>();
    /** Two boots at a time: each keeps less than one processor busy. */
    private static final ExecutorService MACHINES = Executors.newFixedThreadPool(2);

    private static final SortedMap<String, Future<JsonObject>> BOOTS = new TreeMap<>();
    private static final AtomicReference<Future<Void>> SESSION = new AtomicReference<>();

    @TempDir
    static @Nullable Path folder;

    /** What a command printed and returned. */
    private record Run(int code, String out, String err) {
        Run succeeded() {
            assertEquals(0, code, () -> out + err);
            return this;
        }
    }

    private static Run run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                args,
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), ENVIRONMENT, false));
        return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private static Path folder() {
        assertNotNull(folder);
        return folder;
    }

    private static Path state(String unit) {
        return Path.of(artifacts(), unit, "terragrunt-cache", "artifacts", unit, "terraform.tfstate");
    }

    private static String artifacts() {
        return folder().resolve("tree/live/artifacts").toString();
    }

    private static String output(String unit, String name) {
        return run("-C", artifacts() + "/" + unit, "output", "--raw", name)
                .succeeded()
                .out
                .strip();
    }

    private static Path iso() {
        return Path.of(output("images", "iso_path"));
    }

    @BeforeAll
    static void publishTheExampleTree() throws Exception {
        RequiredTool.named("docker-registry", "docker-registry");
        ENVIRONMENT.put("PATH", System.getenv("PATH"));
        ENVIRONMENT.put("HOME", folder().toString());
        ENVIRONMENT.put("TALOS_FORGE_STORE", folder().resolve("store").toString());
        ExampleTree.copyTo(folder().resolve("tree"));
        // An earlier run's ISO would be another file of the same name, and attached to a machine.
        run("lab", "down", "--dir", LAB.toString()).succeeded();
        if (Files.isDirectory(LAB.resolve("proxmox"))) {
            DiskTree.delete(LAB.resolve("proxmox"));
        }
        run("lab", "up", "--dir", LAB.toString()).succeeded();
        Matcher variable = Pattern.compile("export (\\w+)='(.*)'").matcher(Files.readString(LAB.resolve("env")));
        while (variable.find()) {
            ENVIRONMENT.put(variable.group(1), variable.group(2));
        }
        run("-C", artifacts(), "run-all", "apply").succeeded();
        startMachines();
    }

    /** The longest first. What they find is asserted by the tests, in their order. */
    private static void startMachines() {
        Path iso = iso();
        SESSION.set(MACHINES.submit(() -> {
            exchangeRoutes(iso);
            return null;
        }));
        for (boolean asDisk : new boolean[] {false, true}) {
            for (String firmware : new String[] {"--bios", "--uefi"}) {
                BOOTS.put(firmware + asDisk, MACHINES.submit(() -> booted(firmware, asDisk, iso)));
            }
        }
    }

    @AfterAll
    static void endTheLab() {
        MACHINES.shutdownNow();
        MACHINES.close();
        run("lab", "down", "--dir", LAB.toString()).succeeded();
    }

    @Test
    @Order(1)
    void outputsAreRecordedForTheClusters() throws Exception {
        assertTrue(output("extension", "extension_image")
                .matches("ghcr\\.io/sulibot/frr-talos-extension:v1\\.0\\.18@sha256:[0-9a-f]{64}"));
        assertEquals("ghcr.io/sulibot/talos-frr-installer:v1.11.5", output("images", "installer_image"));
        assertEquals("talos-frr-v1.11.5-nocloud-amd64.iso", output("images", "iso_name"));
        assertEquals(Sha256.of(ByteSource.of(iso())).hex(), output("images", "iso_sha256"));
        String volume = "resources:iso/talos-frr-v1.11.5-nocloud-amd64.iso";
        assertEquals(
                "{\"pve01\":\"%1$s\",\"pve02\":\"%1$s\",\"pve03\":\"%1$s\"}".formatted(volume),
                run("-C", artifacts() + "/registry", "output", "talos_image_file_ids")
                        .succeeded()
                        .out
                        .strip());

        JsonObject state = JsonReader.readObject("state", Files.readAllBytes(state("images")));
        assertEquals(4L, state.whole("version"));
        Run clusters = run("-C", folder().resolve("tree/live/clusters").toString(), "render")
                .succeeded();
        JsonObject rendered = JsonReader.readObject("render", clusters.out.getBytes(UTF_8));
        JsonObject compute = rendered.object("cluster-101/compute");
        assertNotNull(compute);
        assertTrue(compute.compact().contains(volume), compute::compact);
    }

    @Test
    @Order(2)
    void theFieldsToolsAcceptTheIso() throws Exception {
        Path nothing = Path.of("/dev/null");
        String xorriso = RequiredTool.named("xorriso", "xorriso")
                .run(
                        folder(),
                        nothing,
                        "-indev",
                        iso().toString(),
                        "-report_el_torito",
                        "plain",
                        "-report_system_area",
                        "plain",
                        "-pvd_info");
        assertTrue(xorriso.contains("Volume Id    : TALOS_V1_11_5"), xorriso);
        assertTrue(
                Pattern.compile("El Torito boot img :   1  BIOS  y   none")
                        .matcher(xorriso)
                        .find(),
                xorriso);
        assertTrue(
                Pattern.compile("El Torito boot img :   2  UEFI  y   none")
                        .matcher(xorriso)
                        .find(),
                xorriso);
        assertTrue(xorriso.contains("grub2-mbr"), xorriso);
        assertTrue(xorriso.contains("/boot/grub/i386-pc/eltorito.img"), xorriso);
        assertTrue(RequiredTool.named("sgdisk", "gdisk")
                .run(folder(), nothing, "-v", iso().toString())
                .contains("No problems found"));

        Path partition = folder().resolve("esp.img");
        Files.write(partition, new byte[0]);
        try (var in = systemPartition().open()) {
            Files.copy(in, partition, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        RequiredTool.named("fsck.vfat", "dosfstools").run(folder(), nothing, "-vn", partition.toString());
        Path uki = folder().resolve("uki.efi");
        Files.deleteIfExists(uki);
        RequiredTool.named("mcopy", "mtools")
                .run(folder(), nothing, "-i", partition.toString(), "::/EFI/Linux/Talos-v1.11.5.efi", uki.toString());
        String sections = RequiredTool.named("objdump", "binutils").run(folder(), nothing, "-h", uki.toString());
        for (String section : List.of(".osrel", ".cmdline", ".uname", ".linux", ".initrd", ".profile")) {
            assertTrue(sections.contains(section), sections);
        }
    }

    private static ByteSource systemPartition() throws IOException {
        ByteSource iso = ByteSource.of(iso());
        Gpt gpt = Gpt.read(iso, 512);
        return gpt.partitions().stream()
                .filter(partition -> partition.type().equals(Guid.EFI_SYSTEM))
                .map(partition -> iso.slice(partition.firstLba() * 512, partition.sectorCount() * 512))
                .findFirst()
                .orElseThrow();
    }

    /** What one plan promises: kernel and initramfs of both artifacts are the same bytes, only the platform differs. */
    @Test
    @Order(3)
    void installerAndIsoCarryTheSameExtensions() throws Exception {
        PeImage isoUki = uki(FatReader.read(systemPartition()), "EFI/Linux/Talos-v1.11.5.efi");
        PeImage installerUki = installerUki();
        for (String section : List.of(".linux", ".initrd", ".osrel", ".uname")) {
            assertEquals(digest(isoUki, section), digest(installerUki, section), section);
        }
        assertTrue(text(isoUki, ".cmdline").startsWith("talos.platform=nocloud "), text(isoUki, ".cmdline"));
        assertTrue(text(installerUki, ".cmdline").startsWith("talos.platform=metal "), text(installerUki, ".cmdline"));

        FileTree tree = IsoReader.read(ByteSource.of(iso())).tree();
        assertEquals(digest(isoUki, ".linux"), Sha256.of(content(tree, "boot/vmlinuz")));
        assertEquals(digest(isoUki, ".initrd"), Sha256.of(content(tree, "boot/initramfs.xz")));
        assertTrue(
                Files.size(iso())
                        < content(tree, "boot/vmlinuz").size()
                                + content(tree, "boot/initramfs.xz").size()
                                + (16 << 20),
                "kernel and initramfs stand on the medium more than once");
    }

    private static PeImage installerUki() throws Exception {
        Path layout = folder().resolve("installer");
        String registry = String.valueOf(ENVIRONMENT.get("TALOS_FORGE_REGISTRIES"));
        URI address = URI.create(registry.replaceAll(".*\"url\":\"([^\"]*)\".*", "$1"));
        RequiredTool.named("skopeo", "skopeo")
                .run(
                        folder(),
                        Path.of("/dev/null"),
                        "copy",
                        "--src-tls-verify=false",
                        "docker://%s/sulibot/talos-frr-installer@%s"
                                .formatted(address.getAuthority(), output("images", "installer_digest")),
                        "oci:" + layout + ":v1.11.5");
        Path bundle = folder().resolve("bundle");
        RequiredTool.named("umoci", "umoci")
                .run(
                        folder(),
                        Path.of("/dev/null"),
                        "raw",
                        "unpack",
                        "--rootless",
                        "--image",
                        layout + ":v1.11.5",
                        bundle.toString());
        return PeImage.read(ByteSource.of(bundle.resolve("usr/install/amd64/vmlinuz.efi")));
    }

    private static PeImage uki(FileTree tree, String path) throws IOException {
        return PeImage.read(content(tree, path));
    }

    private static ByteSource content(FileTree tree, String path) {
        if (tree.get(path) instanceof Entry.RegularFile file) {
            return file.content();
        }
        throw new AssertionError("no file " + path);
    }

    private static Sha256 digest(PeImage image, String section) throws IOException {
        var found = image.section(section);
        assertNotNull(found, section);
        return Sha256.of(image.content(found));
    }

    private static String text(PeImage image, String section) throws IOException {
        var found = image.section(section);
        assertNotNull(found, section);
        return new String(image.content(found).readAll(section, 1 << 16), UTF_8);
    }

    @ParameterizedTest
    @Order(4)
    @CsvSource({"--bios,false", "--uefi,false", "--bios,true", "--uefi,true"})
    void boots(String firmware, boolean asDisk) throws Exception {
        JsonObject report = Objects.requireNonNull(BOOTS.get(firmware + asDisk)).get();
        assertTrue(String.valueOf(report.text("command_line")).contains("talos.platform=nocloud"), report::compact);
        assertEquals(
                List.of("intel-ucode 20250812", "qemu-guest-agent 10.0.2", "crun 1.24", "ctr v2.1.5", "frr v1.0.18"),
                report.items("extensions").stream()
                        .map(item -> item instanceof JsonObject o ? o.text("name") + " " + o.text("version") : "")
                        .toList());
        assertTrue(Json.texts(report.items("running")).contains("frr bgpd"), report::compact);
        assertTrue(report.compact().contains("\"program\":\"vtysh\""), report::compact);
    }

    private static JsonObject booted(String firmware, boolean asDisk, Path iso) throws IOException {
        Path log = Path.of("target/boot" + firmware + (asDisk ? "-disk" : "")).toAbsolutePath();
        String configuration =
                Path.of("examples/frr/node.yaml").toAbsolutePath().toString();
        List<String> args = new ArrayList<>(List.of(
                "boot", firmware, "--json", "--timeout", "600", "--log", log.toString(), "--user-data", configuration));
        if (asDisk) {
            args.add("--disk");
        }
        args.add(iso.toString());
        return JsonReader.readObject(
                "report", run(args.toArray(String[]::new)).succeeded().out.getBytes(UTF_8));
    }

    @Test
    @Order(5)
    void twoMachinesOfTheIsoExchangeRoutes() throws Exception {
        SESSION.get().get();
    }

    private static void exchangeRoutes(Path iso) throws Exception {
        RequiredTool.named("qemu-system-x86_64", "qemu-system-x86");
        try (FrrSession session = new FrrSession(iso)) {
            session.isEstablished();
            session.livesThroughTheEndOfADaemon();
            session.livesThroughTheEndOfItsContainer();
            session.endsCleanly();
            session.detectsALinkThatIsDown();
        }
    }

    /** Another process, folder, time zone, locale and store: the same bytes. */
    @Test
    @Order(5)
    void theSameInputsGiveTheSameBytesElsewhere() throws Exception {
        Path other = folder().resolve("another place/tree");
        ExampleTree.copyTo(other);
        // The lock names the exact packages; it lies where the tree's own folder is.
        Path lock = other.resolve("build/frr-debian.lock.json");
        Files.createDirectories(lock.getParent());
        Files.copy(folder().resolve("tree/build/frr-debian.lock.json"), lock);
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Duser.timezone=Asia/Kathmandu",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Dfile.encoding=ISO-8859-9",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.talosforge.cli.Main",
                "-C",
                other.resolve("live/artifacts").toString(),
                "run-all",
                "apply",
                "--no-push");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder().resolve("elsewhere.log").toFile());
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        builder.environment().put("TZ", "Asia/Kathmandu");
        builder.environment().put("LC_ALL", "tr_TR.UTF-8");
        builder.environment()
                .put("TALOS_FORGE_STORE", folder().resolve("other store").toString());
        int code = builder.start().waitFor();
        assertEquals(0, code, () -> {
            try {
                return Files.readString(folder().resolve("elsewhere.log"));
            } catch (IOException e) {
                return e.toString();
            }
        });

        for (Map.Entry<String, String> output : Map.of("extension", "extension_digest", "images", "installer_digest")
                .entrySet()) {
            String there = run(
                            "-C",
                            other.resolve("live/artifacts") + "/" + output.getKey(),
                            "output",
                            "--raw",
                            output.getValue())
                    .succeeded()
                    .out
                    .strip();
            assertEquals(output(output.getKey(), output.getValue()), there, output.getKey());
        }
        Path copy = other.resolve("build/talos-iso").resolve(String.valueOf(iso().getFileName()));
        assertEquals(-1, Files.mismatch(iso(), copy));
    }

    @Test
    @Order(6)
    void aSecondApplySendsNothingAgain() throws Exception {
        byte[] before = Files.readAllBytes(state("registry"));
        Run again = run("-C", artifacts() + "/registry", "apply").succeeded();
        assertTrue(again.err.contains("reused"), again.err);
        assertArrayEquals(before, Files.readAllBytes(state("registry")));
        Run plan = run("-C", artifacts() + "/images", "plan").succeeded();
        assertTrue(plan.out.contains("nothing changed since the last apply"), plan.out);
    }

    @Test
    @Order(7)
    void aPlanSaysWhatChanged() throws Exception {
        Path schematic = folder().resolve("tree/live/common/install-schematic.hcl");
        String text = Files.readString(schematic);
        try {
            Files.writeString(
                    schematic,
                    text.replace("\"iommu=pt\",", "\"iommu=pt\", \"nosmt\",")
                            .replaceAll("(?m)^.*siderolabs/crun.*$", ""));
            Run plan = run("-C", artifacts() + "/images", "plan").succeeded();
            assertTrue(plan.out.contains("+ kernel argument nosmt\n"), plan.out);
            assertTrue(plan.out.contains("- extension ghcr.io/siderolabs/crun: 1.24@sha256:"), plan.out);
        } finally {
            Files.writeString(schematic, text);
        }
    }

    /** One error each, with the right exit code; nothing is written and no tag moves. */
    @ParameterizedTest
    @Order(8)
    @CsvSource(
            delimiter = '|',
            value = {
                "qemu-guest-agent:10.0.2|qemu-guest-agent:9.9.9|2|MANIFEST_UNKNOWN",
                "crun:1.24|crun:1.24@sha256:0000000000000000000000000000000000000000000000000000000000000000|2|sha256:0000",
                "siderolabs/crun:1.24|siderolabs/installer-base:v1.11.5|4|extension manifest is missing",
            })
    void mistakesAreReportedAndNothingIsBuilt(String from, String to, int code, String says) throws Exception {
        Path schematic = folder().resolve("tree/live/common/install-schematic.hcl");
        String text = Files.readString(schematic);
        String isoBefore = Sha256.of(ByteSource.of(iso())).hex();
        String stateBefore = Files.readString(state("images"));
        try {
            Files.writeString(schematic, text.replace(from, to));
            Run run = run("-C", artifacts() + "/images", "apply");
            assertEquals(code, run.code, run.err);
            assertTrue(run.err.contains(says), run.err);
            assertTrue(run.err.contains("  why:   "), run.err);
            assertFalse(run.err.contains("\tat "), run.err);
        } finally {
            Files.writeString(schematic, text);
        }
        assertEquals(isoBefore, Sha256.of(ByteSource.of(iso())).hex());
        assertEquals(stateBefore, Files.readString(state("images")));
        try (Stream<Path> files = Files.list(iso().getParent())) {
            assertEquals(
                    List.of(), files.filter(f -> f.toString().contains(".part")).toList());
        }
    }

    @Test
    @Order(9)
    void anUnreachableProxmoxIsUnavailable() {
        String endpoint = ENVIRONMENT.put("PROXMOX_VE_ENDPOINT", "https://localhost:1/");
        try {
            Run run = run("-C", artifacts() + "/registry", "apply");
            assertEquals(7, run.code, run.err);
            assertTrue(run.err.contains("localhost:1"), run.err);
        } finally {
            ENVIRONMENT.put("PROXMOX_VE_ENDPOINT", String.valueOf(endpoint));
        }
    }

    @Test
    @Order(10)
    void mockOutputsNeverReachAnApply() throws Exception {
        Path other = folder().resolve("mocks");
        ExampleTree.copyTo(other);
        Run run = run("-C", other.resolve("live/artifacts/registry").toString(), "apply");
        assertEquals(5, run.code, run.err);
        assertTrue(run.err.contains("apply"), run.err);
        assertFalse(Files.exists(
                other.resolve("live/artifacts/registry/terragrunt-cache/artifacts/registry/terraform.tfstate")));
    }

    /**
     * What is odd and accepted reaches the kernel by GRUB and by systemd's stub as the very same bytes that inspect
     * shows.
     */
    @Test
    @Order(11)
    void bothFirmwaresHandOverTheLineThatInspectShows() throws Exception {
        Path unit = Files.createDirectories(folder().resolve("odd/images"));
        Files.createDirectories(unit.resolveSibling(".git"));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_images" }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "oci:out"
                  iso_name           = "odd.iso"
                  kernel_args = [
                    "dyndbg=\\"file drivers/usb/* +p\\"", "a=\\"b\\"", "\\"c d=e f\\"", "$x", "y=$${z}", "semi;colon", "{", "}", "{g}",
                    "#hash", "#", "in#side", "p|q", "r&s", "<t>", "!", "[[", "]]", "*", "w=*", "%d", "`tick`", "if",
                    "u=ü", "v=日本", "~", "@", "(hd0)", "two  blanks", <<EOT
                last
                EOT
                  ]
                }
                """);
        run("-C", unit.toString(), "apply").succeeded();
        String odd = unit.resolve("build/talos-iso/odd.iso").toString();
        String shown = run("inspect", "--json", odd).succeeded().out;
        for (String firmware : List.of("--uefi", "--bios")) {
            Path log = Path.of("target/boot" + firmware + "-odd").toAbsolutePath();
            run("boot", firmware, "--timeout", "600", "--log", log.toString(), odd)
                    .succeeded();
            Matcher message = Pattern.compile("talos-forge-lab: cmdline ([^\r\n]*)")
                    .matcher(new String(Files.readAllBytes(log.resolve("serial.log")), UTF_8));
            assertTrue(message.find(), firmware);
            String line = message.group(1);
            assertTrue(
                    line.endsWith(
                            "\"dyndbg=file drivers/usb/* +p\" a=b \"c d=e f\" $x y=${z} semi;colon { } {g} #hash # in#side"
                                    + " p|q r&s <t> ! [[ ]] * w=* %d `tick` if u=ü v=日本 ~ @ (hd0) two blanks last"),
                    line);
            assertTrue(shown.contains(Json.of(line).compact()), () -> line + "\n" + shown);
            assertEquals(firmware.equals("--bios"), line.startsWith("BOOT_IMAGE=/boot/vmlinuz "), line);
        }
    }
}
