package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.pipeline.LockWorld;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The images that an extension is made of in the tree's lock, against a registry. */
@Tag("registry")
class ExtensionLockTest {
    private static final String TOOL = "registry.test/acme/tool:v1";

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

    private Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all =
                new ArrayList<>(List.of("-C", world.tree().resolve("artifacts").toString()));
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

    private void unit(String version, String image) throws Exception {
        world.unit("artifacts/extension", """
                terraform { source = "../../modules/talos_extension" }
                inputs = {
                  name               = "tool"
                  version            = "%s"
                  extension_registry = "registry.test/acme/extension"
                  container          = "tool"
                  sources            = [{ image = "%s" }]
                }
                """.formatted(version, image));
    }

    private static String line(Run run, String begin) {
        return run.out()
                .lines()
                .filter(line -> line.strip().startsWith(begin))
                .map(line -> line.replaceAll(" {2,}", " ").strip())
                .findFirst()
                .orElse("");
    }

    @Test
    void anImageIsWhatTheLockSaysWhateverItsTagNames() throws Exception {
        Sha256 old = world.image(TOOL, "old");
        unit("v1.0.0", TOOL);
        Path lock = world.tree().resolve("talos.lock.json");
        Run refused = run("run-all", "plan");
        assertEquals(2, refused.code());
        assertEquals("""
                error: cannot use %s
                  why:   it has no digest
                  try:   add its digest, NAME:TAG@sha256:…, or run: talos-forge lock
                """.formatted(TOOL), refused.err().substring(refused.err().indexOf("error: ")));
        assertEquals(new Run(0, """
                        any Talos
                          + %s = %s
                        %s: 1 reference, 1 change
                        """.formatted(TOOL, old, lock), ""), run("lock"));
        String written = world.lock();
        assertTrue(written.contains("\"any\": {\n      \"" + TOOL + "\": {"), written);
        Run first = run("run-all", "apply");
        assertEquals(0, first.code(), first::err);
        assertEquals(new Run(0, lock + ": 1 reference, everything is as locked\n", ""), run("lock", "--check"));

        Sha256 next = world.image(TOOL, "new");
        Run plan = run("run-all", "plan");
        assertEquals("from talos.lock.json %s = %s".formatted(TOOL, old), line(plan, "from"));
        assertEquals("source image registry.test/acme/tool v1@" + old, line(plan, "source image"));
        Run check = run("lock", "--check");
        assertEquals(6, check.code());
        assertEquals(
                """
                error: the lock is out of date for %1$s, any Talos
                  why:   it was %2$s and is now %3$s
                  try:   restore it there, or lock the present image: talos-forge lock --update %1$s
                """.formatted(TOOL, old, next),
                check.err().substring(check.err().indexOf("error: ")));
        assertEquals("""
                # artifacts/extension
                image = "%s@%s" # sources[0]
                """.formatted(TOOL, old), run("lock", "--print-hcl").out());

        assertEquals(0, run("lock", "--update", "tool").code());
        Run changed = run("run-all", "plan", "--json");
        assertTrue(
                changed.out().contains("\"category\":\"source\",\"subject\":\"source image registry.test/acme/tool\""),
                changed::out);
        Run strict = run(
                "run-all",
                "plan",
                "--locked",
                "--lock-file",
                folder.resolve("none.json").toString());
        assertTrue(strict.err().contains("--locked requires it"), strict::err);
    }
}
