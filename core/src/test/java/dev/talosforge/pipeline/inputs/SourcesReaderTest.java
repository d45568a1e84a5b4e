package dev.talosforge.pipeline.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.extension.Source;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.extension.Placeholders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources as they are written, and every error text whole. */
class SourcesReaderTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    @TempDir
    private Path unit;

    @BeforeEach
    void files() throws Exception {
        Files.createDirectories(unit.resolve("rootfs"));
        Files.createDirectories(unit.resolve("patches"));
        Files.writeString(unit.resolve("patches/0001-x.patch"), "");
        Files.writeString(unit.resolve("x.tar"), "");
    }

    private ExtensionInputs read(String others) throws Exception {
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_extension" }
                inputs = {
                  name               = "frr"
                  version            = "v1.0.0"
                  extension_registry = "ghcr.io/acme/frr"
                  %s
                }
                """.formatted(others));
        Unit evaluated =
                Workspace.open(unit, EvaluationSettings.validating(Map.of())).evaluate(unit);
        return ExtensionInputs.read(new InputReader(evaluated, new TreeMap<>()));
    }

    private String wrong(String sources) {
        return wrongInputs("sources = [" + sources + "]");
    }

    private String wrongInputs(String others) {
        BuildException e = assertThrows(BuildException.class, () -> read(others));
        StringBuilder text = new StringBuilder();
        for (Problem problem : e.problems()) {
            assertEquals(Problem.Kind.INVALID_INPUT, problem.kind());
            assertNotNull(problem.where());
            text.append(problem.what().replaceAll("cannot use input \"(.*)\" of .*", "$1"))
                    .append(": ")
                    .append(problem.why().replace(unit.toString(), "UNIT"))
                    .append(problem.remedy() == null ? "" : "; " + problem.remedy())
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void everyKindIsRead() throws Exception {
        ExtensionInputs inputs = read("""
                architectures = ["amd64", "arm64"]
                container     = "frr"
                sources = [
                  { image = "quay.io/frrouting/frr:10.4.1@sha256:%1$s", from = "/usr/lib/frr/", to = "/usr/local/lib" },
                  { debian_packages = ["frr", "tini"], exclude = ["*.a"], prune = false },
                  { dir = "rootfs", to = "/" },
                  { files = { "etc/frr/daemons" = "text" }, modes = { daemons = "640" }, owners = { daemons = "100:101" } },
                  { archive = "https://files.test/x-{architecture}.tar.gz", strip = 1, sha256 = { amd64 = "%1$s", arm64 = "%1$s" } },
                  { download = "x.tar", sha256 = "sha256:%1$s", path = "usr/bin/tool", mode = "0755" },
                  { build = {
                    debian_packages = ["gcc"]
                    sources         = [{ archive = "x.tar", sha256 = "%1$s" }, { dir = "rootfs" }]
                    patches         = ["patches/0001-x.patch"]
                    command         = "make"
                    environment     = { CFLAGS = "-O2" }
                    timeout_minutes = 5
                  } },
                ]
                service = { container = { entrypoint = "/usr/bin/frr-start" }, restart = "always" }
                """.formatted(DIGEST));
        assertEquals("usr/local/lib/containers/frr", inputs.usualFolder());
        assertEquals(
                """
                sources[0] (image quay.io/frrouting/frr)
                sources[1] (debian_packages frr, tini)
                sources[2] (dir rootfs)
                sources[3] (files)
                sources[4] (archive https://files.test/x-{architecture}.tar.gz)
                sources[5] (download x.tar)
                sources[6] (build)
                """.strip(),
                String.join(
                        "\n",
                        inputs.sources().stream().map(Source.Item::toString).toList()));
        Source.Item image = inputs.sources().getFirst();
        assertEquals("usr/lib/frr", image.placement().from());
        assertEquals("usr/local/lib", image.placement().to());
        assertEquals(true, image.placement().prune());
        assertEquals(false, inputs.sources().get(1).placement().prune());
        assertEquals("", inputs.sources().get(2).placement().to());
        assertEquals(false, inputs.sources().get(2).placement().prune());
        assertEquals(
                "{daemons=416}", inputs.sources().get(3).placement().modes().toString());
        assertEquals(
                "{daemons=Owner[uid=100, gid=101]}",
                inputs.sources().get(3).placement().owners().toString());
        if (inputs.sources().get(6).source() instanceof Source.Build build) {
            assertEquals(List.of("gcc"), build.tools());
            assertEquals(
                    "[sources[6].build.sources[0] (archive x.tar), sources[6].build.sources[1] (dir rootfs)]",
                    build.sources().toString());
            assertEquals(false, build.sources().getFirst().placement().prune());
            assertEquals(List.of(unit.resolve("patches/0001-x.patch")), build.patches());
            assertEquals(Duration.ofMinutes(5), build.limit());
            assertEquals(Map.of("CFLAGS", "-O2"), build.environment());
        } else {
            throw new AssertionError(inputs.sources().get(6));
        }
        assertEquals(new ServiceFile("frr", """
                        "container":
                          "entrypoint": "/usr/bin/frr-start"
                        "name": "frr"
                        "restart": "always"
                        """), inputs.service());
    }

    /** Before anything is fetched; what concerns the container's files is told when they are there. */
    @Test
    void aServiceThatTalosRefusesIsReportedWithTheInputs() {
        String refused = "service[a-z.\\[\\]0-9]*: it is not a valid Talos service: ";
        assertEquals("""
                restart kind is invalid: "allways"; write one of always, never, untilSuccess
                invalid network dependency: "adresses"; write one of addresses, connectivity, hostname, etcfiles
                source "tmpfs" is not absolute: Talos creates a folder of that name in its root, which is read-only, \
                and the service fails for good; use a place that exists, such as /run: the file system does not use it
                """, wrongInputs("""
                service = {
                  container = { entrypoint = "/x", mounts = [{ source = "tmpfs", destination = "/var", type = "tmpfs" }] }
                  depends   = [{ network = ["adresses"] }]
                  restart   = "allways"
                }
                """).replaceAll(refused, ""));
        assertEquals("""
                restart kind is invalid: "no" (line 2 of it); write one of always, never, untilSuccess
                container.entrypoint is missing: there is nothing to run (line 1 of it); set it to the path of a program in \
                the container's root
                """, wrongInputs("service = \"name: x\\nrestart: no\\n\"").replaceAll(refused, ""));
        assertEquals(
                "not YAML: expected ',' or ']', but got <stream end> (line 2 of it)\n",
                wrongInputs("service = \"name: [x\\n\"").replaceAll(refused, ""));
    }

    /** The same of service files in folders and texts of the tree, wherever they come to. */
    @Test
    void aServiceFileInASourceIsLookedAtWithTheInputs() throws Exception {
        Path services = Files.createDirectories(unit.resolve("rootfs/usr/local/etc/containers"));
        Files.writeString(services.resolve("good.yaml"), "name: x\nrestart: never\ncontainer: {entrypoint: /x}\n");
        Files.writeString(services.resolve("bad.yaml"), "name: x\nrestart: no\ncontainer: {entrypoint: /x}\n");
        Files.writeString(services.resolve("notes.txt"), "restart: no\n");
        String bad = "is not a valid Talos service: restart kind is invalid: \"no\"; write one of always, never,"
                + " untilSuccess\n";
        String reported = "sources[0]: it contains /usr/local/etc/containers/bad.yaml, which " + bad;
        assertEquals(reported, wrong("{ dir = \"rootfs\", to = \"/\" }"));
        assertEquals(reported, wrongInputs("container = \"c\"\nsources = [{ dir = \"rootfs\", to = \"/\" }]"));
        assertEquals(reported, wrong("{ dir = \"rootfs/usr/local/etc\", to = \"/usr/local/etc\" }"));
        assertEquals(reported, wrong("{ dir = \"rootfs\", from = \"/usr/local/etc\", to = \"/usr/local/etc\" }"));
        assertEquals(reported, wrong("{ dir = \"rootfs\", include = [\"usr/local/etc/containers/b*\"] }"));
        read("sources = [{ dir = \"rootfs\", to = \"/\", exclude = [\"bad.yaml\"] }]");
        assertEquals(
                "sources[0]: it contains /usr/local/etc/containers/c.yml, which is not a valid Talos service: the name of"
                        + " /usr/local/etc/containers/c.yml does not end in .yaml, and Talos reads no others (line 1 of it);"
                        + " rename it to c.yaml\n",
                wrong("{ files = { \"usr/local/etc/containers/c.yml\" = \"\" } }"));
        read("sources = [{ dir = \"rootfs\", to = \"/\", include = [\"*.txt\"] }]");
        read("container = \"c\"\nsources = [{ dir = \"rootfs\" }]");
        assertEquals(
                "sources[0]: it contains /usr/local/etc/containers/t.yaml, which "
                        + bad.replace("; write", " (line 2 of it); write"),
                wrong("{ files = { \"t.yaml\" = \"name: x\\nrestart: no\\ncontainer: {entrypoint: /x}\\n\" },"
                        + " to = \"/usr/local/etc/containers\" }"));
    }

    @Test
    void aServiceMayBeText() throws Exception {
        String text = "name: x\nrestart: never\ncontainer: {entrypoint: /x}\n";
        ServiceFile service =
                read("service = \"%s\"".formatted(text.replace("\n", "\\n"))).service();
        assertEquals(new ServiceFile("frr", text), service);
        assertNotNull(service);
        assertEquals("usr/local/etc/containers/frr.yaml", service.path());
    }

    @Test
    void whatSomebodyMeantIsNamed() {
        assertEquals("""
                sources[0].archve: it is unknown here; the source has none of image, debian_packages, dir, files, archive, download, build, one of which must say what the source is; did you mean "archive"?
                sources[1].mods: it is unknown here; known are dir, exclude, from, include, modes, owners, prune, to; did you mean "modes"?
                sources[2].build.comand: it is unknown here; known are command, debian_packages, environment, patches, sources, timeout_minutes; did you mean "command"?
                """, wrong("""
                        { archve = "x.tar" },
                        { dir = "rootfs", mods = {} },
                        { build = { debian_packages = ["gcc"], command = "make", comand = "x" } },
                        """));
    }

    /** Row 9e: told before anything is fetched. What a build works on is no layer. */
    @Test
    void namesThatALayerCannotHoldAreReported() throws Exception {
        String why = "; names that begin with .wh. mark removed files in an image's layers: use another\n";
        assertEquals(
                "sources[0].files: it has \"etc/.wh.gone\"" + why + "sources[1].path: it is \".wh.x/y\"" + why
                        + "sources[2].to: it is \"usr/.wh..wh..opq\"" + why,
                wrong("""
                        { files = { "etc/.wh.gone" = "x", "etc/x.wh." = "y" } },
                        { download = "x.tar", sha256 = "%s", path = ".wh.x/y" },
                        { dir = "rootfs", to = "usr/.wh..wh..opq" },
                        """.formatted(DIGEST)));
        read("""
                sources = [{ build = {
                  debian_packages = ["gcc"]
                  sources         = [{ files = { "test/.wh.gone" = "x" }, to = "/.wh.d" }]
                  command         = "make"
                } }]
                """);
    }

    @Test
    void everythingThatIsWrongIsReportedAtOnce() {
        assertEquals("""
                sources[0]: it is text, expected an object
                sources[1]: it has none of image, debian_packages, dir, files, archive, download, build, one of which must say what the source is
                sources[2]: it is dir and files at once; it must be only one
                sources[3].image: it is not an image reference: "Upper/Case": "Case" is not a repository name: use lower-case letters and digits, with . _ - between them
                sources[4].debian_packages: it has "a b", which is not the name of a Debian package
                sources[5].debian_packages: it names no package
                sources[6].dir: it names UNIT/nowhere, which is not a folder
                sources[6].to: it is "../x", which is not the path of a folder
                sources[6].from: it is "a//b", which is not the path of a folder
                sources[6].include[0]: it is empty
                sources[6].exclude: it has "!x", which begins with !, which is not supported; list what to leave out in exclude
                sources[6].modes: it has "4755", which is not a mode such as "0755"
                sources[6].owners: it has "root:root"; expected the numbers of a user and a group, such as "100:101"
                sources[6].prune: it is text, expected true or false
                sources[7].files: it has "x", which is a tuple; expected text
                sources[7].files: it has "/etc/x"; expected a path without a leading / and without .
                """, wrong("""
                        "x",
                        { to = "/" },
                        { dir = "rootfs", files = {} },
                        { image = "Upper/Case" },
                        { debian_packages = ["a b"] },
                        { debian_packages = [] },
                        {
                          dir = "nowhere", to = "../x", from = "a//b", include = [""], exclude = ["!x"]
                          modes = { a = "4755" }, owners = { a = "root:root" }, prune = "yes"
                        },
                        { files = { "/etc/x" = "", x = [] } },
                        """));
    }

    @Test
    void whatIsWrongWithDownloadsAndBuildsIsReported() {
        assertEquals("""
                sources[0].strip: it must be a whole number from 0 to 20
                sources[0].sha256: it is missing
                sources[0].archive: it names UNIT/gone.tar, which is not a file
                sources[1].sha256: it is "abc"; expected 64 digits from 0 to 9 and a to f
                sources[1].archive: it is neither an HTTP or HTTPS address nor a path
                sources[2].sha256: it is one digest for several files; write one for each: { amd64 = "…", arm64 = "…" }
                sources[2].archive: it is not an HTTP or HTTPS address without credentials
                sources[3].path: it is "../x"; expected a path without a leading / and without .
                sources[3].mode: it has "777 ", which is not a mode such as "0755"
                sources[3].sha256: it has "sparc", which is neither amd64 nor arm64
                sources[3].sha256: it has none for arm64, for which the unit builds
                sources[4].build.patches: it names UNIT/none.patch, which is not a file
                sources[4].build.environment: it has "A-B", which is not the name of a variable
                sources[4].build.debian_packages: it names no package
                sources[4].build.sources[0]: it is a build within a build
                sources[4].build.command: it is empty
                sources[4].build.timeout_minutes: it must be a whole number from 1 to 1440
                """, wrong("""
                        { archive = "gone.tar", strip = 50 },
                        { archive = "ftp://files.test/x", sha256 = "abc" },
                        { archive = "https://me:secret@files.test/{architecture}", sha256 = "%1$s" },
                        { download = "x.tar", path = "../x", mode = "777 ", sha256 = { sparc = "%1$s", amd64 = "%1$s" } },
                        { build = {
                          sources = [{ build = {} }], command = "", patches = ["none.patch"]
                          environment = { A-B = "" }, timeout_minutes = 0
                        } },
                        """.formatted(DIGEST) + "], architectures = [\"amd64\", \"arm64\""));
    }

    /** Rows {@code restrat} and "anything in sources, service": the place is that of the item. */
    @Test
    void placesAreThoseOfItems() throws Exception {
        Files.createDirectories(unit.resolve("rootfs/usr/local/etc/containers"));
        Files.writeString(unit.resolve("rootfs/usr/local/etc/containers/a.yaml"), """
                name: a
                container:
                  entrypoint: ./x
                  security:
                    writeableRootfs: "true"
                restart: always
                """);
        BuildException e = assertThrows(BuildException.class, () -> read("""
                architectures = ["amd46"]
                  sources = [
                    { dir = "rootfs", to = "/" },
                    { dir = "rootfs", tp = "/" },
                    { files = { "usr/local/etc/containers/b.yaml" = "name: b\\nrestart: maybe" }, to = "/" },
                  ]
                  service = {
                    container = { entrypoint = "./x", mounts = [{ source = "run", destination = "/x", type = "tmpfs" }] }
                    restrat   = "always"
                  }
                """));
        StringBuilder places = new StringBuilder();
        for (Problem problem : e.problems()) {
            assertNotNull(problem.where());
            Where.Source where = (Where.Source) problem.where();
            places.append("%s %s:%d %s%n"
                    .formatted(
                            problem.what().replaceAll("cannot use input \"(.*)\" of .*", "$1"),
                            unit.relativize(where.file()),
                            where.line(),
                            where.text().substring(where.column() - 1, where.column() - 1 + where.length())));
        }
        assertEquals("""
                architectures[0] terragrunt.hcl:6 "amd46"
                sources[1].tp terragrunt.hcl:9 tp
                service.restrat terragrunt.hcl:14 restrat
                service.container.mounts[0].source terragrunt.hcl:13 "run"
                sources[0] rootfs/usr/local/etc/containers/a.yaml:5 "true"
                sources[1] rootfs/usr/local/etc/containers/a.yaml:5 "true"
                sources[2] terragrunt.hcl:10 "name: b\\nrestart: maybe"
                sources[2] terragrunt.hcl:10 "name: b\\nrestart: maybe"
                """, places.toString());
    }

    /** Row "entrypoint typo": where all paths are known, validate knows that it does not exist. */
    @Test
    void aProgramThatIsMissingIsReportedWithTheInputs() throws Exception {
        Path bin = Files.createDirectories(unit.resolve("rootfs/usr/bin"));
        Files.writeString(bin.resolve("greeter"), "");
        assertEquals(true, bin.resolve("greeter").toFile().setExecutable(true));
        String sources = """
                container = "c"
                  sources = [
                    { dir = "rootfs" },
                    { download = "x.tar", sha256 = "%s", path = "opt/tool", mode = "0755" },
                    %%s
                  ]
                  service = {
                    container = { entrypoint = "%%s" }
                    restart   = "always"
                  }
                """.formatted(DIGEST);
        read(sources.formatted("", "/usr/bin/greeter"));
        read(sources.formatted("", "/opt/tool"));
        assertEquals(
                """
                service.container.entrypoint: it is not a valid Talos service: entrypoint /usr/bin/greter is not in /usr/local/lib/containers/frr; did you mean "/usr/bin/greeter"?
                """.replace("containers/frr", "containers/c"), wrongInputs(sources.formatted("", "/usr/bin/greter")));
        assertEquals("""
                service.container.entrypoint: it is not a valid Talos service: entrypoint /bin/tool is not in /usr/local/lib/containers/c; did you mean "/opt/tool"?
                """, wrongInputs(sources.formatted("", "/bin/tool")));
        read(sources.formatted("{ debian_packages = [\"hello\"] },", "/usr/bin/greter"));
    }

    /** What is not written out has the place of the whole. */
    @Test
    void placesThroughLocalsAndFunctions() throws Exception {
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_extension" }
                locals {
                  one   = { dir = "nowhere" }
                  items = [local.one]
                }
                inputs = merge({}, {
                  name               = "frr"
                  version            = "v1.0.0"
                  extension_registry = "ghcr.io/acme/frr"
                  sources            = local.items
                  service            = merge({ restart = "allways" }, { container = { entrypoint = "./x" } })
                })
                """);
        Unit evaluated =
                Workspace.open(unit, EvaluationSettings.validating(Map.of())).evaluate(unit);
        BuildException e = assertThrows(
                BuildException.class, () -> ExtensionInputs.read(new InputReader(evaluated, new TreeMap<>())));
        assertEquals(
                List.of("3:19", "11:24"),
                e.problems().stream()
                        .map(problem -> (Where.Source) problem.where())
                        .map(where -> where == null ? "" : where.line() + ":" + where.column())
                        .toList());
    }

    /** Cases 14 and 14b: its form is known before anything is built; a version is compared where the unit names one. */
    @Test
    void compatibilityIsCheckedWithTheInputs() throws Exception {
        assertEquals(">= v1.14.0", read("talos_compatibility = \">= v1.14.0\"").talosCompatibility());
        assertEquals("""
                talos_compatibility: it is "^1.11", which Talos cannot read: "^1.11" is not a comparison; write it like ">= v1.11.0", ">= v1.11.0 < v1.13.0" or "1.11.x || 1.12.x"
                """, wrongInputs("talos_compatibility = \"^1.11\""));
        assertEquals("""
                talos_compatibility: it is ">= v1.14.0", which excludes talos_version, v1.11.5: that Talos would refuse the extension; change one of them; talos_version only selects the version whose rules are checked
                """, wrongInputs("talos_compatibility = \">= v1.14.0\"\n  talos_version = \"v1.11.5\""));
        assertEquals(
                ">= v1.11.5",
                read("talos_compatibility = \">= v1.11.5\"\n  talos_version = \"v1.11.5\"")
                        .talosCompatibility());
    }

    /** siderolabs/extensions#69: a template that nobody filled in. */
    @Test
    void placeholdersAreNoVersions() {
        for (String left : List.of("$VERSION", "v{{ .VERSION }}", "$${VERSION}")) {
            assertEquals(true, Placeholders.in(left) != null, left);
        }
        assertEquals("$VERSION", Placeholders.inWords("Version $VERSION of $HOME"));
        assertEquals(null, Placeholders.inWords("costs $5, is below $HOME and ${HOME}"));
    }

    /** Row 18b: what is there already is looked at before anything is fetched. */
    @Test
    void aFolderIsNoArchive() {
        assertEquals("""
                sources[0].image: it is "oci-archive:UNIT/rootfs", and UNIT/rootfs is a folder, but an archive is a file
                """, wrong("{ image = \"oci-archive:rootfs\" }"));
        assertEquals("""
                talos_version: it is not a version of Talos: "x"
                extension_registry: it is "docker-archive:UNIT/rootfs", and UNIT/rootfs is a folder, but an archive is a file
                """, wrongInputs("talos_version = \"x\"\n  extension_registry = \"docker-archive:rootfs\""));
    }

    @Test
    void aWholeExtensionIsNoFolderOfFiles() throws Exception {
        Files.createDirectories(unit.resolve("made/rootfs/usr/local/lib"));
        Files.writeString(unit.resolve("made/manifest.yaml"), "version: v1alpha1\n");
        assertEquals("""
                sources[0].dir: it names a whole extension: its files are in rootfs, and manifest.yaml is generated from the inputs; add from = "rootfs"
                """, wrong("{ dir = \"made\" }"));
        read("sources = [{ dir = \"made\", from = \"rootfs\" }]");
        read("container = \"made\"\nsources = [{ dir = \"made\" }]");
    }

    /** Case 24, of what lies in the tree. */
    @Test
    void kernelModulesAreReportedWithTheInputs() throws Exception {
        Files.createDirectories(unit.resolve("rootfs/usr/lib/modules/6.12.0-talos"));
        assertEquals("""
                sources[0]: it contains kernel modules in /usr/lib/modules, but an index of modules cannot be built yet; leave them out with exclude
                """, wrong("{ dir = \"rootfs\" }"));
        read("sources = [{ dir = \"rootfs\", exclude = [\"/usr/lib/modules\"] }]");
        assertEquals("""
                sources[0]: it contains kernel modules in /usr/lib/modules, but an index of modules cannot be built yet; leave them out with exclude
                """, wrong("{ files = { \"modules/6.12.0-talos/a.ko\" = \"\" }, to = \"/usr/lib\" }"));
    }

    @Test
    void aListOfOneIsWritten() {
        assertEquals(
                "cannot use input \"architectures\" of %s: write architectures = [\"amd64\"]"
                        .formatted(unit.getFileName()),
                assertThrows(BuildException.class, () -> read("architectures = \"amd64\"")).problems().stream()
                        .map(problem -> problem.what() + ": " + problem.remedy())
                        .findFirst()
                        .orElse(""));
    }

    @Test
    void whatIsNoListIsReported() {
        BuildException e = assertThrows(BuildException.class, () -> read("sources = { dir = \"rootfs\" }"));
        assertEquals("it is an object, expected a list", e.problems().getFirst().why());
    }
}
