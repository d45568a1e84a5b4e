package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.support.TalosMachine;
import dev.talosforge.testkit.Judge;
import dev.talosforge.tree.DiskTree;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Talos itself on what an apply of the example tree makes: the ISO by BIOS and UEFI, an installation by the installer
 * image, an upgrade to a second one. Asked by talosctl, whose answers have to be what {@code inspect} said before. Two
 * machines at a time; their consoles stay in {@code target/real-talos}.
 */
@Tag("conformance")
@Tag("machines")
class RealTalosTest {
    private static final Judge OLD = Judge.all("talos").getFirst();
    private static final Judge NEW = Judge.all("talos").getLast();
    private static final Path WORK = Path.of("target/real-talos").toAbsolutePath();
    private static final Duration BOOT = Duration.ofMinutes(6);
    private static final Duration INSTALLATION = Duration.ofMinutes(15);
    private static final List<String> OFFICIAL = List.of(
            "ghcr.io/siderolabs/intel-ucode:20250812",
            "ghcr.io/siderolabs/qemu-guest-agent:10.0.2",
            "ghcr.io/siderolabs/crun:1.24",
            "ghcr.io/siderolabs/ctr:v2.1.5");
    private static final long DISK = 8L << 30;
    private static final ExecutorService MACHINES = Executors.newFixedThreadPool(2);

    @TempDir
    static Path folder = Path.of("");

    private static Future<?> byBios = failed();
    private static Future<?> byUefi = failed();
    private static Future<?> newest = failed();

    private static Future<?> failed() {
        return java.util.concurrent.CompletableFuture.failedFuture(new AssertionError("was not started"));
    }

    /** The product with a lab of its own. */
    private record Forge(Path lab, Path tree, SortedMap<String, String> environment) {
        String run(String... args) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int code = Main.run(
                    args,
                    new ProcessEnvironment(
                            new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, false));
            assertEquals(0, code, () -> out.toString(UTF_8) + err.toString(UTF_8));
            return out.toString(UTF_8).strip();
        }

        String artifacts() {
            return tree.resolve("live/artifacts").toString();
        }

        String output(String name) {
            return run("-C", artifacts() + "/images", "output", "--raw", name);
        }

        JsonObject inspected(String what) throws Exception {
            return JsonReader.readObject(
                    "inspect", run("inspect", "--json", what).getBytes(UTF_8));
        }

        /** Where a machine reaches the lab's registry. */
        String registry() {
            Matcher port = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)")
                    .matcher(String.valueOf(environment.get("TALOS_FORGE_REGISTRIES")));
            assertTrue(port.find(), () -> "no address in " + environment);
            return "http://10.0.2.2:" + port.group(1);
        }
    }

    /** A lab of a Talos version, filled, and the example tree published for it. */
    private static Forge published(Judge talos) throws Exception {
        String version = "v" + talos.version();
        Path lab = WORK.resolve("lab-" + version);
        Path tree = folder.resolve("tree-" + version);
        ExampleTree.copyTo(tree);
        edit(tree.resolve("live/common/versions.hcl"), "\"v1.11.5\"", '"' + version + '"');
        edit(
                tree.resolve("live/common/install-schematic.hcl"),
                "\"mitigations=off\",",
                "\"mitigations=off\", \"" + TalosMachine.ARGUMENT + "\",");
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", folder.toString());
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        Forge forge = new Forge(lab, tree, environment);
        forge.run("lab", "down", "--dir", lab.toString());
        if (Files.isDirectory(lab.resolve("proxmox"))) {
            DiskTree.delete(lab.resolve("proxmox"));
        }
        forge.run(
                "lab",
                "up",
                "--dir",
                lab.toString(),
                "--talos",
                version,
                "--real",
                Judge.folder().toString());
        Matcher variable = Pattern.compile("export (\\w+)='(.*)'").matcher(Files.readString(lab.resolve("env")));
        while (variable.find()) {
            environment.put(variable.group(1), variable.group(2));
        }
        forge.run("-C", forge.artifacts(), "run-all", "apply");
        return forge;
    }

    private static final List<Forge> FORGES = new ArrayList<>();

    @BeforeAll
    static void startMachines() throws Exception {
        Files.createDirectories(WORK);
        Forge forge = published(OLD);
        FORGES.add(forge);
        byUefi = MACHINES.submit(() -> installByUefi(forge));
        byBios = MACHINES.submit(() -> runByBios(forge));
        newest = MACHINES.submit(() -> {
            Forge other = published(NEW);
            FORGES.add(other);
            return runNewest(other);
        });
    }

    @AfterAll
    static void endLabs() {
        MACHINES.shutdownNow();
        MACHINES.close();
        FORGES.forEach(forge -> forge.run("lab", "down", "--dir", forge.lab().toString()));
    }

    @Test
    void theIsoByBiosIsWhatInspectSaid() throws Exception {
        byBios.get();
    }

    @Test
    void theIsoInstallsByUefiAndIsUpgraded() throws Exception {
        byUefi.get();
    }

    @Test
    void theIsoOfTheNewestTalosIsWhatInspectSaid() throws Exception {
        newest.get();
    }

    private static Void runByBios(Forge forge) throws Exception {
        try (TalosMachine machine = new TalosMachine(WORK.resolve("bios"), OLD)
                .drive(Path.of(forge.output("iso_path")))
                .drive(configurationOfFrr())
                .start()) {
            JsonObject iso = forge.inspected(forge.output("iso_path"));
            assertEquals(extensions(iso), extensions(machine, 5));
            assertEquals(line(iso, "GRUB Talos ISO"), commandLine(machine));
            machine.await("services", runs("ext-frr"), BOOT);
            machine.awaitConsole(result -> result.contains("frr-start: watching:"), BOOT, () -> "FRR is not up");
            assertEquals(List.of("ext-frr"), extensionServices(machine));
        }
        return null;
    }

    private static Void runNewest(Forge forge) throws Exception {
        try (TalosMachine machine = new TalosMachine(WORK.resolve("newest"), NEW)
                .drive(Path.of(forge.output("iso_path")))
                .drive(configurationOfFrr())
                .uefi()
                .start()) {
            JsonObject iso = forge.inspected(forge.output("iso_path"));
            assertEquals(extensions(iso), extensions(machine, 5));
            assertEquals(line(iso, "UKI"), commandLine(machine));
            machine.await("services", runs("ext-frr"), BOOT);
        }
        return null;
    }

    private static Void installByUefi(Forge forge) throws Exception {
        try (TalosMachine machine = new TalosMachine(WORK.resolve("uefi"), OLD)) {
            Path disk = Files.createTempFile(folder, "disk", ".img");
            Files.delete(disk);
            machine.drive(Path.of(forge.output("iso_path")))
                    .disk(disk, DISK)
                    .uefi()
                    .start();
            JsonObject iso = forge.inspected(forge.output("iso_path"));
            assertEquals(extensions(iso), extensions(machine, 5));
            assertEquals(line(iso, "UKI"), commandLine(machine));

            configure(machine, forge);
            machine.awaitEnd(INSTALLATION);
            String image = forge.output("installer_image");
            List<String> services = services(forge);
            checkInstalled(machine, disk, forge.inspected(image), services);

            // A second image, without one of the extensions: what runs afterwards can only be this one.
            edit(forge.tree().resolve("live/common/install-schematic.hcl"), "\"ghcr.io/siderolabs/ctr:v2.1.5\",", "");
            forge.run("-C", forge.artifacts() + "/images", "apply");
            JsonObject second = forge.inspected(image);
            assertEquals(4, extensions(second).size());
            Judge.Result upgrade = machine.talosctl("upgrade", "--image", image, "--force", "--wait=false");
            assertEquals(0, upgrade.code(), upgrade::err);
            machine.awaitEnd(INSTALLATION);
            checkInstalled(machine, disk, second, services);
        }
        return null;
    }

    /** Boots the disk and compares with the image that it was installed from. */
    private static void checkInstalled(TalosMachine machine, Path disk, JsonObject image, List<String> services)
            throws Exception {
        machine.emptied().disk(disk, DISK).uefi().start();
        assertEquals(extensions(image), extensions(machine, extensions(image).size()));
        assertEquals(line(image, "UKI"), commandLine(machine));
        machine.await("services", runs(services.toArray(String[]::new)), BOOT);
        assertEquals(services, extensionServices(machine));
    }

    /** Of all extensions of the example, sorted, as Talos calls them. */
    private static List<String> services(Forge forge) throws Exception {
        List<String> images = new ArrayList<>(OFFICIAL);
        images.add(forge.run("-C", forge.artifacts() + "/extension", "output", "--raw", "extension_image"));
        List<String> services = new ArrayList<>();
        for (String image : images) {
            for (Json extension : forge.inspected(image).items("extensions")) {
                for (Json service : ((JsonObject) extension).items("services")) {
                    services.add("ext-" + ((JsonObject) service).text("name"));
                }
            }
        }
        return services.stream().sorted().toList();
    }

    /** A whole machine configuration, with what the example gives FRR; Talos installs itself when it has it. */
    private static void configure(TalosMachine machine, Forge forge) throws Exception {
        Path made = WORK.resolve("configuration");
        if (Files.isDirectory(made)) {
            DiskTree.delete(made);
        }
        Files.createDirectories(made);
        Path patch = Files.writeString(
                made.resolve("patch.yaml"), """
                machine:
                  install:
                    disk: /dev/vda
                    image: %s
                  sysctls:
                    kernel.kexec_load_disabled: "1"
                  registries:
                    mirrors:
                      ghcr.io:
                        endpoints: ["%s"]
                """.formatted(forge.output("installer_image"), forge.registry()));
        Judge.Result generated = OLD.run(
                "talosctl",
                made,
                new TreeMap<>(),
                "gen",
                "config",
                "lab",
                "https://10.0.2.15:6443",
                "--output",
                made.toString(),
                "--force",
                "--additional-sans",
                machine.address(),
                "--config-patch",
                "@" + patch);
        assertEquals(0, generated.code(), generated::err);
        Path whole = Files.writeString(
                made.resolve("whole.yaml"),
                Files.readString(made.resolve("controlplane.yaml"))
                        + "\n---\n"
                        + Files.readString(Path.of("examples/frr/node.yaml")));
        Judge.Result applied = machine.talosctl("apply-config", "--insecure", "--file", whole.toString());
        assertEquals(0, applied.code(), applied::err);
        machine.configured(made.resolve("talosconfig"));
    }

    /** The drive that a machine takes the example's configuration of FRR from. */
    private static Path configurationOfFrr() throws Exception {
        Path drive = Files.createTempFile(folder, "cidata", ".iso");
        new dev.talosforge.lab.CloudInitDrive(
                        dev.talosforge.bytes.ByteSource.of("local-hostname: talos-1\n".getBytes(UTF_8)),
                        dev.talosforge.bytes.ByteSource.of(Path.of("examples/frr/node.yaml")),
                        null)
                .write(drive);
        return drive;
    }

    /** Names and versions, in order. */
    private static List<String> extensions(JsonObject inspected) {
        List<String> extensions = new ArrayList<>();
        for (Json one : inspected.items("extensions")) {
            extensions.add(((JsonObject) one).text("name") + " " + ((JsonObject) one).text("version"));
        }
        return extensions;
    }

    private static List<String> extensions(TalosMachine machine, int count) throws Exception {
        List<String> extensions = new ArrayList<>();
        for (JsonObject one : machine.await("extensions", all -> all.size() == count, BOOT)) {
            JsonObject metadata = spec(one).object("metadata");
            assertTrue(metadata != null, one::compact);
            extensions.add(metadata.text("name") + " " + metadata.text("version"));
        }
        return extensions;
    }

    private static String commandLine(TalosMachine machine) throws Exception {
        return String.valueOf(spec(machine.await("kernelcmdline", all -> all.size() == 1, BOOT)
                        .getFirst())
                .text("cmdline"));
    }

    private static String line(JsonObject inspected, String of) {
        for (Json one : inspected.items("command_lines")) {
            if (of.equals(((JsonObject) one).text("part"))) {
                return String.valueOf(((JsonObject) one).text("text"));
            }
        }
        throw new AssertionError("no line of " + of + " in " + inspected.compact());
    }

    private static JsonObject spec(JsonObject resource) {
        JsonObject spec = resource.object("spec");
        assertTrue(spec != null, resource::compact);
        return spec;
    }

    private static String id(JsonObject resource) {
        JsonObject metadata = resource.object("metadata");
        return metadata == null ? "" : String.valueOf(metadata.text("id"));
    }

    private static Predicate<List<JsonObject>> runs(String... services) {
        return all -> Stream.of(services)
                .allMatch(service -> all.stream()
                        .anyMatch(one -> id(one).equals(service)
                                && Json.of(true).equals(spec(one).get("running"))));
    }

    private static List<String> extensionServices(TalosMachine machine) throws Exception {
        return machine.resources("services").stream()
                .map(RealTalosTest::id)
                .filter(name -> name.startsWith("ext-"))
                .sorted()
                .toList();
    }

    private static void edit(Path file, String what, String instead) throws Exception {
        String text = Files.readString(file);
        assertTrue(text.contains(what), () -> file + " has no " + what);
        Files.writeString(file, text.replace(what, instead));
    }
}
