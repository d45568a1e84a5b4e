package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.CopiedFile;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.engine.Event;
import dev.talosforge.format.compress.Zstd;
import dev.talosforge.format.iso9660.IsoReader;
import dev.talosforge.format.squashfs.SquashfsReader;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.KeptPackages;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds that no server takes part in, from layouts and archives to layouts and archives; the field's tools read them.
 */
@Tag("reference")
class WithoutRegistryTest {
    private static final Path NOTHING = Path.of("/dev/null");
    private static final String BOTH = "architectures = [\"amd64\", \"arm64\"]\n";

    @TempDir
    static @Nullable Path folder;

    private static @Nullable DiskWorld world;

    private final List<Event> events = new ArrayList<>();

    @BeforeAll
    static void make() throws Exception {
        world = DiskWorld.in(folder());
    }

    private static Path folder() {
        assertNotNull(folder);
        return folder;
    }

    private static DiskWorld world() {
        assertNotNull(world);
        return world;
    }

    private BuildContext context(String store) throws Exception {
        return ContextSample.in(world().folder().resolve("work-" + store), events);
    }

    private SequencedMap<String, Json> images(String name, String others) throws Exception {
        return world().apply(context(name), name, "talos_images", DiskWorld.images(others));
    }

    private static String text(SequencedMap<String, Json> outputs, String name) {
        return outputs.get(name) instanceof Json.JsonText(String text) ? text : "no " + name;
    }

    private static JsonObject json(String text) throws Exception {
        return JsonReader.readObject("output", text.getBytes(UTF_8));
    }

    private static List<String> files(Path iso) throws Exception {
        return IsoReader.read(ByteSource.of(iso)).tree().entries().stream()
                .map(entry -> entry.path())
                .toList();
    }

    @Test
    void oneRunMakesAnIndexAndAnIsoForEachArchitecture() throws Exception {
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        String inputs = BOTH + "installer_registry = \"oci:out\"\ncustom_extensions = [\"oci:../world:hello\"]\n";
        SequencedMap<String, Json> outputs = images("both", inputs);
        Path unit = world().folder().resolve("both");
        Path amd64 = unit.resolve("iso/talos-v1.12.0-nocloud-amd64.iso");
        Path arm64 = unit.resolve("iso/talos-v1.12.0-nocloud-arm64.iso");
        SequencedMap<String, Json> expected = new TreeMap<>();
        expected.put("installer_image", Json.of("oci:" + unit.resolve("out") + ":v1.12.0"));
        expected.put("installer_digest", outputs.get("installer_digest"));
        expected.put("iso_path", Json.of(amd64.toString()));
        expected.put("iso_name", Json.of("talos-v1.12.0-nocloud-amd64.iso"));
        expected.put("iso_sha256", Json.of(Sha256.of(ByteSource.of(amd64)).hex()));
        expected.put("iso_paths", both(amd64.toString(), arm64.toString()));
        expected.put("iso_names", both("talos-v1.12.0-nocloud-amd64.iso", "talos-v1.12.0-nocloud-arm64.iso"));
        expected.put(
                "iso_sha256s",
                both(
                        Sha256.of(ByteSource.of(amd64)).hex(),
                        Sha256.of(ByteSource.of(arm64)).hex()));
        expected.put("talos_version", Json.of("v1.12.0"));
        assertEquals(expected.toString(), outputs.toString());

        byte[] raw = skopeo.run(unit, NOTHING, "inspect", "--raw", "oci:out:v1.12.0")
                .strip()
                .getBytes(UTF_8);
        assertEquals("sha256:" + Sha256.of(raw).hex(), text(outputs, "installer_digest"));
        List<String> platforms = new ArrayList<>();
        for (Json item : json(new String(raw, UTF_8)).items("manifests")) {
            platforms.add(String.valueOf(((JsonObject) item).object("platform")));
        }
        assertEquals(2, platforms.size());
        assertTrue(platforms.get(0).contains("amd64") && platforms.get(1).contains("arm64"), platforms::toString);
        skopeo.run(unit, NOTHING, "--insecure-policy", "copy", "-q", "--all", "oci:out:v1.12.0", "oci:copy:v1");
        assertArrayEquals(
                raw,
                skopeo.run(unit, NOTHING, "inspect", "--raw", "oci:copy:v1")
                        .strip()
                        .getBytes(UTF_8));
        for (String architecture : List.of("amd64", "arm64")) {
            JsonObject seen = json(skopeo.run(
                    unit, NOTHING, "--override-arch", architecture, "inspect", "--config", "oci:out:v1.12.0"));
            assertEquals(architecture, seen.text("architecture"));
        }

        assertTrue(files(amd64).containsAll(List.of("EFI/BOOT/BOOTX64.EFI", "boot/vmlinuz", "boot/grub/grub.cfg")));
        assertEquals(
                List.of(
                        "EFI",
                        "EFI/BOOT",
                        "EFI/BOOT/BOOTAA64.EFI",
                        "EFI/Linux",
                        "EFI/Linux/Talos-v1.12.0.efi",
                        "boot.catalog",
                        "loader",
                        "loader/loader.conf"),
                files(arm64));

        // Elsewhere, with nothing to take results from: the same bytes.
        SequencedMap<String, Json> again = images("both-again", inputs);
        for (String name : List.of("installer_digest", "iso_sha256", "iso_sha256s")) {
            assertEquals(outputs.get(name), again.get(name), name);
        }
        // And each alone is what it is among several.
        SequencedMap<String, Json> alone = images("alone", "architecture = \"arm64\"\n" + inputs.replace(BOTH, ""));
        assertEquals(
                outputs.get("iso_sha256s"), both(Sha256.of(ByteSource.of(amd64)).hex(), text(alone, "iso_sha256")));
        assertTrue(new String(raw, UTF_8).contains(text(alone, "installer_digest")), alone::toString);
        assertFalse(alone.containsKey("iso_paths"));
    }

    /** Row 9e, and what a unit says of owners is kept: in the layer that is published and in the image of it. */
    @Test
    void ownersAreRootsUnlessAUnitSaysThem() throws Exception {
        SequencedMap<String, Json> own = world().apply(context("own"), "own", "talos_extension", """
                name = "own"
                version = "v1.0.0"
                extension_registry = "oci:out"
                sources = [{ files = { "usr/local/share/own" = "x" }, owners = { "own" = "70000:5" } }]
                """);
        images(
                "owners",
                "installer_registry = \"oci:out\"\ncustom_extensions = [\"oci:../world:hello\", \"%s\"]\n"
                        .formatted(text(own, "extension_image")));
        assertEquals(
                List.of(
                        "usr/local/bin/hello " + Entry.Attributes.root(0755, ContextSample.TIME),
                        "usr/local/share/hello " + Entry.Attributes.root(0644, ContextSample.TIME),
                        "usr/local/share/own " + new Entry.Attributes(0644, 70_000, 5, ContextSample.TIME)),
                packed("owners", attributes -> attributes));
    }

    /** Of the regular files in each squashfs of a run's store. */
    private static List<String> packed(String run, Function<Attributes, @Nullable Object> shown) throws Exception {
        List<String> found = new ArrayList<>();
        try (Stream<Path> blobs =
                Files.list(world().folder().resolve("work-" + run).resolve("store/blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                ByteSource file = ByteSource.of(blob);
                if (file.size() > 4 && new String(file.read("blob", 0, 4), UTF_8).equals("hsqs")) {
                    SquashfsReader.open(file, squashfs -> Zstd.decodeBlocks()).tree().entries().stream()
                            .filter(entry -> entry instanceof Entry.RegularFile)
                            .map(entry -> "%s %s".formatted(entry.path(), shown.apply(entry.attributes())))
                            .forEach(found::add);
                }
            }
        }
        found.sort(null);
        return found;
    }

    /** Row 21: through an archive, the layer that is published, and into the squashfs of a version that keeps it. */
    @Test
    void aLabelOfAnArchiveIsInTheSquashfs() throws Exception {
        Path unit = Files.createDirectories(world().folder().resolve("labels"));
        RequiredTool.named("python3", "python3").run(unit, NOTHING, "-c", """
                import io, tarfile
                with tarfile.open("x.tar", "w", format=tarfile.PAX_FORMAT) as tar:
                    member = tarfile.TarInfo("share/labelled")
                    member.pax_headers = {"SCHILY.xattr.security.selinux": "system_u:object_r:bin_t:s0"}
                    tar.addfile(member, io.BytesIO())
                """);
        SequencedMap<String, Json> own = world().apply(context("labels"), "labels", "talos_extension", """
                name = "own"
                version = "v1.0.0"
                extension_registry = "oci:out"
                sources = [{ archive = "x.tar", sha256 = "%s", to = "usr/local" }]
                """.formatted(
                        Sha256.of(ByteSource.of(unit.resolve("x.tar"))).hex()));
        assertFalse(DiskWorld.messages(events).contains("not kept"), () -> DiskWorld.messages(events));
        String inputs = "installer_registry = \"oci:out\"\ncustom_extensions = [\"%s\"]\n"
                .formatted(text(own, "extension_image"));
        world().apply(context("kept"), "kept", "talos_images", DiskWorld.images(inputs));
        assertFalse(DiskWorld.messages(events).contains("not kept"), () -> DiskWorld.messages(events));
        world().apply(
                        context("dropped"),
                        "dropped",
                        "talos_images",
                        DiskWorld.images(inputs).replace("v1.12.0", "v1.11.5"));
        assertTrue(
                DiskWorld.messages(events)
                        .contains(
                                text(own, "extension_image")
                                        + ": extended attributes are not kept: security.selinux of rootfs/usr/local/share/labelled"),
                () -> DiskWorld.messages(events));
        assertEquals(List.of("usr/local/share/labelled system_u:object_r:bin_t:s0"), packed("kept", Attributes::label));
        assertEquals(List.of("usr/local/share/labelled null"), packed("dropped", Attributes::label));
    }

    private static Json both(String amd64, String arm64) {
        SequencedMap<String, String> both = new TreeMap<>();
        both.put("amd64", amd64);
        both.put("arm64", arm64);
        return Json.ofMap(both);
    }

    /** Until 1.11 Talos' imager makes one kind of ISO for all. */
    @Test
    void olderIsosForArm64HaveGrubToo() throws Exception {
        SequencedMap<String, Json> outputs = world().apply(
                        context("old"),
                        "old",
                        "talos_images",
                        DiskWorld.images("architecture = \"arm64\"\ninstaller_registry = \"oci:out\"\n")
                                .replace("v1.12.0", "v1.11.5"));
        List<String> files = files(Path.of(text(outputs, "iso_path")));
        assertTrue(
                files.containsAll(List.of("EFI/BOOT/BOOTAA64.EFI", "boot/vmlinuz", "boot/grub/i386-pc/eltorito.img")),
                files::toString);
    }

    @Test
    void aLayoutKeepsItsOtherImagesAndUmociReadsIt() throws Exception {
        RequiredTool umoci = RequiredTool.named("umoci", "umoci");
        String inputs = "installer_registry = \"oci:../shared\"\ninstaller_tag = \"%s\"\n";
        images("one", inputs.formatted("one"));
        images("two", inputs.formatted("two") + "kernel_args = [\"a=b\"]\n");
        Path place = world().folder();
        assertEquals("one\ntwo\n", umoci.run(place, NOTHING, "ls", "--layout", "shared"));
        umoci.run(place, NOTHING, "raw", "unpack", "--rootless", "--image", "shared:two", "unpacked");
        assertTrue(Files.isRegularFile(place.resolve("unpacked/usr/install/amd64/vmlinuz.efi")));
        assertEquals("", DiskWorld.messages(events));

        SequencedMap<String, Json> before = images("one", inputs.formatted("one"));
        BuildException refused = assertThrows(
                BuildException.class, () -> images("one", inputs.formatted("one") + "kernel_args = [\"c=d\"]\n"));
        Problem problem = refused.problems().getFirst();
        assertEquals(Problem.Kind.REFUSED, problem.kind());
        assertEquals("cannot publish oci:%s:one".formatted(place.resolve("shared")), problem.what());
        assertTrue(
                String.valueOf(problem.why())
                        .matches(
                                "the tag one names %s, which is not this unit's last publication, and would move to sha256:[0-9a-f]{64}"
                                        .formatted(text(before, "installer_digest"))),
                problem::toString);
        assertEquals(
                "choose another tag, or allow this one to move: overwrite_tag = true, or overwrite tag",
                String.valueOf(problem.remedy()));

        // Who published it last may move it, and so may who says so.
        String other = DiskWorld.images(inputs.formatted("one") + "kernel_args = [\"c=d\"]\n");
        SequencedMap<String, Json> moved = world().apply(context("one"), "one", "talos_images", other, before);
        String warning = "WARNING the tag oci:%s:one moved from %s to %s\n";
        assertEquals(
                warning.formatted(
                        place.resolve("shared"), text(before, "installer_digest"), text(moved, "installer_digest")),
                DiskWorld.messages(events));
        events.clear();
        images("one", inputs.formatted("one") + "overwrite_tag = true\n");
        assertEquals(
                warning.formatted(
                        place.resolve("shared"), text(moved, "installer_digest"), text(before, "installer_digest")),
                DiskWorld.messages(events));
    }

    @Test
    void archivesAreWrittenAndReadAgain() throws Exception {
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        SequencedMap<String, Json> docker =
                images("docker", BOTH + "installer_registry = \"docker-archive:i-{architecture}.tar\"\n");
        Path unit = world().folder().resolve("docker");
        assertEquals(
                "docker-archive:%s/i-{architecture}.tar:localhost/installer:v1.12.0".formatted(unit),
                text(docker, "installer_image"));
        JsonObject seen = json(skopeo.run(
                unit, NOTHING, "inspect", "--config", "docker-archive:i-arm64.tar:localhost/installer:v1.12.0"));
        assertEquals("arm64", seen.text("architecture"));

        SequencedMap<String, Json> oci = images("archive", BOTH + "installer_registry = \"oci-archive:i.tar\"\n");
        Path archive = world().folder().resolve("archive");
        assertEquals(text(docker, "installer_digest"), text(oci, "installer_digest"));
        skopeo.run(
                archive, NOTHING, "--insecure-policy", "copy", "-q", "--all", "oci-archive:i.tar:v1.12.0", "oci:l:x");
        String raw = skopeo.run(archive, NOTHING, "inspect", "--raw", "oci:l:x").strip();
        assertEquals("sha256:" + Sha256.of(raw.getBytes(UTF_8)).hex(), text(oci, "installer_digest"));

        // What was written is a base as good as any: by its name, from both kinds, the same comes of it.
        String target = BOTH + "installer_registry = \"oci:out\"\n";
        SequencedMap<String, Json> fromDocker = from(text(docker, "installer_image"), "from-docker", target);
        SequencedMap<String, Json> fromOci = from(text(oci, "installer_image"), "from-oci", target);
        assertEquals(fromDocker.get("installer_digest"), fromOci.get("installer_digest"));
        assertEquals(docker.get("iso_sha256s"), fromOci.get("iso_sha256s"));
    }

    private SequencedMap<String, Json> from(String base, String name, String target) throws Exception {
        return world().apply(
                        context(name),
                        name,
                        "talos_images",
                        DiskWorld.images(target).replace("oci:../world:base", base));
    }

    @Test
    void anExtensionGoesFromOneUnitToTheOtherOnDisk() throws Exception {
        String extension = """
                name = "note"
                version = "v1.0.18"
                sources = [{ files = { "usr/local/share/note" = "hello" } }]
                """;
        for (String place : List.of("oci:out", "oci-archive:out.tar", "docker-archive:out-{architecture}.tar")) {
            String name = "note-" + place.substring(0, place.indexOf(':'));
            SequencedMap<String, Json> made = world().apply(
                            context(name),
                            name,
                            "talos_extension",
                            extension + BOTH + "extension_registry = \"%s\"\n".formatted(place));
            String image = text(made, "extension_image");
            Path unit = world().folder().resolve(name);
            String digest = "@" + text(made, "extension_digest");
            assertEquals(
                    switch (place) {
                        case "oci:out" -> "oci:" + unit + "/out:v1.0.18" + digest;
                        case "oci-archive:out.tar" -> "oci-archive:" + unit + "/out.tar:v1.0.18" + digest;
                        default -> "docker-archive:" + unit + "/out-{architecture}.tar:localhost/note:v1.0.18";
                    },
                    image);
            SequencedMap<String, Json> used = images(
                    "with-" + name,
                    BOTH + "installer_registry = \"oci:out\"\ncustom_extensions = [\"%s\"]\n".formatted(image));
            assertEquals(
                    2,
                    ((JsonObject) assertPresent(used.get("iso_sha256s")))
                            .members()
                            .size());
        }
        assertEquals(
                "INFO the tag oci:%1$s/note-oci/out:v1.0 names %2$s\nINFO the tag oci:%1$s/note-oci/out:v1 names %2$s\n"
                        .formatted(world().folder(), DIGEST),
                DiskWorld.messages(events).replaceAll("sha256:[0-9a-f]{64}", DIGEST));
    }

    private static final String DIGEST = "sha256:…";

    private static Json assertPresent(@Nullable Json json) {
        assertNotNull(json);
        return json;
    }

    private String problem(String name, String others) {
        BuildException e = assertThrows(BuildException.class, () -> images(name, others));
        StringBuilder text = new StringBuilder();
        for (Problem problem : e.problems()) {
            text.append("%s: %s: %s: %s\n".formatted(problem.kind(), problem.what(), problem.why(), problem.remedy()));
        }
        return text.toString().replace(world().folder().toString(), "…");
    }

    @Test
    void whatIsMissingIsReported() {
        assertEquals(
                "BAD_ARTIFACT: cannot write oci:…/into:v1.12.0: OCI layout at offset 0 (0x0): not an OCI layout: it has no file oci-layout, but it has iso: null\n",
                problem("into", "installer_registry = \"oci:.\"\n"));
        assertEquals("""
                INVALID_INPUT: cannot use image oci:…/nowhere:v1: there is no …/nowhere: build it first, or correct the path
                BAD_ARTIFACT: cannot use image oci:…/world:gone: images on disk at offset 0 (0x0): it has no image gone; it \
                has: amd64-only, base, hello, imager: null
                """, problem("missing", """
                        installer_registry = "oci:out"
                        custom_extensions  = ["oci:../nowhere:v1", "oci:../world:gone"]
                        """));
        assertEquals(
                "BAD_ARTIFACT: cannot use image oci:…/world:amd64-only@"
                        + "DIGEST: it is for linux/amd64, but the unit builds for linux/arm64: publish it for linux/arm64 as well, as one index\n",
                problem(
                                "wrong",
                                BOTH
                                        + "installer_registry = \"oci:out\"\ncustom_extensions = [\"oci:../world:amd64-only\"]\n")
                        .replaceAll("sha256:[0-9a-f]{64}", "DIGEST"));
    }

    /** An extension whose file is a program, so that the container can be started, in a docker archive. */
    private Path program() throws Exception {
        DebFile busybox = KeptPackages.fetch(List.of(PackageRequest.only("busybox", "busybox-static")))
                .of("busybox")
                .getFirst();
        Path unit = Files.createDirectories(world().folder().resolve("program"));
        FileTree files = DebianRoot.unpacked(
                List.of(ByteSource.of(busybox.file())), Files.createDirectories(unit.resolve("spool")));
        Path rootfs = Files.createDirectories(unit.resolve("rootfs/usr/local/bin"));
        Path program = rootfs.resolve("busybox");
        if (files.get("usr/bin/busybox") instanceof Entry.RegularFile file) {
            CopiedFile.write(file.content(), program, CopiedFile.Progress.none());
        }
        assertTrue(program.toFile().setExecutable(true));
        world().apply(context("program"), "program", "talos_extension", """
                name = "program"
                version = "v1.0.0"
                sources = [{ dir = "rootfs" }]
                extension_registry = "docker-archive:program.tar:ghcr.io/acme/program"
                """);
        world().apply(context("program"), "program", "talos_extension", """
                name = "program"
                version = "v1.0.0"
                sources = [{ dir = "rootfs" }]
                architectures = ["amd64", "arm64"]
                extension_registry = "oci-archive:program.oci:ghcr.io/acme/program:v1.0.0"
                """);
        return unit;
    }

    @Tag("apt")
    @Test
    void podmanLoadsAndRunsIt() throws Exception {
        RequiredTool podman = RequiredTool.named("podman", "podman");
        Path unit = program();
        List<String> alone = List.of(
                "--root=" + unit.resolve("podman"),
                "--runroot=" + unit.resolve("podman-run"),
                "--storage-driver=vfs",
                "--cgroup-manager=cgroupfs",
                "--events-backend=none",
                "--runtime=runc");
        String loaded = podman.run(unit, NOTHING, with(alone, "load", "-q", "-i", "program.tar"));
        assertTrue(loaded.contains("Loaded image: ghcr.io/acme/program:v1.0.0"), loaded);
        String again = podman.run(unit, NOTHING, with(alone, "load", "-q", "-i", "program.oci"));
        assertTrue(again.contains("Loaded image: ghcr.io/acme/program:v1.0.0"), again);
        assertEquals(
                "it runs\n",
                podman.run(
                        unit,
                        NOTHING,
                        with(
                                alone,
                                "run",
                                "--rm",
                                "--network=none",
                                "--ulimit=nofile=1024:1024",
                                "--ulimit=nproc=1024:1024",
                                "--security-opt=seccomp=unconfined",
                                "ghcr.io/acme/program:v1.0.0",
                                "/rootfs/usr/local/bin/busybox",
                                "echo",
                                "it runs")));
    }

    private static String[] with(List<String> before, String... more) {
        List<String> all = new ArrayList<>(before);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Tag("apt")
    @Test
    void containerdImportsIt() throws Exception {
        RequiredTool ctr = RequiredTool.named("ctr", "containerd");
        RequiredTool containerd = RequiredTool.named("containerd", "containerd");
        Path unit = program();
        Path socket = Path.of(
                "/tmp/forge-test-%d.sock".formatted(ProcessHandle.current().pid()));
        Path config = Files.writeString(unit.resolve("containerd.toml"), """
                version = 2
                root = "%1$s/containerd"
                state = "%1$s/containerd-state"
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                [grpc]
                  address = "%2$s"
                [ttrpc]
                  address = "%2$s.ttrpc"
                """.formatted(unit, socket));
        Process daemon = new ProcessBuilder(containerd.path().toString(), "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(unit.resolve("containerd.log").toFile())
                .start();
        try {
            while (daemon.isAlive()
                    && !Files.readString(unit.resolve("containerd.log")).contains("successfully booted")) {
                daemon.waitFor(100, TimeUnit.MILLISECONDS);
            }
            List<String> alone = List.of("--address=" + socket);
            ctr.run(unit, NOTHING, with(alone, "image", "import", "--snapshotter=native", "program.tar"));
            String images = ctr.run(unit, NOTHING, with(alone, "image", "ls"));
            assertTrue(images.contains("ghcr.io/acme/program:v1.0.0"), images);
            assertTrue(images.contains("linux/amd64"), images);
            ctr.run(unit, NOTHING, with(alone, "image", "import", "--all-platforms", "--no-unpack", "program.oci"));
            String all = ctr.run(unit, NOTHING, with(alone, "image", "ls"));
            assertTrue(all.contains("linux/amd64,linux/arm64"), all);
        } finally {
            daemon.destroy();
            assertTrue(daemon.waitFor(120, TimeUnit.SECONDS));
            Files.deleteIfExists(socket);
            Files.deleteIfExists(Path.of(socket + ".ttrpc"));
        }
    }
}
