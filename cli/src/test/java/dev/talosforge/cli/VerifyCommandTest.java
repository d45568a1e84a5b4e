package dev.talosforge.cli;

import static dev.talosforge.inspect.InspectSamples.HELLO;
import static dev.talosforge.inspect.InspectSamples.METAL;
import static dev.talosforge.inspect.InspectSamples.NOCLOUD;
import static dev.talosforge.inspect.InspectSamples.OTHER;
import static dev.talosforge.inspect.InspectSamples.TIME;
import static dev.talosforge.inspect.InspectSamples.digest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.cli.session.GlobalOptions;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.inspect.InspectSamples;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.SingleLayerImage;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.ReadRecord;
import dev.talosforge.state.StateFile;
import dev.talosforge.talos.Architecture;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.TreeBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was built is proven, and whatever was changed afterwards is caught. */
@Tag("registry")
class VerifyCommandTest {
    private static final String ISO = "iso/talos-v1.11.5-nocloud-amd64.iso";
    private static final String REGISTRY = "registry.test/talos/";

    @TempDir
    static @Nullable Path folder;

    private static @Nullable SmallWorld world;
    private static String imager = "";

    private static SmallWorld world() {
        assertNotNull(world);
        return world;
    }

    private static Map<String, String> environment() {
        return world().environment(world().folder().resolve("store"));
    }

    private static BuildContext context() throws Exception {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        return Session.open(new ProcessEnvironment(nowhere, nowhere, environment(), false), new GlobalOptions())
                .context();
    }

    /** An imager whose initramfs can be read, unlike that of the small world. */
    @BeforeAll
    static void fill() throws Exception {
        assertNotNull(folder);
        world = SmallWorld.in(folder);
        InspectSamples samples =
                new InspectSamples(Files.createDirectory(world().folder().resolve("samples")));
        TreeBuilder files = new TreeBuilder(TIME)
                .file("usr/install/amd64/vmlinuz", 0644, InspectSamples.kernel())
                .file("usr/install/amd64/initramfs.xz", 0644, samples.base())
                .file("usr/install/amd64/systemd-stub.efi", 0644, InspectSamples.program())
                .file("usr/install/amd64/systemd-boot.efi", 0644, InspectSamples.program());
        for (Entry entry : InspectSamples.grub().entries()) {
            files.add(entry.withPath("usr/lib/grub/i386-pc/" + entry.path()));
        }
        imager = push("imager:sound", files);
        push("small:v1", extension("small\n"));
    }

    private static TreeBuilder extension(String content) {
        return new TreeBuilder(TIME)
                .file("manifest.yaml", 0644, ByteSource.of(HELLO.toBytes()))
                .file("rootfs/usr/local/bin/hello", 0755, content)
                .symlink("rootfs/usr/local/bin/alias", "hello");
    }

    private static String push(String name, TreeBuilder tree) throws Exception {
        return SingleLayerImage.push(context(), ImageReference.parse(REGISTRY + name), tree.build(), List.of(), TIME)
                .toString();
    }

    @AfterAll
    static void endTheRegistry() {
        if (world != null) {
            world.registry().close();
        }
    }

    private static Path unit(String tag) throws IOException {
        Path unit = world().unit(tag);
        Path file = unit.resolve("terragrunt.hcl");
        Files.writeString(
                file,
                Files.readString(file).replace("imager:v1.11.5", "imager:sound").replace("hello:v1", "small:v1"));
        return unit;
    }

    private static Path applied(String tag, String... options) throws IOException {
        Path unit = unit(tag);
        String[] all = new String[options.length + 1];
        all[0] = "apply";
        System.arraycopy(options, 0, all, 1, options.length);
        CommandLineRun run = CommandLineRun.in(unit, environment(), all);
        assertEquals(0, run.code(), run.err());
        return unit;
    }

    private static CommandLineRun verify(Path unit, String... options) {
        String[] all = new String[options.length + 1];
        all[0] = "verify";
        System.arraycopy(options, 0, all, 1, options.length);
        return CommandLineRun.in(unit, environment(), all);
    }

    private static String output(Path unit, String name) throws IOException {
        SequencedMap<String, dev.talosforge.json.Json> outputs = Objects.requireNonNull(
                StateFile.at(unit.resolve("terraform.tfstate")).outputs());
        return outputs.get(name) instanceof JsonText(String text) ? text : "";
    }

    /** The lines that do not say ok, but for the last. */
    private static List<String> failures(CommandLineRun run) {
        return run.out()
                .lines()
                .filter(line -> line.startsWith("failed") || line.startsWith("skipped"))
                .toList();
    }

    private static String section(Path unit, String name) throws IOException {
        CommandLineRun run = CommandLineRun.in(unit, environment(), "inspect", ISO, "--json");
        for (var section :
                JsonReader.readObject("json", run.out().getBytes(UTF_8)).items("sections")) {
            if (section instanceof dev.talosforge.json.Json.JsonObject object && name.equals(object.text("name"))) {
                return String.valueOf(object.text("digest"));
            }
        }
        return "";
    }

    private static String extensionDigest(Path unit) throws IOException {
        CommandLineRun run = CommandLineRun.in(unit, environment(), "inspect", ISO, "--json");
        return String.valueOf(((dev.talosforge.json.Json.JsonObject)
                        JsonReader.readObject("json", run.out().getBytes(UTF_8))
                                .items("extensions")
                                .getFirst())
                .text("digest"));
    }

    /** Images by their forms on disk, and the installer written in the same one: no registry is asked for any of it. */
    @ParameterizedTest
    @ValueSource(strings = {"oci:%s:v1", "oci-archive:%s:v1", "docker-archive:%s:acme/%s:v1"})
    void whatLiesOnDiskIsProvenAsWhatARegistryServes(String form) throws Exception {
        String scheme = form.substring(0, form.indexOf(':'));
        Path unit = unit("on-disk-" + scheme);
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        Path hcl = unit.resolve("terragrunt.hcl");
        String text = Files.readString(hcl);
        for (String name : List.of("imager:sound", "installer-base:v1.11.5", "small:v1")) {
            String image = name.substring(0, name.indexOf(':'));
            String place = form.formatted(image, image);
            skopeo.run(
                    unit,
                    Path.of("/dev/null"),
                    "--insecure-policy",
                    "copy",
                    "-q",
                    "--src-tls-verify=false",
                    "docker://%s/talos/%s".formatted(world().registry().host(), name),
                    place);
            text = text.replace("\"registry.test/talos/" + name, "\"" + place);
        }
        String target = form.formatted("installer", "installer");
        text = text.replace(
                "\"registry.test/acme/installer\"", "\"" + target.substring(0, target.lastIndexOf(':')) + "\"");
        Files.writeString(hcl, text);
        Map<String, String> environment = new TreeMap<>(environment());
        environment.remove("TALOS_FORGE_REGISTRIES");
        environment.put("TALOS_FORGE_STORE", unit.resolve("store").toString());
        CommandLineRun apply = CommandLineRun.in(unit, environment, "apply");
        assertEquals(0, apply.code(), apply.err());
        CommandLineRun run = CommandLineRun.in(unit, environment, "verify");
        assertEquals(0, run.code(), run.out() + run.err());
        assertEquals(
                scheme.equals("docker-archive")
                        ? List.of("skipped  the installer that was built is where it was written: a Docker archive"
                                + " does not record its digest")
                        : List.of(),
                failures(run));
        assertTrue(run.out().contains("ok       the kernel is that of the pinned imager: "), run.out());
        assertTrue(run.out().contains(" is the pinned image: the 5 files of " + scheme), run.out());
        assertTrue(
                run.out().contains("ok       the installer is built on the pinned base installer: 1 layers"),
                run.out());
    }

    @Test
    void everythingIsProven() throws Exception {
        Path unit = applied("sound");
        String installer = "registry.test/acme/installer:sound";
        String digest = output(unit, "installer_digest");
        String line = "talos.platform=%s";
        CommandLineRun run = verify(unit);
        String kernelLine =
                CommandLineRun.in(unit, environment(), "inspect", ISO, "--json").out();
        assertEquals(0, run.code(), run.out());
        assertTrue(run.err().lines().allMatch(text -> text.endsWith(" reused")), run.err());
        String lineOfIso = commandLine(kernelLine);
        String lineOfInstaller =
                commandLine(CommandLineRun.in(unit, environment(), "inspect", installer + "@" + digest, "--json")
                        .out());
        assertTrue(lineOfIso.startsWith(line.formatted("nocloud")), lineOfIso);
        assertTrue(lineOfInstaller.startsWith(line.formatted("metal")), lineOfInstaller);
        String base = pinned(unit, "base installer");
        assertEquals(
                """
                ok       the record of the last apply belongs to its outputs: 11 parts
                ok       the registry serves the installer that was built: %1$s is %2$s
                ok       the ISO on disk is the one that was built: %3$s, sha256:%4$s
                ok       the installer can be read: %1$s@%2$s
                ok       the ISO can be read: %3$s
                ok       the extensions of installer and ISO can be read: 1
                ok       extension hello is the same in installer and ISO: v1, %5$s
                ok       installer and ISO mount their extensions in the same order: hello
                ok       installer and ISO have the same kernel: %6$s
                ok       installer and ISO have the same initramfs: %7$s
                ok       installer and ISO have the same boot loader: %8$s
                ok       installer and ISO have the same Talos version: v1.11.5
                ok       a BIOS starts the same kernel from the ISO as UEFI: %6$s
                ok       a BIOS starts the same initramfs from the ISO as UEFI: %7$s
                ok       a BIOS starts the ISO with the same kernel command line as UEFI: %10$s
                ok       a BIOS starts the ISO with the same kernel command line of "Reset Talos installation" as UEFI: %10$s talos.experimental.wipe=system
                ok       kernel command lines before and after the installation: a node booted by UEFI sees a difference
                           ISO        %10$s
                           installer  %9$s
                           platform: ISO nocloud, installer metal
                           consoles: ISO tty1 ttyS0, installer tty0
                           net.ifnames: ISO 0, installer none
                ok       the installer has the recorded Talos version: v1.11.5
                ok       the installer has the recorded kernel command line: %9$s
                ok       the ISO has the recorded Talos version: v1.11.5
                ok       the ISO has the recorded kernel command line: %10$s
                ok       a BIOS starts the ISO with the recorded kernel command line: %10$s
                ok       the kernel is that of the pinned imager: %6$s of %11$s
                ok       the boot loader is that of the pinned imager: %8$s of %11$s
                ok       the initramfs contains that of the pinned imager unchanged: %12$s of %11$s, from byte 0
                ok       the installer is built on the pinned base installer: 1 layers of %13$s
                ok       extension registry.test/talos/small is the pinned image: the 5 files of registry.test/talos/small:%14$s are in 0.sqsh
                ok       microcode and firmware are those of the pinned extensions: they contain none
                all proven
                """.formatted(
                                installer,
                                digest,
                                unit.resolve(ISO),
                                output(unit, "iso_sha256"),
                                extensionDigest(unit),
                                digest(InspectSamples.kernel()),
                                section(unit, ".initrd"),
                                digest(InspectSamples.program()),
                                lineOfInstaller,
                                lineOfIso,
                                REGISTRY + "imager:sound@" + imager,
                                digest(new InspectSamples(world().folder().resolve("samples")).base()),
                                base,
                                pinned(unit, "custom extension registry.test/talos/small")),
                run.out());
    }

    /** What verify shows of both lines is said before, too: by plan as warnings, by apply last of all. */
    @Test
    void planWarnsOfWhatAnInstallationChangesAndApplyEndsWithIt() throws Exception {
        Path unit = unit("told");
        Path file = unit.resolve("terragrunt.hcl");
        String without = Files.readString(file).replaceAll("custom_extensions .*", "");
        Files.writeString(file, without.replace("inputs = {", "inputs = {\n  kernel_args = [\"quiet\"]"));
        String uefi = """
                the ISO boots for nocloud, the installed system for metal:
                - network cards: eth0 becomes enp0s2 or the like (net.ifnames=0 is only in the ISO)
                - consoles: tty1 ttyS0 in the ISO, tty0 when installed; the others stay silent
                - configuration: the cloud-init drive is no longer read
                to keep everything: installer_platform = "nocloud"
                to stay with metal: installer_platform = "metal", and in kernel_args: "net.ifnames=0", "console=tty0", "console=ttyS0"
                """;
        String bios = """
                GRUB's command line on the disk comes from the machine configuration, not from the installer:
                - removed: quiet
                add to the machine configuration:
                machine:
                  install:
                    extraKernelArgs:
                      - quiet
                """;
        String ofUefi =
                "installer_platform of " + unit.getFileName() + ": a node started by UEFI changes when it is installed";
        String ofBios = "kernel_args of " + unit.getFileName()
                + ": a node started by a BIOS does not keep them when it is installed";
        CommandLineRun plan = CommandLineRun.in(unit, environment(), "plan");
        assertEquals(0, plan.code(), plan.err());
        assertTrue(
                plan.err()
                        .contains("warning: the tree has 2 warnings; talos-forge -C %s validate shows them\n"
                                .formatted(unit)),
                plan.err());
        String details =
                "%1$s  %2$s (%3$s:5) [installed-otherwise]\n%4$s%1$s  %5$s (%3$s:3) [kernel-args-not-installed]\n%6$s"
                        .formatted(unit.getFileName(), ofUefi, file, uefi.indent(9), ofBios, bios.indent(9));
        CommandLineRun verbose = CommandLineRun.in(unit, environment(), "-v", "plan");
        assertTrue(verbose.err().contains(details), verbose.err());

        CommandLineRun strict = CommandLineRun.in(unit, environment(), "--strict", "apply");
        assertEquals(2, strict.code(), strict.err());
        assertTrue(strict.err().contains("error: " + ofUefi + " [installed-otherwise]\n"), strict.err());
        assertTrue(!strict.err().contains("kernel-args-not-installed"), strict.err());

        CommandLineRun apply = CommandLineRun.in(unit, environment(), "apply");
        assertEquals(0, apply.code(), apply.err());
        String steps = "\nnext steps\n- %s\n%s\n- %s\n%s".formatted(ofUefi, uefi.indent(2), ofBios, bios.indent(2));
        assertTrue(apply.err().endsWith(steps), apply.err());
        assertTrue(!apply.err().contains("warning"), apply.err());

        CommandLineRun json = CommandLineRun.in(unit, environment(), "apply", "--json");
        var result = JsonReader.readObject("json", json.out().getBytes(UTF_8))
                .object(unit.getFileName().toString());
        assertEquals(
                List.of("installed-otherwise", "kernel-args-not-installed"),
                Objects.requireNonNull(result).items("next_steps").stream()
                        .map(step -> ((dev.talosforge.json.Json.JsonObject) step).text("rule"))
                        .toList());

        // mended as it is told, but for the BIOS
        Files.writeString(
                file, Files.readString(file).replace("inputs = {", "inputs = {\n  installer_platform = \"nocloud\""));
        CommandLineRun mended = CommandLineRun.in(unit, environment(), "--strict", "apply", "--no-push");
        assertEquals(0, mended.code(), mended.err());
        assertTrue(mended.err().endsWith("\nnext steps\n- %s\n%s".formatted(ofBios, bios.indent(2))), mended.err());
    }

    private static String commandLine(String json) throws IOException {
        return String.valueOf(((dev.talosforge.json.Json.JsonObject) JsonReader.readObject("json", json.getBytes(UTF_8))
                        .items("command_lines")
                        .getFirst())
                .text("text"));
    }

    /** What the record says of a part, as a plan has it. */
    private static String pinned(Path unit, String part) throws IOException {
        ApplyRecord record = Objects.requireNonNull(
                ReadRecord.beside(unit.resolve("terraform.tfstate")).record());
        return record.plan("", null).lines().stream()
                .filter(line -> line.name().equals(part))
                .findFirst()
                .orElseThrow()
                .value();
    }

    /** Puts another image into the record, which has its digest by itself, too. */
    private static void record(Path unit, String pinned, String other) throws IOException {
        Path record = ApplyRecord.recordOf(unit.resolve("terraform.tfstate"));
        String text = Files.readString(record).replace(pinned, other);
        Files.writeString(record, text.replace(digestOf(pinned), digestOf(other)));
    }

    private static String digestOf(String pinned) {
        return pinned.substring(pinned.indexOf("sha256:"));
    }

    /** One byte of an extension, in the ISO only. */
    @Test
    void anExtensionThatWasChangedInTheIsoIsCaught() throws Exception {
        Path unit = applied("changed");
        String extension = extensionDigest(unit);
        String initrd = section(unit, ".initrd");
        Path iso = unit.resolve(ISO);
        byte[] bytes = Files.readAllBytes(iso);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("hsqs") + 100;
        try (RandomAccessFile file = new RandomAccessFile(iso.toFile(), "rw")) {
            file.seek(at);
            file.write(bytes[at] ^ 1);
        }
        CommandLineRun run = verify(unit);
        assertEquals(4, run.code());
        assertEquals(
                List.of(
                        "failed   the ISO on disk is the one that was built: %s has %s, the one built has sha256:%s"
                                .formatted(iso, digest(ByteSource.of(iso)), output(unit, "iso_sha256")),
                        "failed   extension hello is the same in installer and ISO: the installer has %s, the ISO %s"
                                .formatted(extension, extensionDigest(unit)),
                        "failed   installer and ISO have the same initramfs: the installer has %s, the ISO %s"
                                .formatted(initrd, section(unit, ".initrd"))),
                failures(run));
        assertTrue(run.out().endsWith("\n3 of 28 failed\n"), run.out());
    }

    @Test
    void aTagThatWasMovedIsCaught() throws Exception {
        Path unit = applied("moved");
        Sha256 other = SingleLayerImage.push(
                context(),
                ImageReference.parse("registry.test/acme/installer:moved"),
                extension("something else").build(),
                List.of(),
                TIME);
        CommandLineRun run = verify(unit);
        assertEquals(4, run.code());
        assertEquals(
                List.of("failed   the registry serves the installer that was built: "
                        + "built: registry.test/acme/installer:moved is %s; served: registry.test/acme/installer:moved is %s"
                                .formatted(output(unit, "installer_digest"), other)),
                failures(run));
    }

    @Test
    void anIsoThatWasReplacedOrTakenAwayIsCaught() throws Exception {
        Path unit = applied("replaced");
        Path iso = unit.resolve(ISO);
        InspectSamples samples = new InspectSamples(Files.createDirectory(unit.resolve("samples")));
        Path other = samples.iso("other.iso", NOCLOUD, samples.initramfs(List.of(OTHER), List.of(samples.other())));
        Files.move(other, iso, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        CommandLineRun run = verify(unit);
        assertEquals(4, run.code());
        assertTrue(failures(run)
                .contains("failed   extension hello is the same in installer and ISO: it is only in the installer"));
        assertTrue(failures(run)
                .contains("failed   extension other is the same in installer and ISO: it is only in the ISO"));
        assertTrue(
                failures(run)
                        .contains(
                                "failed   installer and ISO mount their extensions in the same order: the installer has hello, the ISO other"));
        assertTrue(failures(run).stream()
                .anyMatch(line ->
                        line.startsWith("failed   the ISO has the recorded kernel command line: recorded: \"")));
        assertTrue(failures(run).stream()
                .anyMatch(line -> line.startsWith(
                        "failed   a BIOS starts the ISO with the recorded kernel command line: recorded: \"")));
        assertTrue(run.out().endsWith("\n7 of 29 failed\n"), run.out());

        Files.delete(iso);
        run = verify(unit);
        assertEquals(4, run.code());
        assertEquals(
                List.of(
                        "failed   the ISO on disk is the one that was built: there is no " + iso,
                        "failed   the ISO can be read: cannot inspect %s: there is no such file".formatted(iso)),
                failures(run));
    }

    /** The record names another image than the one that was used. */
    @Test
    void aPinThatWasNotUsedIsCaught() throws Exception {
        Path unit = applied("pins");
        String other = push("small:v2", extension("another program\n"));
        String stranger = push("stranger:v1", new TreeBuilder(TIME).file("usr/bin/true", 0755, "true"));
        record(unit, pinned(unit, "custom extension registry.test/talos/small"), "v2@" + other);
        record(unit, pinned(unit, "base installer"), REGISTRY + "stranger:v1@" + stranger);
        record(unit, pinned(unit, "imager"), REGISTRY + "stranger:v1@" + stranger);
        CommandLineRun run = verify(unit);
        assertEquals(4, run.code());
        String name = REGISTRY + "stranger:v1@" + stranger;
        List<String> failures = failures(run);
        assertEquals(5, failures.size(), run.out());
        assertEquals(
                "failed   the kernel is that of the pinned imager: %s does not contain it".formatted(name),
                failures.get(0));
        assertEquals(
                "failed   the boot loader is that of the pinned imager: %s does not contain it".formatted(name),
                failures.get(1));
        assertEquals(
                "failed   the initramfs contains that of the pinned imager unchanged: %s does not contain it"
                        .formatted(name),
                failures.get(2));
        assertTrue(
                failures.get(3)
                        .startsWith(
                                "failed   the installer is built on the pinned base installer: %s has the layers [sha256:"
                                        .formatted(name)),
                failures.get(3));
        assertEquals(
                "failed   extension registry.test/talos/small is the pinned image: registry.test/talos/small:v2@%s: hello v1 in 0.sqsh has other files"
                        .formatted(other),
                failures.get(4));
    }

    /** Microcode and firmware lie in no squashfs: two extensions that differ there only are told apart all the same. */
    @Test
    void microcodeOfAnotherPinIsCaught() throws Exception {
        push("early:v1", early("blob"));
        String other = push("early:v2", early("BLOB"));
        Path unit = unit("early");
        Path file = unit.resolve("terragrunt.hcl");
        Files.writeString(file, Files.readString(file).replace("small:v1", "early:v1"));
        assertEquals(0, CommandLineRun.in(unit, environment(), "apply").code());
        CommandLineRun sound = verify(unit);
        assertEquals(0, sound.code(), sound.out());
        assertTrue(
                sound.out()
                        .endsWith(
                                "ok       microcode and firmware are those of the pinned extensions: 2 files\nall proven\n"),
                sound.out());
        record(unit, pinned(unit, "custom extension registry.test/talos/early"), "v2@" + other);
        assertEquals(
                List.of("failed   microcode and firmware are those of the pinned extensions: "
                        + "kernel/x86/microcode/GenuineIntel.bin has other content"),
                failures(verify(unit)));
    }

    private static TreeBuilder early(String microcode) {
        return extension("early\n")
                .file("rootfs/usr/lib/firmware/intel-ucode/06-01", 0644, microcode)
                .file("rootfs/usr/lib/firmware/card.bin", 0644, "firmware");
    }

    @Test
    void outputsThatAnotherRecordedAreCaught() throws Exception {
        Path unit = applied("edited");
        Path state = unit.resolve("terraform.tfstate");
        Files.writeString(state, Files.readString(state).replace("\"value\": \"v1.11.5\"", "\"value\": \"v1.11.6\""));
        CommandLineRun run = verify(unit);
        assertEquals(4, run.code());
        assertEquals(
                List.of(
                        "failed   the record of the last apply belongs to its outputs: outputs were recorded by another run, or nothing is recorded beside them",
                        "failed   the installer has the recorded Talos version: recorded: v1.11.6; found: v1.11.5",
                        "failed   the ISO has the recorded Talos version: recorded: v1.11.6; found: v1.11.5"),
                failures(run));
    }

    /** Applied for two architectures, each command line is recorded with its own. */
    @Test
    void theCommandLineOfTheInspectedArchitectureIsProven() throws Exception {
        Path unit = applied("lines");
        rewrite(
                unit,
                part -> part instanceof Part.CommandLine(var of, var _, String line)
                        ? Stream.of(
                                new Part.CommandLine(of, Architecture.ARM64, "console=ttyAMA0"),
                                new Part.CommandLine(of, Architecture.AMD64, line))
                        : Stream.of(part));
        CommandLineRun sound = verify(unit);
        assertEquals(0, sound.code(), sound.out());
        assertEquals(
                3,
                sound.out()
                        .lines()
                        .filter(line -> line.contains("the recorded kernel command line: talos.platform="))
                        .count(),
                sound.out());

        rewrite(
                unit,
                part -> part instanceof Part.CommandLine(var of, Architecture on, String line)
                                && on == Architecture.AMD64
                        ? Stream.of(new Part.CommandLine(of, on, line + " quiet"))
                        : Stream.of(part));
        List<String> failures = failures(verify(unit));
        assertEquals(3, failures.size(), failures::toString);
        assertTrue(
                failures.getFirst()
                        .matches("failed   the installer has the recorded kernel command line:"
                                + " recorded: \"talos.platform=metal .* quiet\"; found: \"talos.platform=metal .*\""),
                failures.getFirst());
    }

    /** Without its record, a unit's artifacts are compared with its outputs and with each other. */
    @Test
    void aRecordOfANewerVersionProvesNothing() throws Exception {
        Path unit = applied("newer");
        Path record = ApplyRecord.recordOf(unit.resolve("terraform.tfstate"));
        Files.writeString(record, Files.readString(record).replace("\"format\": 2", "\"format\": 3"));
        CommandLineRun run = verify(unit);
        assertEquals(4, run.code());
        assertEquals(
                List.of(
                        "failed   the record of the last apply belongs to its outputs: outputs were recorded by another run, or nothing is recorded beside them"),
                failures(run));
        assertEquals(
                "newer  warning: %s cannot be read and is ignored: its format is 3, expected 2: a newer Talos Forge wrote it\n"
                        .formatted(record),
                run.err());
    }

    @Test
    void aPartThatIsNotUnderstoodIsNotProven() throws Exception {
        Path unit = applied("unknown");
        rewrite(
                unit,
                part -> part instanceof Part.StageRevision
                        ? Stream.of(part, new Part.Unknown("flavour", "sweet"))
                        : Stream.of(part));
        CommandLineRun run = verify(unit);
        assertEquals(4, run.code());
        assertEquals(
                List.of(
                        "failed   \"flavour\" of the record is understood: it is \"sweet\", which this version cannot read"),
                failures(run));
    }

    private static void rewrite(Path unit, Function<Part, Stream<Part>> change) throws IOException {
        Path state = unit.resolve("terraform.tfstate");
        ApplyRecord record = Objects.requireNonNull(ReadRecord.beside(state).record());
        List<Part> parts = record.parts().stream().flatMap(change).toList();
        new ApplyRecord(record.stage(), parts, record.publication()).write(state, record.publication());
    }

    @Test
    void whatWasNotPushedIsProvenAllTheSame() throws Exception {
        Path unit = applied("kept", "--no-push");
        CommandLineRun run = verify(unit);
        assertEquals(0, run.code(), run.out());
        assertEquals(
                List.of(
                        "skipped  the registry serves the installer that was built: registry.test/acme/installer:kept was not pushed"),
                failures(run));
        var json = JsonReader.readObject("json", verify(unit, "--json").out().getBytes(UTF_8));
        assertEquals("""
                {"status":"skipped","claim":"the registry serves the installer that was built","evidence":"registry.test/acme/installer:kept was not pushed"}""", json.items("proofs").get(1).compact());
        assertEquals(dev.talosforge.json.Json.of(true), json.get("proven"));
    }

    /** By its tag, into a store that has nothing: what is not needed is not pulled. */
    @Test
    void anInstallerOfARegistryIsLookedIntoWithoutItsBase() throws Exception {
        Path unit = applied("pulled");
        Path store = world().folder().resolve("store-of-inspect");
        CommandLineRun run = CommandLineRun.in(
                unit, world().environment(store), "inspect", "registry.test/acme/installer:pulled", "--json");
        var report = JsonReader.readObject("json", run.out().getBytes(UTF_8));
        assertEquals(output(unit, "installer_digest"), report.text("digest"));
        assertEquals("installer", report.text("kind"));
        assertEquals(1, report.items("extensions").size());
        var details = Objects.requireNonNull(report.object("details"));
        assertEquals(
                List.of(false, true),
                List.of(isHere(store, details.text("layer 1")), isHere(store, details.text("layer 2"))));
        CommandLineRun missing =
                CommandLineRun.in(unit, world().environment(store), "inspect", "registry.test/acme/installer:nothing");
        assertEquals(2, missing.code(), missing.err());
        assertTrue(
                missing.err().startsWith("error: cannot resolve registry.test/acme/installer:nothing\n"),
                missing.err());
    }

    private static boolean isHere(Path store, @Nullable String layer) {
        String hex = String.valueOf(layer).replaceAll("sha256:([0-9a-f]{64}),.*", "$1");
        assertEquals(64, hex.length());
        return Files.exists(store.resolve("blobs/sha256").resolve(hex));
    }

    @Test
    void twoThatAreNamedAreProvenToBelongTogether() throws Exception {
        Path there = Files.createDirectory(world().folder().resolve("pair"));
        InspectSamples samples = new InspectSamples(there);
        ByteSource both = samples.initramfs(List.of(HELLO, OTHER), List.of(samples.hello(), samples.other()));
        samples.installer("layout", "v1", METAL, both);
        samples.iso("same.iso", NOCLOUD, both);
        samples.iso("one.iso", NOCLOUD, samples.initramfs(List.of(HELLO), List.of(samples.hello())));
        CommandLineRun same = CommandLineRun.in(
                there, new TreeMap<>(environment()), "verify", "--installer", "oci:layout", "--iso", "same.iso");
        assertEquals(0, same.code(), same.out());
        assertEquals(
                15, same.out().lines().filter(line -> line.startsWith("ok ")).count());
        CommandLineRun one =
                CommandLineRun.in(there, environment(), "verify", "--installer", "oci:layout", "--iso", "one.iso");
        assertEquals(4, one.code());
        assertEquals(
                List.of(
                        "failed   the extensions of installer and ISO can be read: the installer has 2, the ISO 1",
                        "failed   extension other is the same in installer and ISO: it is only in the installer",
                        "failed   installer and ISO mount their extensions in the same order: the installer has hello, other, the ISO hello"),
                failures(one).subList(0, 3));
        CommandLineRun swapped =
                CommandLineRun.in(there, environment(), "verify", "--installer", "same.iso", "--iso", "oci:layout");
        assertEquals(new CommandLineRun(4, """
                failed   the installer can be read: same.iso is not an installer but: boot ISO
                failed   the ISO can be read: oci:layout is not an ISO but: installer image
                2 of 2 failed
                """, ""), swapped);
    }

    @Test
    void whatCannotBeVerifiedIsReported() throws Exception {
        Path unit = unit("never");
        assertEquals(new CommandLineRun(2, "", """
                error: cannot verify %s
                  why:   nothing is recorded for it
                  try:   run: talos-forge apply
                """.formatted(unit)), verify(unit));
        Path other = Files.createDirectories(world().folder().resolve("tree/other"));
        Files.writeString(other.resolve("terragrunt.hcl"), "terraform { source = \"m/talos_proxmox_upload\" }\n");
        assertEquals(new CommandLineRun(2, "", """
                error: cannot verify %s
                  why:   not a unit of the module talos_images
                  try:   run it in the folder of such a unit, or specify both: talos-forge verify --installer REFERENCE --iso FILE
                """.formatted(other)), verify(other));
        assertEquals(new CommandLineRun(2, "", """
                error: cannot verify a.iso
                  why:   give both --installer and --iso, or neither in a unit's folder
                """), verify(other, "--iso", "a.iso"));
    }
}
