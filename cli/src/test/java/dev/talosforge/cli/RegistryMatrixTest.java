package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.testkit.JudgedRegistry;
import dev.talosforge.testkit.RegistryTools;
import dev.talosforge.testkit.RegistryTools.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an apply publishes, on every kind of registry: a two-platform index, an installer of several layers, an
 * extension of 20 MiB. Each of the real clients reads the same bytes, finds nothing wrong with them, and copies them
 * unchanged.
 */
@Tag("conformance")
class RegistryMatrixTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    static @Nullable Path folder;

    private static @Nullable SmallWorld world;

    /** By unit; the same on every registry. */
    private static final SortedMap<String, String> DIGESTS = new TreeMap<>();

    private static SmallWorld world() {
        assertNotNull(world);
        return world;
    }

    @BeforeAll
    static void start() throws Exception {
        assertNotNull(folder);
        world = SmallWorld.in(folder);
        byte[] large = new byte[20 * MEBIBYTE];
        new Random(20).nextBytes(large);
        Path files = Files.createDirectories(world.folder().resolve("large"));
        Files.write(files.resolve("noise"), large);
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.registry().close();
        }
    }

    /** An image as this program names it, and as it is read from the registry. */
    private record Published(String name, String digest, JudgedRegistry registry, RegistryTools tools) {
        String reference() {
            return registry.host() + "/" + name;
        }

        String repository() {
            return reference().substring(0, reference().lastIndexOf(':'));
        }
    }

    private static void unit(Path tree, String name, String module, String inputs) throws IOException {
        Files.writeString(
                Files.createDirectories(tree.resolve(name)).resolve("terragrunt.hcl"),
                "terraform { source = \"../modules//%s\" }\n%s".formatted(module, inputs));
    }

    private static Path tree(JudgedRegistry registry) throws IOException {
        Path tree = Files.createDirectories(registry.home().resolve("tree"));
        unit(tree, "note", "talos_extension", """
                inputs = {
                  name = "note"
                  version = "v1.2.3"
                  description = "two platforms"
                  extension_registry = "%s/acme/note"
                  architectures = ["amd64", "arm64"]
                  sources = [{ files = { "usr/local/share/note" = "hello" } }]
                }
                """.formatted(registry.host()));
        unit(tree, "large", "talos_extension", """
                inputs = {
                  name = "large"
                  version = "v1.2.3"
                  extension_registry = "%s/acme/large"
                  semantic_tags = false
                  sources = [{ dir = "%s", to = "usr/local/share/large" }]
                }
                """.formatted(
                        registry.host(), world().folder().resolve("large")));
        unit(tree, "images", "talos_images", """
                dependency "note" { config_path = "../note" }
                inputs = {
                  talos_version        = "v1.11.5"
                  installer_registry   = "%s/acme/installer"
                  installer_tag        = "v1.2.3"
                  custom_extensions    = ["registry.test/talos/hello:v1", dependency.note.outputs.extension_image]
                  imager_image         = "registry.test/talos/imager:v1.11.5"
                  base_installer_image = "registry.test/talos/installer-base:v1.11.5"
                  iso_output_dir       = "iso"
                  squashfs_compression = "zstd"
                }
                """.formatted(registry.host()));
        return tree;
    }

    private static SortedMap<String, String> environment(JudgedRegistry registry) {
        SortedMap<String, String> environment =
                world().environment(world().folder().resolve("store"));
        environment.put("DOCKER_CONFIG", registry.home().resolve("docker").toString());
        if (!registry.settings().isEmpty()) {
            environment.merge(
                    "TALOS_FORGE_REGISTRIES",
                    registry.settings(),
                    (own, more) -> own.substring(0, own.length() - 1) + "," + more + "}");
        }
        return environment;
    }

    private static CommandLineRun ours(JudgedRegistry registry, Path in, String... arguments) {
        CommandLineRun run = CommandLineRun.in(in, environment(registry), arguments);
        assertEquals(0, run.code(), run::toString);
        return run;
    }

    private static JsonObject json(String text) throws IOException {
        return JsonReader.readObject("answer", text.getBytes(UTF_8));
    }

    /** What the outputs of a unit say of its image. */
    private static Published published(JudgedRegistry registry, Path unit, String name, String output)
            throws IOException {
        JsonObject outputs = json(ours(registry, unit, "output", "--json").out());
        String digest = String.valueOf(outputs.text(output));
        return new Published(name, digest, registry, new RegistryTools(registry, registry.host(), registry.home()));
    }

    /** Commands that print the manifest as it came. */
    private static final SequencedMap<Tool, String> MANIFEST = commands(
            "manifest {ref}",
            "manifest fetch {ref}",
            "manifest get --format raw-body {ref}",
            "inspect --raw docker://{ref}");

    private static final SequencedMap<Tool, String> DIGEST = commands(
            "digest {ref}", "resolve {ref}", "image digest {ref}", "inspect --format {{.Digest}} docker://{ref}");

    private static final SequencedMap<Tool, String> TAGS =
            commands("ls {repo}", "repo tags {repo}", "tag ls {repo}", "list-tags docker://{repo}");

    private static final SequencedMap<Tool, String> COPY = commands(
            "copy {ref} {to}",
            "cp {ref} {to}",
            "image copy {ref} {to}",
            "copy -q --all --preserve-digests docker://{ref} docker://{to}");

    /** Into a layout on disk. */
    private static final SequencedMap<Tool, String> LAYOUT = commands(
            "pull --format=oci {ref} {to}",
            "cp --to-oci-layout {ref} {to}:v1",
            "image copy {ref} ocidir://{to}:v1",
            "copy -q --all docker://{ref} oci:{to}:v1");

    private static SequencedMap<Tool, String> commands(String crane, String oras, String regctl, String skopeo) {
        SequencedMap<Tool, String> commands = new TreeMap<>();
        commands.put(Tool.CRANE, crane);
        commands.put(Tool.ORAS, oras);
        commands.put(Tool.REGCTL, regctl);
        commands.put(Tool.SKOPEO, skopeo);
        return commands;
    }

    private static String says(Published image, Tool tool, SequencedMap<Tool, String> commands, String to)
            throws Exception {
        return image.tools()
                .output(
                        tool,
                        Objects.requireNonNull(commands.get(tool))
                                .replace("{ref}", image.reference())
                                .replace("{repo}", image.repository())
                                .replace("{to}", to)
                                .split(" "));
    }

    @ParameterizedTest
    @EnumSource
    void everyClientReadsWhatWePublish(JudgedRegistry.Kind kind) throws Exception {
        Path place = Files.createDirectories(world().folder().resolve(kind.name()));
        try (JudgedRegistry registry = JudgedRegistry.start(kind, place)) {
            Path tree = tree(registry);
            ours(registry, tree, "run-all", "apply");
            Published note = published(registry, tree.resolve("note"), "acme/note:v1.2.3", "extension_digest");
            tags(note, List.of("v1", "v1.2", "v1.2.3"));
            for (Published image : List.of(
                    note,
                    published(registry, tree.resolve("images"), "acme/installer:v1.2.3", "installer_digest"),
                    published(registry, tree.resolve("large"), "acme/large:v1.2.3", "extension_digest"))) {
                DIGESTS.putIfAbsent(image.name(), image.digest());
                assertEquals(DIGESTS.get(image.name()), image.digest());
                read(image);
                copied(image);
                laidOut(image);
            }
        }
    }

    private static void tags(Published image, List<String> expected) throws Exception {
        for (Tool tool : Tool.values()) {
            String text = says(image, tool, TAGS, "");
            List<String> tags =
                    tool == Tool.SKOPEO ? Json.texts(json(text).items("Tags")) : List.of(text.split("\n", -1));
            assertEquals(expected, tags.stream().filter(tag -> !tag.isEmpty()).toList(), tool.toString());
        }
    }

    private static void read(Published image) throws Exception {
        for (Tool tool : Tool.values()) {
            String raw = says(image, tool, MANIFEST, "");
            assertEquals(image.digest(), Sha256.of(raw.getBytes(UTF_8)).toString(), () -> tool + " read:\n" + raw);
            assertEquals(image.digest() + "\n", says(image, tool, DIGEST, ""), tool.toString());
        }
        assertEquals(
                "PASS: " + image.reference(),
                image.tools()
                        .output(Tool.CRANE, "validate", "--remote", image.reference())
                        .strip());
    }

    /** To another repository, where it has the same digest for them and for us. */
    private static void copied(Published image) throws Exception {
        for (Tool tool : Tool.values()) {
            String copy =
                    "%s/%s/%s".formatted(image.registry().host(), tool.name().toLowerCase(Locale.ROOT), image.name());
            says(image, tool, COPY, copy);
            assertEquals(
                    image.digest() + "\n", image.tools().output(Tool.CRANE, "digest", copy), () -> tool + " copied it");
            if (image.name().contains("note")) {
                String inspected = ours(image.registry(), image.registry().home(), "inspect", copy)
                        .out();
                assertTrue(inspected.contains("index         " + image.digest() + "\n"), inspected);
            }
        }
    }

    /** Each client's layout has every blob that the image leads to, right to the byte, and no other one. */
    private static void laidOut(Published image) throws Exception {
        for (Tool tool : Tool.values()) {
            Path folder = image.registry().home().resolve(tool + image.name().replaceAll("\\W", "-"));
            says(image, tool, LAYOUT, folder.toString());
            SortedSet<String> found = new TreeSet<>();
            try (Stream<Path> files = Files.list(folder.resolve("blobs/sha256"))) {
                for (Path file : files.toList()) {
                    Sha256 digest = Sha256.of(ByteSource.of(file));
                    assertEquals(String.valueOf(file.getFileName()), digest.hex(), tool.toString());
                    found.add(digest.toString());
                }
            }
            SortedSet<String> expected = new TreeSet<>();
            reach(OciLayout.create(folder), Sha256.parse(image.digest()), expected);
            assertEquals(expected, found, tool.toString());
        }
    }

    private static void reach(OciLayout layout, Sha256 manifest, SortedSet<String> reached) throws IOException {
        reached.add(manifest.toString());
        byte[] document = Files.readAllBytes(layout.blob(manifest));
        if (JsonReader.readObject("manifest", document).get("manifests") != null) {
            for (Descriptor child : Index.parse(document).manifests()) {
                reach(layout, child.digest(), reached);
            }
        } else {
            Manifest image = Manifest.parse(document);
            reached.add(image.config().digest().toString());
            image.layers().forEach(layer -> reached.add(layer.digest().toString()));
        }
    }
}
