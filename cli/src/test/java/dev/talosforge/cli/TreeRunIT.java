package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole tree with a real registry: before the first apply, after it, and with another Talos beside the shared one.
 */
@Tag("registry")
class TreeRunIT {
    @TempDir
    static @Nullable Path folder;

    private static @Nullable SmallWorld world;

    private record Run(int code, String out, String err) {}

    private static SmallWorld world() {
        assertNotNull(world);
        return world;
    }

    @BeforeAll
    static void start() throws Exception {
        assertNotNull(folder);
        world = SmallWorld.in(folder);
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.registry().close();
        }
    }

    private static Run run(Path tree, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        SortedMap<String, String> environment =
                world().environment(world().folder().resolve("store"));
        List<String> all = new ArrayList<>(List.of("-C", tree.toString()));
        all.addAll(List.of(arguments));
        int code = Main.run(
                all.toArray(String[]::new),
                new ProcessEnvironment(
                        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, false));
        return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private static Path tree(String name) throws IOException {
        Path tree = Files.createDirectories(world().folder().resolve(name));
        write(tree.resolve("extension/terragrunt.hcl"), """
                terraform { source = "../modules/talos_extension" }
                inputs = {
                  name               = "greeter"
                  version            = "v1.0.0"
                  extension_registry = "registry.test/%s/greeter"
                  sources            = [{ files = { "usr/local/share/greeter/text" = "hello" } }]
                }
                """.formatted(name));
        write(tree.resolve("images/terragrunt.hcl"), """
                dependency "extension" {
                  config_path  = "../extension"
                  mock_outputs = { extension_image = "registry.test/%1$s/greeter:mock" }
                  mock_outputs_allowed_terraform_commands = ["validate", "plan"]
                }
                terraform { source = "../modules/talos_images" }
                inputs = {
                  talos_version        = "v1.11.5"
                  installer_registry   = "registry.test/%1$s/installer"
                  custom_extensions    = [dependency.extension.outputs.extension_image]
                  imager_image         = "registry.test/talos/imager:v1.11.5"
                  base_installer_image = "registry.test/talos/installer-base:v1.11.5"
                  iso_output_dir       = "iso"
                  iso_name             = "talos-v1.11.5.iso"
                }
                """.formatted(name));
        return tree;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Times differ from run to run. */
    private static String summary(Run run) {
        String table = run.out().substring(run.out().lastIndexOf("unit  "));
        return table.replaceAll(" +[0-9]+[.][0-9] s", " T")
                .replaceAll(" +time ", " time ")
                .replaceAll(" {8,}", "  ");
    }

    @Test
    void aPlanBeforeTheFirstApplyWaitsForWhatMocksStandInFor() throws Exception {
        Path tree = tree("fresh");
        Run run = run(tree, "run-all", "plan", "--detailed-exitcode");
        assertEquals(2, run.code(), run::toString);
        assertEquals("""
                unit       result time  why
                extension  planned T  never applied
                images     planned T  never applied, waits for extension
                2 planned
                """, summary(run));
        assertTrue(run.out().contains("(known after apply)"), run::toString);
        assertFalse(run.out().contains("greeter:mock"), run::toString);
    }

    @Test
    void anotherTalosStandsBesideTheSharedOne() throws Exception {
        Path tree = tree("variants");
        assertEquals(0, run(tree, "run-all", "apply").code());
        String shared = run(tree.resolve("images"), "output").out();
        Path report = world().folder().resolve("report.json");
        Run other = run(tree, "run-all", "apply", "--var", "installer_tag=v1.11.5-test", "--report", report.toString());
        assertEquals(0, other.code(), other::toString);
        assertEquals(shared, run(tree.resolve("images"), "output").out());

        String variant = run(tree.resolve("images"), "output", "--workspace", "v1.11.5-test")
                .out();
        assertTrue(variant.contains("registry.test/variants/installer:v1.11.5-test\n"), variant);
        assertTrue(variant.contains("iso_name          talos-v1.11.5-test.iso\n"), variant);
        assertTrue(Files.exists(tree.resolve("images/iso/talos-v1.11.5.iso")));
        assertTrue(Files.exists(tree.resolve("images/iso/talos-v1.11.5-test.iso")));

        JsonObject reported = JsonReader.readObject("report", Files.readAllBytes(report));
        assertEquals("apply", reported.text("command"));
        JsonObject counts = reported.object("summary");
        assertNotNull(counts);
        assertEquals(2L, counts.whole("applied"));
        assertEquals(
                0,
                run(tree, "run-all", "plan", "--detailed-exitcode", "--var", "installer_tag=v1.11.5-test")
                        .code());
        assertEquals(0, run(tree, "run-all", "plan", "--detailed-exitcode").code());
    }

    @Test
    void aTagThatMovedIsAChange() throws Exception {
        Path tree = tree("moved");
        assertEquals(0, run(tree, "run-all", "apply").code());
        Path extension = tree.resolve("extension/terragrunt.hcl");
        Files.writeString(extension, Files.readString(extension).replace("\"hello\"", "\"other words\""));
        assertEquals(0, run(tree.resolve("extension"), "apply").code());
        Run plan = run(tree, "run-all", "plan", "--detailed-exitcode");
        assertEquals(2, plan.code(), plan::toString);
        assertTrue(
                plan.out().contains("custom extension registry.test/moved/greeter: tag v1.0.0 moved, sha256:"),
                plan::toString);
        assertTrue(summary(plan).contains("extension  planned T  no changes\n"), plan::toString);
        assertTrue(summary(plan).contains("images     planned T  1 change\n"), plan::toString);
    }
}
