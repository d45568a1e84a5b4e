package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.engine.Event;
import dev.talosforge.pipeline.apply.PlannedUnit;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.pipeline.stage.upload.UploadStage;
import dev.talosforge.provenance.StagePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of units whose dependencies are not applied yet, or will change. */
class PlanForeseesTest {
    private static final String EXTENSION = """
            terraform { source = "../modules/talos_extension" }
            inputs = {
              name               = "hello"
              version            = "%s"
              extension_registry = "oci:out"
              sources            = [{ files = { "usr/local/share/hello.txt" = "%s" } }]
            }
            """;

    private static final String UPLOAD = """
            dependency "a" {
              config_path = "../a"
              %s
            }
            terraform { source = "../modules/talos_proxmox_upload" }
            inputs = {
              iso_path             = "${dependency.a.outputs.extension_digest}.iso"
              iso_name             = "a.iso"
              proxmox_datastore_id = "resources"
              proxmox_node_names   = ["pve01"]
              talos_version        = dependency.a.outputs.extension_version
            }
            """;

    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path folder = Path.of("");

    private Path tree = Path.of("");

    @BeforeEach
    void makeTree() throws Exception {
        tree = Files.createDirectories(folder.toRealPath().resolve("tree"));
    }

    private Forge forge() throws Exception {
        return new Forge(
                ContextSample.in(folder, events), RunSettings.plain(Map.of(), () -> Instant.ofEpochSecond(1000)));
    }

    private Path unit(String name, String text) throws Exception {
        Path unit = Files.createDirectories(tree.resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), text);
        return unit;
    }

    private static String reported(PlannedUnit planned) {
        StagePlan plan = planned.plan();
        assertNotNull(plan, planned.result()::toString);
        StringBuilder text = new StringBuilder();
        text.append("%s %s waits for %s: %s\n"
                .formatted(
                        plan.unit(),
                        plan.basis(),
                        plan.waitsFor(),
                        planned.result().because()));
        plan.lines().forEach(line -> text.append("  %s = %s\n".formatted(line.name(), line.value())));
        plan.changes().forEach(change -> text.append("  ~ %s %s\n".formatted(change.what(), change.text())));
        return text.toString();
    }

    private String planOf(Path unit) throws Exception {
        return reported(forge().plan(unit)).replace(tree.toString(), "TREE");
    }

    private List<String> planAll() throws Exception {
        return forge().planAll(tree, RunQueue.all(1)).stream()
                .map(planned -> reported(planned).replace(tree.toString(), "TREE"))
                .toList();
    }

    /** With mocks and without: neither is shown as if it were real, and the plan is there. */
    @Test
    void whatIsNotAppliedYetIsKnownAfterApply() throws Exception {
        unit("a", EXTENSION.formatted("v1.0.0", "one"));
        String expected = """
                b NEVER_APPLIED waits for [../a]: never applied, waits for ../a
                  ISO = (known after apply)
                  content = (known after apply)
                  volume = resources:iso/a.iso
                  nodes = pve01
                  output talos_version = (known after apply)
                """;
        Path without = unit("b", UPLOAD.formatted(""));
        assertEquals(expected, planOf(without));
        Path with = unit(
                "c", UPLOAD.formatted("mock_outputs = { extension_digest = \"mock\", extension_version = \"v0\" }"));
        assertEquals(expected.replaceFirst("^b", "c"), planOf(with));
        StagePlan plan = forge().plan(with).plan();
        assertNotNull(plan);
        assertTrue(plan.hasChanges());
        assertTrue(plan.toJson().compact().contains("\"waits_for\":[\"../a\"]"), plan::toString);
    }

    /** Items of lists that are known are resolved as ever. */
    @Tag("reference")
    @Test
    void aListIsKnownInPart() throws Exception {
        unit("a", EXTENSION.formatted("v1.0.0", "one"));
        DiskWorld.in(tree);
        Path images = unit("images", """
                dependency "a" {
                  config_path  = "../a"
                  mock_outputs = { extension_image = "ghcr.io/acme/mock:v1" }
                }
                terraform { source = "../modules/talos_images" }
                inputs = {
                  %s
                  installer_registry = "oci:out"
                  custom_extensions  = ["oci:../world:hello", dependency.a.outputs.extension_image]
                }
                """.formatted(DiskWorld.images("")));
        String reported = planOf(images);
        assertTrue(
                reported.startsWith("images NEVER_APPLIED waits for [../a]: never applied, waits for ../a\n"),
                reported);
        assertTrue(reported.contains("  custom extension oci:TREE/world = hello@sha256:"), reported);
        assertTrue(reported.endsWith("  custom_extensions[1] = (known after apply)\n"), reported);
    }

    /** Too little is known for a plan: the inputs themselves are told. */
    @Test
    void anInputThatDecidesEverythingIsKnownAfterApply() throws Exception {
        unit("a", EXTENSION.formatted("v1.0.0", "one"));
        Path images = unit("images", """
                dependency "a" { config_path = "../a" }
                terraform { source = "../modules/talos_images" }
                inputs = {
                  installer_registry = "oci:out"
                  talos_version      = dependency.a.outputs.extension_version
                }
                """);
        assertEquals("""
                images NEVER_APPLIED waits for [../a]: never applied, waits for ../a
                  installer_registry = oci:out
                  talos_version = (known after apply)
                """, planOf(images));
    }

    /** What is wrong with the rest is an error all the same. */
    @Test
    void aMistakeIsNotHidden() throws Exception {
        unit("a", EXTENSION.formatted("v1.0.0", "one"));
        Path images = unit("images", """
                dependency "a" { config_path = "../a" }
                terraform { source = "../modules/talos_images" }
                inputs = {
                  installer_registry = "oci:out"
                  talos_version      = dependency.a.outputs.extension_version
                  squashfs_compression = "lzo"
                }
                """);
        UnitResult result = forge().plan(images).result();
        assertEquals(
                List.of("it is \"lzo\", neither xz nor zstd"),
                result.problems().stream().map(problem -> problem.why()).toList());
    }

    /** A dependent changes with what it needs; what is known of the new outputs is shown. */
    @Test
    void aDependentWillChange() throws Exception {
        Path a = unit("a", EXTENSION.formatted("v1.0.0", "one"));
        unit("b", UPLOAD.formatted(""));
        UnitResult applied = forge().apply(a);
        assertEquals(UnitResult.Ending.APPLIED, applied.ending(), applied::toString);
        Path b = tree.resolve("b");
        recordUpload(b);
        assertEquals(
                "b LAST_APPLY waits for []: no changes",
                planAll().get(1).lines().findFirst().orElse(""));

        unit("a", EXTENSION.formatted("v1.1.0", "two"));
        String reported = planAll().get(1);
        assertEquals(
                "b LAST_APPLY waits for [a]: 1 change, waits for a",
                reported.lines().findFirst().orElse(""));
        assertTrue(
                reported.endsWith("  ~ output talos_version v1.0.0 -> v1.1.0\n  ~ ISO -> (known after apply)\n"),
                reported);

        unit("a", EXTENSION.formatted("v1.0.0", "two"));
        reported = planAll().get(1);
        assertEquals(
                "b LAST_APPLY waits for [a]: will change, because a does",
                reported.lines().findFirst().orElse(""));
        assertTrue(
                reported.endsWith("  nodes = pve01\n  output talos_version = v1.0.0\n  ~ ISO -> (known after apply)\n"),
                reported);
    }

    /** As an apply leaves it, of which there is none without a Proxmox. */
    private void recordUpload(Path unit) throws Exception {
        TreeSession session = TreeSession.atOne(
                unit,
                "plan",
                dev.talosforge.config.unit.MockPolicy.MOCKS_ALLOWED,
                RunSettings.plain(Map.of(), () -> Instant.ofEpochSecond(1000)));
        Stage stage = Stage.of(session.evaluate(session.tree().nodes().getFirst()), new java.util.TreeMap<>());
        UploadStage upload = new UploadStage(
                ContextSample.in(folder, events),
                "b",
                UploadInputs.read(stage.given().reader()));
        upload.describe(upload.content()).write(unit.resolve("terraform.tfstate"), null);
    }
}
