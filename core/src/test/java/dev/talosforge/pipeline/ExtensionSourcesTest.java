package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import dev.talosforge.bytes.ByteSink;
import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Event;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.format.tar.TarWriter;
import dev.talosforge.json.Json;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.Layer;
import dev.talosforge.oci.LayerWriter;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.publish.Allowance;
import dev.talosforge.pipeline.publish.Publisher;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.SampleElf;
import dev.talosforge.talos.Architecture;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extensions of every kind of source, as they come out, without a registry. */
class ExtensionSourcesTest {
    private static final long TIME = ContextSample.TIME;

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");

    @BeforeEach
    void folder() throws IOException {
        folder = temporary.toRealPath();
    }

    private BuildContext context() throws IOException {
        return ContextSample.in(folder.resolve("work"), new ArrayList<>());
    }

    private SequencedMap<String, Json> apply(String inputs) throws Exception {
        return apply("hello", inputs);
    }

    private SequencedMap<String, Json> apply(String unit, String inputs) throws Exception {
        return new DiskWorld(folder).apply(context(), unit, "talos_extension", """
                        name = "hello"
                        version = "v1.0.0"
                        extension_registry = "oci:%s/out"
                        """.formatted(folder) + inputs);
    }

    private static String digest(SequencedMap<String, Json> outputs) {
        return outputs.get("extension_digest") instanceof Json.JsonText(String text) ? text : "none";
    }

    /** What is in an image that was made, without its manifest. */
    private String made(SequencedMap<String, Json> outputs, Architecture architecture) throws Exception {
        String place = outputs.get("extension_image") instanceof Json.JsonText(String text) ? text : "none";
        BuildContext context = context();
        ImageStore images = new ImageStore(context, "test", architecture);
        ResolvedImage found =
                images.resolve(List.of(ImagePlace.parse(place, folder))).getFirst();
        FileTree files = images.unpack(found, images.pull(found), List.of()).subtree("rootfs");
        StringBuilder text = new StringBuilder();
        for (Entry entry : files.entries()) {
            Attributes attributes = entry.attributes();
            assertEquals(TIME, attributes.modified(), entry::path);
            String path = entry.path().replace("usr/local/lib/containers/hello", "C");
            if (!(entry instanceof Entry.Directory)) {
                text.append("%04o %d:%d %s%s%n"
                        .formatted(attributes.permissions(), attributes.uid(), attributes.gid(), path, content(entry)));
            }
        }
        return text.toString();
    }

    private static String content(Entry entry) throws IOException {
        return switch (entry) {
            case Entry.RegularFile file -> " " + new String(file.content().readAll("file", 1000), UTF_8);
            case Entry.HardLink link -> " = " + link.target().replace("usr/local/lib/containers/hello", "C");
            case Entry.Symlink link -> " -> " + link.target();
            case Entry.Directory _, Entry.CharDevice _, Entry.BlockDevice _, Entry.Fifo _ -> "";
        };
    }

    private static TreeBuilder tree() {
        return new TreeBuilder(7);
    }

    /** An image of these layers, the later ones over the earlier ones. */
    private static Image image(BuildContext context, Architecture architecture, List<TreeBuilder> layers)
            throws IOException {
        List<Descriptor> descriptors = new ArrayList<>();
        List<Sha256> diffs = new ArrayList<>();
        for (TreeBuilder layer : layers) {
            Path file = context.store().temporaryFile();
            Layer written = LayerWriter.gzip(out -> Gzip.encode(out, 1)).write(layer.build(), file);
            context.store().adopt(file, written.descriptor().digest());
            descriptors.add(written.descriptor());
            diffs.add(written.diffId());
        }
        ImageConfig config =
                ImageConfig.of(Platform.linux(architecture.label()), "2025-01-01T00:00:00Z", List.copyOf(diffs));
        Manifest manifest = new Manifest(
                MediaType.OCI_MANIFEST,
                null,
                Descriptor.of(MediaType.OCI_CONFIG, config.toBytes()),
                descriptors,
                null,
                new TreeMap<>());
        context.store().put(out -> out.write(config.toBytes()));
        context.store().put(out -> out.write(manifest.toBytes()));
        return Image.of(manifest, config);
    }

    /** A layout with an image for two architectures; what is below gone and old lies in its first layer only. */
    private void world(TreeBuilder... more) throws Exception {
        BuildContext context = ContextSample.in(folder.resolve("filling"), new ArrayList<>());
        SequencedMap<Architecture, Image> images = new LinkedHashMap<>();
        for (Architecture architecture : Architecture.values()) {
            List<TreeBuilder> layers = new ArrayList<>(List.of(
                    tree().file("usr/bin/tool", 0755, architecture.label())
                            .add(new Entry.HardLink("usr/bin/same", Attributes.root(0755, 7), "usr/bin/tool"))
                            .file("usr/share/doc/tool/copyright", 0644, "long")
                            .file("gone/file", 0644, "gone")
                            .file("folder/old", 0644, "old"),
                    tree().file(".wh.gone", 0644, "")
                            .file("folder/.wh..wh..opq", 0644, "")
                            .file("folder/new", 0644, "new")
                            .add(new Entry.RegularFile(
                                    "etc/tool.conf", new Attributes(0640, 100, 101, 7), ByteSource.of(new byte[0])))));
            layers.addAll(List.of(more));
            images.put(architecture, image(context, architecture, layers));
        }
        Publisher publisher = new Publisher(context, "world");
        publisher.deliver(
                ImagePlace.parse("oci:world:tool", folder),
                publisher.bundle(images, new TreeMap<>()),
                List.of(),
                Allowance.always());
    }

    private static byte[] tar(FileTree tree) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = Gzip.encode(bytes, 6)) {
            new TarWriter(ByteSink.over(out)).write(tree.entries());
        }
        return bytes.toByteArray();
    }

    @Test
    void everyArchitectureGetsTheImageThatIsMadeForIt() throws Exception {
        world();
        String inputs = """
                architectures = ["amd64", "arm64"]
                container = "hello"
                sources = [
                  { image = "oci:../world:tool" },
                  { image = "oci:../world:tool", from = "usr/bin", to = "usr/local/bin", include = ["same"] },
                ]
                """;
        SequencedMap<String, Json> outputs = apply(inputs);
        String expected = """
                0755 0:0 usr/local/bin/same %1$s
                0640 %2$s C/etc/tool.conf\s
                0644 0:0 C/folder/new new
                0755 0:0 C/usr/bin/same %1$s
                0755 0:0 C/usr/bin/tool = C/usr/bin/same
                """;
        assertEquals(expected.formatted("arm64", "0:0"), made(outputs, Architecture.ARM64));
        assertEquals(expected.formatted("amd64", "0:0"), made(outputs, Architecture.AMD64));
        // the image's 100:101 means nobody on a node, unless the unit excludes itself
        SequencedMap<String, Json> owned = apply(inputs.replace("{ image = \"oci:../world:tool\" }", """
                        { image = "oci:../world:tool", owners = { "tool.conf" = "100:101" } }"""));
        assertEquals(expected.formatted("arm64", "100:101"), made(owned, Architecture.ARM64));
    }

    @Tag("registry")
    @Test
    void archivesDownloadsFoldersAndTextsGoToTheirPlaces() throws Exception {
        byte[] archive = tar(tree().file("tool-1.0/bin/tool", 0775, "tool")
                .add(new Entry.RegularFile(
                        "tool-1.0/share/x", new Attributes(0664, 1001, 1001, 7), ByteSource.of("x".getBytes(UTF_8))))
                .file("tool-1.0/lib/libtool.a", 0644, "for builders")
                .file("readme", 0644, "")
                .build());
        byte[] binary = SampleElf.program(SampleElf.AMD64);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean whole = exchange.getRequestURI().getPath().equals("/tool-amd64.tar.gz");
            exchange.sendResponseHeaders(200, whole ? archive.length : binary.length);
            exchange.getResponseBody().write(whole ? archive : binary);
            exchange.close();
        });
        server.start();
        Path rootfs = Files.createDirectories(folder.resolve("hello/rootfs/etc"));
        Files.writeString(rootfs.resolve("tool.conf"), "own");
        Files.createSymbolicLink(rootfs.resolve("link"), Path.of("/nowhere/passwd"));
        try {
            SequencedMap<String, Json> outputs = apply("""
                    container = "hello"
                    sources = [
                      { archive = "%1$s/tool-{architecture}.tar.gz", sha256 = "%2$s", strip = 1, to = "usr/local" },
                      { download = "%1$s/x", sha256 = "%3$s", path = "bin/x", mode = "0755" },
                      { dir = "rootfs", modes = { "tool.conf" = "0600" } },
                      { files = { "etc/tool.conf" = "text" }, owners = { "etc/" = "0:7" }, modes = { "etc/" = "0750" } },
                    ]
                    service = { depends = [{ service = "cri" }], restart = "always", container = { entrypoint = "/bin/x" } }
                    """.formatted(
                            "http://127.0.0.1:" + server.getAddress().getPort(),
                            Sha256.of(archive).hex(),
                            Sha256.of(binary).hex()));
            assertEquals("""
                    0775 0:0 usr/local/bin/tool tool
                    0644 0:0 usr/local/etc/containers/hello.yaml "container":
                      "entrypoint": "/bin/x"
                    "depends":
                    - "service": "cri"
                    "name": "hello"
                    "restart": "always"

                    0755 0:0 C/bin/x %s
                    0777 0:0 C/etc/link -> /nowhere/passwd
                    0644 0:0 C/etc/tool.conf text
                    0664 0:0 usr/local/share/x x
                    """.formatted(new String(binary, UTF_8)), made(outputs, Architecture.AMD64));
        } finally {
            server.stop(0);
        }
    }

    /** Folder, umask, times, and the order of a folder's entries say nothing. */
    @Test
    void sameInputsGiveTheSameDigest() throws Exception {
        List<String> digests = new ArrayList<>();
        for (String unit : List.of("one", "deeper/two")) {
            Path rootfs = Files.createDirectories(folder.resolve(unit).resolve("rootfs/usr"));
            List<String> names = new ArrayList<>(List.of("a", "b", "c", "run"));
            if (!digests.isEmpty()) {
                names = names.reversed();
            }
            for (String name : names) {
                Path file = Files.writeString(rootfs.resolve(name), name);
                String modes = digests.isEmpty() ? "rw-r--r--" : "rw-rw----";
                Files.setPosixFilePermissions(
                        file,
                        PosixFilePermissions.fromString(name.equals("run") ? modes.replaceFirst("-", "x") : modes));
                Files.setLastModifiedTime(file, FileTime.fromMillis(1000L * digests.size()));
            }
            Files.setPosixFilePermissions(
                    rootfs, PosixFilePermissions.fromString(digests.isEmpty() ? "rwxr-xr-x" : "rwx------"));
            digests.add(digest(apply(unit, "container = \"hello\"\nsources = [{ dir = \"rootfs\" }]\n")));
        }
        assertEquals(digests.getFirst(), digests.getLast());
        assertNotEquals(
                digests.getFirst(),
                digest(apply("one", "container = \"hello\"\nsources = [{ dir = \"rootfs\", exclude = [\"c\"] }]\n")));
    }

    private String problems(String inputs) {
        BuildException e = assertThrows(BuildException.class, () -> apply(inputs));
        StringBuilder text = new StringBuilder();
        for (Problem problem : e.problems()) {
            text.append(problem.kind())
                    .append(": ")
                    .append(problem.what())
                    .append(": ")
                    .append(problem.why())
                    .append(problem.remedy() == null ? "" : "; " + problem.remedy())
                    .append('\n');
        }
        return text.toString().replace(folder.toString(), "FOLDER");
    }

    @Test
    void whatTalosWouldRefuseIsNamedWithItsSourceAndNothingIsPublished() throws Exception {
        world(tree().file("usr/bin/su", 04755, "")
                .file("usr/bin/wall", 02755, "")
                .file("var/open", 0777, "")
                .add(new Entry.Directory("var/all", Attributes.root(0777, 7)))
                .add(new Entry.Directory("tmp", Attributes.root(01777, 7)))
                .add(new Entry.CharDevice("dev/null", Attributes.root(0600, 7), 1, 3))
                .add(new Entry.Fifo("run/pipe", Attributes.root(0600, 7))));
        String inputs = """
                container = "hello"
                sources = [
                  { image = "oci:../world:tool" },
                  { files = { "etc/x" = "", "etc/y" = "", "etc/z" = "" }, to = "/", modes = { z = "0646" } },
                ]
                """;
        assertEquals("""
                INVALID_INPUT: cannot use sources[1] (files) of hello: Talos v1.11.0 accepts no extension with files in these places: /etc/x, /etc/y, /etc/z; put them below usr/local with container or to, or exclude them
                INVALID_INPUT: cannot use sources[1] (files) of hello: they are world-writable, which is not allowed in extensions: /etc/z; set in it: modes = { "/etc/z" = "0644" }
                INVALID_INPUT: cannot use sources[0] (image oci:FOLDER/world) of hello: they are devices or pipes, which are not allowed in extensions: C/dev/null, C/run/pipe; set in it: exclude = ["/dev/null", "/run/pipe"]
                INVALID_INPUT: cannot use sources[0] (image oci:FOLDER/world) of hello: they are setuid or setgid, which is not allowed in extensions: C/usr/bin/su, C/usr/bin/wall; set in it: modes = { "/usr/bin/su" = "0755", "/usr/bin/wall" = "0755" }, or exclude = ["/usr/bin/su", "/usr/bin/wall"]
                INVALID_INPUT: cannot use sources[0] (image oci:FOLDER/world) of hello: they are world-writable, which is not allowed in extensions: C/var/all, C/var/open; set in it: modes = { "/var/all/" = "0755", "/var/open" = "0755" }
                """, problems(inputs).replace("/usr/local/lib/containers/hello", "C"));
        assertEquals(false, Files.exists(folder.resolve("out")));
        apply("""
                container = "hello"
                sources = [
                  {
                    image = "oci:../world:tool", exclude = ["/dev", "/run"]
                    modes = { "su" = "0755", "wall" = "0755", "/var/open" = "0644", "/var/all/" = "0755" }
                  },
                  { files = { "etc/x" = "" } },
                ]
                """);
    }

    /** Row 9e: in a layer they would be taken for the removal of a file. */
    @Test
    void namesThatALayerCannotHoldAreRefused() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("hello/rootfs/.wh.d")).resolve("x"), "x");
        Files.writeString(folder.resolve("hello/rootfs/.wh.gone"), "x");
        assertEquals("""
                INVALID_INPUT: cannot use sources[0] (dir rootfs) of hello: names that begin with .wh. mark removed \
                files in an image's layers, so these would vanish: /usr/local/.wh.d, /usr/local/.wh.gone; set in it: \
                exclude = ["/.wh.d/", "/.wh.gone"]
                """, problems("sources = [{ dir = \"rootfs\", to = \"usr/local\" }]\n"));
        apply("sources = [{ dir = \"rootfs\", to = \"usr/local\", exclude = [\".wh.*\"] },"
                + " { files = { \"usr/local/x\" = \"x\" } }]\n");
    }

    /** Row 9e: a loss is told. */
    @Tag("reference")
    @Test
    void extendedAttributesOfAnArchiveAreReported() throws Exception {
        Path hello = Files.createDirectories(folder.resolve("hello"));
        RequiredTool.named("python3", "python3").run(hello, Path.of("/dev/null"), "-c", """
                import io, tarfile
                with tarfile.open("x.tar", "w", format=tarfile.PAX_FORMAT) as tar:
                    for name in ["a", "b"]:
                        member = tarfile.TarInfo(name)
                        member.pax_headers = {"SCHILY.xattr.security.capability": "x"}
                        tar.addfile(member, io.BytesIO())
                """);
        List<Event> events = new ArrayList<>();
        new DiskWorld(folder)
                .apply(ContextSample.in(folder.resolve("work"), events), "hello", "talos_extension", """
                name = "hello"
                version = "v1.0.0"
                extension_registry = "oci:out"
                talos_compatibility = ">= v1.14.0" # no talos_version: nothing to hold it against
                sources = [{ archive = "x.tar", sha256 = "%s", to = "usr/local" }]
                """.formatted(
                        Sha256.of(Files.readAllBytes(hello.resolve("x.tar"))).hex()));
        assertEquals(
                "WARNING sources[0] (archive x.tar): extended attributes are not kept: security.capability of 2 files, the"
                        + " first is a",
                DiskWorld.messages(events).lines().findFirst().orElse(""));
    }

    @Test
    void sourcesThatDoNotFitAreReportedAllAtOnce() throws Exception {
        Path hello = Files.createDirectories(folder.resolve("hello"));
        Files.write(hello.resolve("x.tar.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2});
        Files.createDirectories(hello.resolve("rootfs"));
        assertEquals(
                """
                BAD_ARTIFACT: cannot use sources[0] (archive x.tar.gz) of hello: FOLDER/hello/x.tar.gz has the digest sha256:%s, but sha256 says sha256:%s; if the file was replaced on purpose, inspect it and update sha256; otherwise get it from another place
                INVALID_INPUT: cannot use sources[1] (dir rootfs) of hello: it has no folder etc
                """.formatted(
                        Sha256.of(Files.readAllBytes(hello.resolve("x.tar.gz"))).hex(), "0".repeat(64)),
                problems("""
                        sources = [
                          { archive = "x.tar.gz", sha256 = "%s" },
                          { dir = "rootfs", from = "etc" },
                        ]
                        """.formatted("0".repeat(64))));
        assertEquals("""
                INVALID_INPUT: cannot put sources[1] (files) over sources[0] (files): usr/local/a is a folder in the first and a file in the second; exclude it from one of them
                INVALID_INPUT: cannot put service over sources[0] (files): usr/local/etc/containers is a folder in the first and a file in the second; exclude it from one of them
                """, problems("""
                        sources = [
                          { files = { "usr/local/a" = "", "usr/local/etc/containers" = "" } },
                          { files = { "usr/local/a/b" = "" } },
                        ]
                        service = { restart = "never", container = { entrypoint = "/x" } }
                        """));
    }

    /** Problems of the whole extension have the places of the tree, and no path that is on no disk. */
    @Test
    void theServiceIsShownWhereItIsWritten() throws Exception {
        Path hello = Files.createDirectories(folder.resolve("hello"));
        Path services = Files.createDirectories(hello.resolve("files/usr/local/etc/containers"));
        Files.writeString(services.resolve("b.yaml"), """
                name: b
                container:
                  entrypoint: /x
                restart: never
                """);
        Files.createDirectories(hello.resolve("files/usr/local/lib/containers/b"));
        Files.createDirectories(hello.resolve("files/usr/local/lib/containers/hello"));
        Files.writeString(hello.resolve("files/usr/local/lib/containers/hello/x"), "no program");
        Files.writeString(hello.resolve("files/usr/local/lib/containers/b/y"), "");
        assertEquals(
                true,
                hello.resolve("files/usr/local/lib/containers/hello/x").toFile().setExecutable(true));
        List<Problem> problems = assertThrows(
                        BuildException.class,
                        () -> new DiskWorld(folder)
                                .apply(
                                        ContextSample.in(folder.resolve("work"), new ArrayList<>()),
                                        "hello",
                                        "talos_extension",
                                        """
                                        name = "hello"
                                        version = "v1.0.0"
                                        extension_registry = "oci:out"
                                        sources = [{ dir = "files" }]
                                        service = { restart = "never", container = { entrypoint = "/x" } }
                                        """))
                .problems();
        assertEquals(
                List.of("hello/files/usr/local/etc/containers/b.yaml:3:15", "hello/terragrunt.hcl:7:59"),
                problems.stream()
                        .map(problem -> (dev.talosforge.problem.Where.Source) problem.where())
                        .map(where -> where == null
                                ? "nowhere"
                                : "%s:%d:%d".formatted(folder.relativize(where.file()), where.line(), where.column()))
                        .toList());
    }

    /** Case 25: what people pack otherwise is named, with what leads on. */
    @Test
    void archivesOfOtherKindsAreNamed() throws Exception {
        Path hello = Files.createDirectories(folder.resolve("hello"));
        StringBuilder expected = new StringBuilder();
        StringBuilder sources = new StringBuilder();
        for (String[] one : new String[][] {
            {
                "a.tar.bz2",
                "BZh91AY",
                "compressed with bzip2",
                "unpack it and compress the tar archive with zstd, or use the folder as dir"
            },
            {
                "b.tar.lz4",
                "\u0004\"M\u0018",
                "compressed with lz4",
                "unpack it and compress the tar archive with zstd, or use the folder as dir"
            },
            {"c.zip", "PK\u0003\u0004", "a zip archive", "unpack it and use the folder as dir"},
            {
                "d.deb",
                "!<arch>\ndebian-binary",
                "a Debian package",
                "list the package in debian_packages, or unpack it with dpkg-deb -x and use the folder as dir"
            },
            {"e", "\u007fELF", "a program", "use download instead of archive for a single file"},
            {
                "f",
                "<!DOCTYPE html>",
                "an HTML page",
                "use the address of the file itself, not of the page that offers it"
            },
        }) {
            byte[] content = one[1].getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            Files.write(hello.resolve(one[0]), content);
            sources.append("{ archive = \"%s\", sha256 = \"%s\" },%n"
                    .formatted(one[0], Sha256.of(content).hex()));
            expected.append(
                    "INVALID_INPUT: cannot use sources[%d] (archive %s) of hello: it is %s; an archive must be tar, plain or compressed with gzip, zstd or xz; %s%n"
                            .formatted(expected.chars().filter(c -> c == '\n').count(), one[0], one[2], one[3]));
        }
        assertEquals(expected.toString(), problems("sources = [%n%s]".formatted(sources)));
    }

    @Tag("reference")
    @Test
    void aPipeInAFolderIsNamed() throws Exception {
        Path rootfs = Files.createDirectories(folder.resolve("hello/rootfs"));
        RequiredTool.named("mkfifo", "coreutils").run(rootfs, Path.of("/dev/null"), "pipe");
        assertEquals(
                "BAD_ARTIFACT: cannot use sources[0] (dir rootfs) of hello: folder: FOLDER/hello/rootfs/pipe: is neither a"
                        + " file, a folder nor a symbolic link\n",
                problems("sources = [{ dir = \"rootfs\" }]\n"));
    }

    @Test
    void anImageOfARegistryNeedsADigest() {
        assertEquals(
                """
                INVALID_INPUT: cannot use registry.test/acme/tool:v1: it has no digest; add its digest, NAME:TAG@sha256:…, or run: lock
                INVALID_INPUT: cannot use registry.test/acme/x:v1: it has no digest; add its digest, NAME:TAG@sha256:…, or run: lock
                """,
                problems(
                        "sources = [{ image = \"registry.test/acme/tool:v1\" }, { image = \"registry.test/acme/x:v1\" }]\n"));
    }
}
