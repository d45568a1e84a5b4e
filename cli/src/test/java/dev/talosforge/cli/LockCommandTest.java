package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.pipeline.LockWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock of a tree, against a registry. */
@Tag("registry")
class LockCommandTest {
    private static final String CRUN = "\"siderolabs/crun\"";
    private static final String HELLO = "\"registry.test/acme/hello:v1\"";

    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private LockWorld world;

    private record Run(int code, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        world = LockWorld.in(folder);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private Run run(Path directory, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("-C", directory.toString()));
        all.addAll(List.of(arguments));
        int code = Main.run(
                all.toArray(String[]::new),
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        world.environment(),
                        false));
        return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** Of problems: what a command says besides how far it is. */
    private static String problems(Run run) {
        int first = run.err().indexOf("error: ");
        return run.code() + "\n" + (first < 0 ? "" : run.err().substring(first));
    }

    private static String only(Run run, String word) {
        return run.err().lines().filter(line -> line.contains(word)).collect(Collectors.joining("\n"));
    }

    private static String fromLock(Run plan) {
        return plan.out()
                .lines()
                .filter(line -> line.startsWith("  from "))
                .map(line -> line.replaceAll(" {2,}", " ").strip())
                .collect(Collectors.joining("\n"));
    }

    private Path lockFile() {
        return world.tree().resolve("talos.lock.json");
    }

    /** The digest that the lock has for a reference. */
    private String locked(String reference) throws IOException {
        String text = world.lock();
        String from = text.substring(text.indexOf("\"" + reference + "\": {"));
        return from.substring(from.indexOf("sha256:"), from.indexOf("sha256:") + 71);
    }

    @Test
    void everyReferenceIsLockedAndASecondRunChangesNothing() throws Exception {
        Sha256 index = world.index("registry.test/acme/both:v2", "both");
        Path unit = world.images("artifacts/images", CRUN, HELLO + ", \"registry.test/acme/both:v2\"");
        Run first = run(world.tree(), "lock");
        String written = world.lock();
        assertEquals(
                new Run(
                        0,
                        """
                Talos v1.11.5
                  + ghcr.io/siderolabs/imager:v1.11.5 = %s
                  + ghcr.io/siderolabs/installer-base:v1.11.5 = %s
                  + registry.test/acme/both:v2 = %s
                  + registry.test/acme/hello:v1 = %s
                  + siderolabs/crun = ghcr.io/siderolabs/crun:1.24@%s
                %s: 5 references, 5 changes
                """.formatted(
                                        locked("ghcr.io/siderolabs/imager:v1.11.5"),
                                        locked("ghcr.io/siderolabs/installer-base:v1.11.5"),
                                        index,
                                        locked("registry.test/acme/hello:v1"),
                                        locked("siderolabs/crun"),
                                        lockFile()),
                        ""),
                quiet(first));
        assertEquals(new Run(0, lockFile() + ": 5 references, no changes\n", ""), run(unit, "lock"));
        assertEquals(written, world.lock());
        Files.delete(lockFile());
        run(unit, "lock");
        assertEquals(written, world.lock());
        assertTrue(Files.notExists(world.tree().resolve(".talos.lock.json.lock")));
    }

    @Test
    void theFileSaysDigestSizeAndPlatforms() throws Exception {
        world.index("registry.test/acme/both:v2", "both");
        world.images("artifacts/images", CRUN, "\"registry.test/acme/both:v2\"");
        run(world.tree(), "lock");
        String shape =
                world.lock().replaceAll("sha256:[0-9a-f]{64}", "DIGEST").replaceAll("\"size\": \\d+", "\"size\": N");
        assertEquals("""
                {
                  "format": 1,
                  "talos": {
                    "v1.11.5": {
                      "ghcr.io/siderolabs/imager:v1.11.5": {
                        "digest": "DIGEST",
                        "size": N
                      },
                      "ghcr.io/siderolabs/installer-base:v1.11.5": {
                        "digest": "DIGEST",
                        "size": N
                      },
                      "registry.test/acme/both:v2": {
                        "digest": "DIGEST",
                        "size": N,
                        "platforms": {
                          "linux/amd64": "DIGEST",
                          "linux/arm64": "DIGEST"
                        }
                      },
                      "siderolabs/crun": {
                        "resolved": "ghcr.io/siderolabs/crun:1.24",
                        "digest": "DIGEST",
                        "size": N
                      }
                    }
                  }
                }
                """, shape);
    }

    @Test
    void aPlanUsesTheLockAndNoNetwork() throws Exception {
        world.index("registry.test/acme/both:v2", "both");
        Path unit = world.images("artifacts/images", CRUN, HELLO + ", \"registry.test/acme/both:v2\"");
        run(world.tree(), "lock");
        String hello = locked("registry.test/acme/hello:v1");
        world.image("registry.test/acme/hello:v1", "moved");
        world.close();
        Run plan = run(unit, "plan");
        assertEquals(0, plan.code(), plan::err);
        assertEquals("", plan.err());
        assertTrue(plan.out().contains("registry.test/acme/hello  v1@" + hello + "\n"), plan::out);
        assertEquals(
                """
                from talos.lock.json ghcr.io/siderolabs/imager:v1.11.5 = %s
                from talos.lock.json ghcr.io/siderolabs/installer-base:v1.11.5 = %s
                from talos.lock.json siderolabs/crun = %s
                from talos.lock.json registry.test/acme/hello:v1 = %s
                from talos.lock.json registry.test/acme/both:v2 = %s""".formatted(
                                locked("ghcr.io/siderolabs/imager:v1.11.5"),
                                locked("ghcr.io/siderolabs/installer-base:v1.11.5"),
                                locked("siderolabs/crun"),
                                hello,
                                locked("registry.test/acme/both:v2")),
                fromLock(plan));
    }

    @Test
    void aCheckReportsWhatMovedAndWhatVanished() throws Exception {
        Path unit = world.images("artifacts/images", CRUN, HELLO);
        run(world.tree(), "lock");
        assertEquals(
                new Run(0, lockFile() + ": 4 references, everything is as locked\n", ""),
                quiet(run(unit, "lock", "--check")));
        String hello = locked("registry.test/acme/hello:v1");
        String imager = locked("ghcr.io/siderolabs/imager:v1.11.5");
        Sha256 moved = world.image("registry.test/acme/hello:v1", "moved");
        world.delete("siderolabs/imager", Sha256.parse(imager));
        assertEquals("""
                6
                error: the lock is out of date for ghcr.io/siderolabs/imager:v1.11.5, Talos v1.11.5
                  why:   %s is gone
                  try:   restore it there, or lock the present image: talos-forge lock --update ghcr.io/siderolabs/imager:v1.11.5
                error: the lock is out of date for registry.test/acme/hello:v1, Talos v1.11.5
                  why:   it was %s and is now %s
                  try:   restore it there, or lock the present image: talos-forge lock --update registry.test/acme/hello:v1
                """.formatted(imager, hello, moved), problems(run(unit, "lock", "--check")));
        world.delete("acme/hello", Sha256.parse(hello));
        assertTrue(run(unit, "lock", "--check")
                .err()
                .contains("it was %s and is now %s; the old one is gone\n".formatted(hello, moved)));
    }

    /** Without the lines that say how far a command is. */
    private static Run quiet(Run run) {
        return new Run(run.code(), run.out(), run.code() == 0 ? "" : run.err());
    }

    @Test
    void aCheckReportsWhereTheCatalogueHasAnotherImage() throws Exception {
        world.images("artifacts/images", CRUN, "");
        run(world.tree(), "lock");
        String old = locked("siderolabs/crun");
        Sha256 next = world.image("ghcr.io/siderolabs/crun:1.25", "newer");
        world.catalogue("ghcr.io/siderolabs/crun:1.25@" + next);
        assertEquals("""
                6
                error: the lock is out of date for siderolabs/crun, Talos v1.11.5
                  why:   it was ghcr.io/siderolabs/crun:1.24@%s and is now ghcr.io/siderolabs/crun:1.25@%s
                  try:   restore it there, or lock the present image: talos-forge lock --update siderolabs/crun
                """.formatted(old, next), problems(run(world.tree(), "lock", "--check")));
    }

    @Test
    void aCheckReportsWhatTheLockDoesNotHave() throws Exception {
        world.images("artifacts/images", CRUN, "");
        assertEquals("""
                2
                error: cannot check the lock %s
                  why:   there is no such file
                  try:   run: talos-forge lock
                """.formatted(lockFile()), problems(run(world.tree(), "lock", "--check")));
        run(world.tree(), "lock");
        world.images("artifacts/images", CRUN, HELLO);
        assertEquals("""
                2
                error: the lock is incomplete: registry.test/acme/hello:v1, Talos v1.11.5
                  why:   the tree names it, but it is not in the lock %s
                  try:   run: talos-forge lock
                """.formatted(lockFile()), problems(run(world.tree(), "lock", "--check")));
    }

    @Test
    void aRegistryThatDoesNotAnswerIsNoMovedTag() throws Exception {
        world.images("artifacts/images", "", HELLO);
        run(world.tree(), "lock");
        world.close();
        Run check = run(world.tree(), "lock", "--check");
        assertEquals(7, check.code(), check::err);
        assertFalse(check.err().contains("does not hold"), check::err);
    }

    @Test
    void anUpdateLooksUpTheNamedImagesAndShowsTheDifference() throws Exception {
        Path unit = world.images("artifacts/images", CRUN, HELLO);
        run(world.tree(), "lock");
        String hello = locked("registry.test/acme/hello:v1");
        String imager = locked("ghcr.io/siderolabs/imager:v1.11.5");
        Sha256 nextHello = world.image("registry.test/acme/hello:v1", "moved");
        Sha256 nextImager = world.image("ghcr.io/siderolabs/imager:v1.11.5", "moved, too");
        assertEquals(new Run(0, lockFile() + ": 4 references, no changes\n", ""), run(unit, "lock"));
        assertEquals(
                new Run(0, """
                Talos v1.11.5
                  ~ registry.test/acme/hello:v1: %s -> %s
                %s: 4 references, 1 change
                """.formatted(hello, nextHello, lockFile()), ""), run(unit, "lock", "--update", "hello"));
        assertEquals(imager, locked("ghcr.io/siderolabs/imager:v1.11.5"));
        assertEquals(
                """
                {"file":"%s","written":true,"reference_count":4,"changes":[{"change":"moved","talos_version":"v1.11.5",\
                "reference":"ghcr.io/siderolabs/imager:v1.11.5","before":"%s","after":"%s"}],"not_locked":[]}
                """.formatted(lockFile(), imager, nextImager),
                run(unit, "lock", "--update", "--json").out());
        world.images("artifacts/images", CRUN, "");
        assertEquals(
                "  - registry.test/acme/hello:v1 = " + nextHello,
                run(unit, "lock").out().lines().skip(1).findFirst().orElse(""));
    }

    @Test
    void aNameToUpdateIsOneOfTheTree() throws Exception {
        Path unit = world.images("artifacts/images", CRUN, HELLO + ", \"registry.test/other/hello:v1\"");
        world.image("registry.test/other/hello:v1", "other");
        assertEquals("""
                2
                error: cannot update "hello"
                  why:   the name matches several images of the tree: registry.test/acme/hello, registry.test/other/hello
                  try:   write one of them out
                """, problems(run(unit, "lock", "--update", "hello")));
        assertEquals("""
                2
                error: cannot update "crum"
                  why:   the tree names no such image
                  try:   did you mean "crun"?
                """, problems(run(unit, "lock", "--update", "crum")));
        assertEquals("""
                2
                error: cannot update "installer"
                  why:   the tree names no such image
                  try:   did you mean "ghcr.io/siderolabs/installer-base"?
                """, problems(run(unit, "lock", "--update", "installer")));
        assertEquals("""
                2
                error: cannot lock only hello
                  why:   names need --update
                """, problems(run(unit, "lock", "hello")));
        assertEquals("""
                2
                error: cannot use --check with --update or --print-hcl
                  why:   --check neither changes nor prints anything
                """, problems(run(unit, "lock", "--check", "--update")));
        assertTrue(Files.notExists(lockFile()));
    }

    @Test
    void aNameOfTheCatalogueIsOneExtension() throws Exception {
        Path unit =
                world.images("artifacts/images", "\"nvidia-open\", \"siderolabs/qemu-guest\", \"crum\", \"xyz\"", "");
        String expected = """
                2
                error: cannot find the official extension siderolabs/nvidia-open
                  why:   the name matches several extensions of ghcr.io/siderolabs/extensions:v1.11.5: \
                siderolabs/nvidia-open-lts, siderolabs/nvidia-open-production
                  try:   write one of them out
                error: cannot find the official extension siderolabs/qemu-guest
                  why:   ghcr.io/siderolabs/extensions:v1.11.5 has no such extension
                  try:   did you mean "siderolabs/qemu-guest-agent"?
                error: cannot find the official extension siderolabs/crum
                  why:   ghcr.io/siderolabs/extensions:v1.11.5 has no such extension
                  try:   did you mean "siderolabs/crun"?
                error: cannot find the official extension siderolabs/xyz
                  why:   ghcr.io/siderolabs/extensions:v1.11.5 has no such extension
                  try:   give the image itself: REGISTRY/NAME:TAG
                """;
        assertEquals(expected, problems(run(unit, "plan")));
        Run lock = run(unit, "lock");
        assertEquals(
                expected.lines()
                        .filter(line -> line.startsWith("error"))
                        .sorted()
                        .toList(),
                lock.err()
                        .lines()
                        .filter(line -> line.startsWith("error"))
                        .sorted()
                        .toList());
        assertEquals(2, lock.code());
        assertTrue(Files.notExists(lockFile()));
    }

    @Test
    void withoutALockNamesAreLookedUpInTheCatalogue() throws Exception {
        Path unit = world.images("artifacts/images", "\"qemu-guest-agent\", " + CRUN, "");
        Run plan = run(unit, "plan");
        assertEquals(0, plan.code(), plan::err);
        assertTrue(plan.out().contains("extension ghcr.io/siderolabs/qemu-guest-agent  10.0.2@sha256:"), plan::out);
        assertTrue(plan.out().contains("extension ghcr.io/siderolabs/crun              1.24@sha256:"), plan::out);
        assertFalse(plan.err().contains("warning"), plan::err);
        assertEquals("", fromLock(plan));
    }

    @Test
    void theTreesDigestAndTheLocksMayNotDiffer() throws Exception {
        Path unit = world.images("artifacts/images", "", HELLO);
        run(world.tree(), "lock");
        String hello = locked("registry.test/acme/hello:v1");
        world.images("artifacts/images", "", "\"registry.test/acme/hello:v1@%s\"".formatted(hello));
        assertEquals(0, run(unit, "--locked", "plan").code());
        Sha256 other = world.image("registry.test/acme/hello:v1", "moved");
        world.images("artifacts/images", "", "\"registry.test/acme/hello:v1@%s\"".formatted(other));
        assertEquals("""
                2
                error: cannot use registry.test/acme/hello:v1@%s
                  why:   the lock %s has %s for it
                  try:   write that digest, or put the tree's into the lock: talos-forge lock
                """.formatted(other, lockFile(), hello), problems(run(unit, "plan")));
        assertEquals("""
                2
                error: the lock contradicts the tree for registry.test/acme/hello:v1@%s, Talos v1.11.5
                  why:   the lock %s has %s for it
                  try:   write that digest, or put the tree's into the lock: talos-forge lock
                """.formatted(other, lockFile(), hello), problems(run(unit, "lock", "--check")));
        assertEquals(0, run(unit, "lock").code());
        assertEquals(0, run(unit, "plan").code());
        assertFalse(world.lock().contains(hello), () -> hello);
    }

    @Test
    void whatIsNotLockedIsAWarningAndAnErrorWhereTheLockIsRequired() throws Exception {
        Path unit = world.images("artifacts/images", CRUN, "");
        assertEquals("""
                2
                error: cannot use the lock %s
                  why:   the file does not exist, but --locked requires it
                  try:   run: talos-forge lock
                """.formatted(lockFile()), problems(run(unit, "plan", "--locked")));
        run(world.tree(), "lock");
        world.images("artifacts/images", CRUN, HELLO);
        Run plan = run(unit, "plan");
        assertEquals(0, plan.code(), plan::err);
        assertTrue(
                only(plan, "not in the lock")
                        .endsWith(
                                "registry.test/acme/hello:v1 is not in the lock %s for Talos v1.11.5; add it with: talos-forge lock"
                                        .formatted(lockFile())),
                plan::err);
        assertEquals("""
                2
                error: cannot use registry.test/acme/hello:v1
                  why:   it is not in the lock %s for Talos v1.11.5, but --locked requires it
                  try:   run: talos-forge lock
                """.formatted(lockFile()), problems(run(unit, "plan", "--locked")));
    }

    @Test
    void theLinesToPasteHaveTheDigests() throws Exception {
        Path unit = world.images("artifacts/images", CRUN + ", \"ghcr.io/siderolabs/qemu-guest-agent:10.0.2\"", HELLO);
        Run printed = run(unit, "lock", "--print-hcl");
        assertTrue(Files.notExists(lockFile()));
        run(unit, "lock");
        assertEquals(
                """
                # artifacts/images
                imager_image = "ghcr.io/siderolabs/imager:v1.11.5@%s"
                base_installer_image = "ghcr.io/siderolabs/installer-base:v1.11.5@%s"
                official_extensions = [
                  "ghcr.io/siderolabs/crun:1.24@%s", # siderolabs/crun
                  "ghcr.io/siderolabs/qemu-guest-agent:10.0.2@%s",
                ]
                custom_extensions = [
                  "registry.test/acme/hello:v1@%s",
                ]
                """.formatted(
                                locked("ghcr.io/siderolabs/imager:v1.11.5"),
                                locked("ghcr.io/siderolabs/installer-base:v1.11.5"),
                                locked("siderolabs/crun"),
                                locked("ghcr.io/siderolabs/qemu-guest-agent:10.0.2"),
                                locked("registry.test/acme/hello:v1")),
                printed.out());
    }

    @Test
    void whatAnotherUnitGivesIsPinnedByItsOutputs() throws Exception {
        world.unit("artifacts/extension", """
                terraform { source = "../../modules/talos_extension" }
                inputs = {
                  name               = "hello"
                  version            = "v1"
                  extension_registry = "registry.test/acme/hello"
                }
                """);
        Path unit = world.unit("artifacts/images", """
                terraform { source = "../../modules/talos_images" }
                dependency "extension" {
                  config_path  = "../extension"
                  mock_outputs = { extension_image = "registry.test/acme/mock:v1" }
                }
                inputs = {
                  talos_version      = "v1.11.5"
                  installer_registry = "registry.test/acme/installer"
                  custom_extensions  = [dependency.extension.outputs.extension_image, "registry.test/acme/other:v1"]
                }
                """);
        Sha256 hello = world.image("registry.test/acme/hello:v1", "hello");
        world.image("registry.test/acme/other:v1", "other");
        Files.writeString(world.tree().resolve("artifacts/extension/terraform.tfstate"), """
                {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "a", "resources": [], "outputs": \
                {"extension_image": {"type": "string", "value": "registry.test/acme/hello:v1@%s"}}}
                """.formatted(hello));
        assertEquals(
                """
                not locked, because it comes from another unit or a program: artifacts/images: custom_extensions
                %s: 3 references, 3 changes""".formatted(lockFile()),
                run(unit, "lock").out().lines().skip(4).collect(Collectors.joining("\n")));
        String lock = world.lock();
        assertFalse(lock.contains("acme/hello") || lock.contains("acme/mock"), () -> lock);
        Run plan = run(unit, "plan", "--locked");
        assertEquals(0, plan.code(), plan::err);
        assertTrue(plan.out().contains("v1@" + hello), plan::out);
        assertEquals("", only(plan, "not in the lock"));
    }

    @Test
    void anImageOnDiskIsNotLocked() throws Exception {
        Path unit = world.images("artifacts/images", CRUN, "\"oci:build\", \"docker-archive:a.tar\"");
        assertEquals(
                lockFile() + ": 3 references, 3 changes",
                run(unit, "lock").out().lines().skip(4).collect(Collectors.joining("\n")));
        String lock = world.lock();
        assertFalse(lock.contains("oci") || lock.contains("archive"), () -> lock);
    }

    @Test
    void anotherTalosHasASectionOfItsOwn() throws Exception {
        Path unit = world.images("artifacts/images", "", HELLO);
        world.image("ghcr.io/siderolabs/imager:v1.12.0", "imager 1.12");
        world.image("ghcr.io/siderolabs/installer-base:v1.12.0", "base 1.12");
        run(unit, "lock");
        String shared = world.lock();
        assertEquals(0, run(unit, "lock", "--var", "talos_version=v1.12.0").code());
        String both = world.lock();
        assertTrue(both.contains("\"v1.11.5\": {") && both.contains("\"v1.12.0\": {"), () -> both);
        assertEquals(
                0,
                run(unit, "plan", "--locked", "--var", "talos_version=v1.12.0").code());
        assertEquals(0, run(unit, "plan", "--locked").code());
        run(unit, "lock");
        assertEquals(shared, world.lock());
    }

    @Test
    void theLockIsInTheRepositoryOrWhereTheOptionPutsIt() throws Exception {
        Files.delete(world.tree().resolve("common"));
        Files.createDirectories(folder.resolve(".git"));
        Path unit = world.images("artifacts/images", "", HELLO);
        assertEquals(0, run(unit, "lock").code());
        Path own = folder.toRealPath().resolve("talos.lock.json");
        assertTrue(Files.isRegularFile(own));
        Path given = folder.toRealPath().resolve("elsewhere/my.json");
        assertEquals(0, run(unit, "lock", "--lock-file", given.toString()).code());
        assertEquals(Files.readString(own), Files.readString(given));
        Files.delete(own);
        assertTrue(fromLock(run(unit, "plan", "--lock-file", given.toString())).startsWith("from my.json ghcr.io/"));
    }

    @Test
    void unitsOfSeveralTreesAreNotLockedTogether() throws Exception {
        Path tree = folder.toRealPath();
        world.images("a/images", "", HELLO);
        world.images("b/images", "", HELLO);
        Files.createDirectories(world.tree().resolve("a/common"));
        assertEquals(
                """
                2
                error: cannot lock the units below %s
                  why:   they belong to several trees: %s, %s
                  try:   specify one of them: talos-forge -C DIR lock
                """.formatted(tree.resolve("live"), tree.resolve("live"), tree.resolve("live/a")),
                problems(run(world.tree(), "lock")));
        assertEquals(0, run(world.tree().resolve("a"), "lock").code());
        assertTrue(Files.isRegularFile(world.tree().resolve("a/talos.lock.json")));
    }

    @Test
    void aTreeThatNamesNoImageIsReported() throws Exception {
        world.unit("cluster", "terraform { source = \"git::https://git.test/x.git//modules/talos_cluster\" }\n");
        assertEquals("""
                2
                error: cannot lock %s
                  why:   no unit of the tree names an image
                """.formatted(world.tree()), problems(run(world.tree(), "lock")));
    }

    @Test
    void aFileThatIsNoLockIsReported() throws Exception {
        Path unit = world.images("artifacts/images", "", HELLO);
        Files.writeString(lockFile(), "{\"format\": 2, \"talos\": {}}");
        assertEquals("""
                2
                error: cannot use the lock %s
                  why:   its format is 2, expected 1: a newer Talos Forge wrote it
                  try:   restore it, or remove it and run: talos-forge lock
                """.formatted(lockFile()), problems(run(unit, "plan")));
        Files.writeString(lockFile(), "{\"format\": 1,\n<<<<<<< HEAD\n\"talos\": {}\n=======\n>>>>>>> other\n}\n");
        assertEquals("""
                2
                error: cannot use the lock %1$s
                  why:   JSON at offset 14 (0xe): has an unresolved git conflict from line 2 on
                  try:   choose one side, then check it: git checkout --theirs -- '%1$s' && talos-forge lock
                """.formatted(lockFile()), problems(run(unit, "plan")));
        Files.writeString(lockFile(), "<<<<<<< HEAD\n");
        assertEquals(2, run(unit, "lock").code());
        assertEquals("<<<<<<< HEAD\n", world.lock());
        assertEquals(
                """
                its format number is missing
                its member "talos" is missing
                "v1" is not an object
                "a/b:1" is not an object
                "sha256:00" is not a digest
                "a/b:1" has no digest or no size
                not an image reference: "A B": "library/A B" is not a repository name: use lower-case letters and \
                digits, with . _ - between them
                "a/b@sha256:%1$s" has the digest sha256:%2$s
                """.formatted("1".repeat(64), "0".repeat(64)),
                whyNot(unit, "{}")
                        + whyNot(unit, "{\"format\": 1}")
                        + whyNot(unit, "{\"format\": 1, \"talos\": {\"v1\": 1}}")
                        + whyNot(unit, locking("a/b:1", "1"))
                        + whyNot(unit, locking("a/b:1", "{\"digest\": \"sha256:00\", \"size\": 1}"))
                        + whyNot(unit, locking("a/b:1", "{\"size\": 1}"))
                        + whyNot(unit, locking("A B", ZEROS))
                        + whyNot(unit, locking("a/b@sha256:" + "1".repeat(64), ZEROS)));
    }

    private static final String ZEROS = "{\"digest\": \"sha256:%s\", \"size\": 1}".formatted("0".repeat(64));

    private static String locking(String reference, String pin) {
        return "{\"format\": 1, \"talos\": {\"v1\": {\"%s\": %s}}}".formatted(reference, pin);
    }

    private String whyNot(Path unit, String lock) throws IOException {
        Files.writeString(lockFile(), lock);
        List<String> lines = problems(run(unit, "plan")).lines().toList();
        assertEquals(List.of("2", "error: cannot use the lock " + lockFile()), lines.subList(0, 2));
        return lines.get(2).replace("  why:   ", "") + "\n";
    }

    @Test
    void aCatalogueThatIsInvalidIsReported() throws Exception {
        Path unit = world.images("artifacts/images", CRUN, "");
        world.catalogue("ghcr.io/siderolabs/crun:1.24@sha256:zz");
        assertEquals("""
                4
                error: cannot use the catalogue ghcr.io/siderolabs/extensions:v1.11.5
                  why:   line 1 of image-digests: not an image reference: "ghcr.io/siderolabs/crun:1.24@sha256:zz": \
                "sha256:zz" is not a digest like sha256:…
                """, problems(run(unit, "plan")));
        world.image("ghcr.io/siderolabs/extensions:v1.11.5", "none");
        assertEquals("""
                4
                error: cannot use the catalogue ghcr.io/siderolabs/extensions:v1.11.5
                  why:   the image has no file image-digests
                """, problems(run(unit, "lock")));
    }

    @Test
    void whatIsNoImageIsReportedAndNotLocked() throws Exception {
        Path unit = world.images("artifacts/images", "\"A B\"", "");
        Run lock = run(unit, "lock");
        assertEquals(2, lock.code());
        assertTrue(lock.err().contains("not an image reference: \"A B\""), lock::err);
        assertTrue(Files.notExists(lockFile()));
    }

    @Test
    void severalRunsAtOnceLeaveAWholeLock() throws Exception {
        world.images("artifacts/images", CRUN, HELLO);
        List<Callable<Run>> work = new ArrayList<>();
        for (int at = 0; at < 4; at++) {
            work.add(() -> run(world.tree(), "lock", "--update"));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
            for (Future<Run> run : threads.invokeAll(work)) {
                assertEquals(0, run.get().code(), run.get()::err);
            }
        }
        assertEquals(0, run(world.tree(), "lock", "--check").code());
        try (var files = Files.list(world.tree())) {
            assertEquals(
                    List.of("artifacts", "common", "talos.lock.json"),
                    files.map(file -> String.valueOf(file.getFileName()))
                            .sorted()
                            .toList());
        }
    }
}
