package dev.talosforge.config.terragrunt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.unit.Dependency;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.OutputsSource;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole tree: shared versions and schematic, three artifact units and two clusters that use them. */
class SharedArtifactsTreeTest {
    @TempDir
    Path folder;

    private Path live;

    @BeforeEach
    void copyTree() throws IOException {
        Path root = folder.toRealPath();
        Path from = Path.of("core/src/test/resources/trees/shared-artifacts");
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path to = root.resolve(from.relativize(file));
                Files.createDirectories(FileContext.parent(to));
                Files.copy(file, to);
                return FileVisitResult.CONTINUE;
            }
        });
        Files.createDirectory(root.resolve(".git"));
        live = root.resolve("live");
    }

    private Unit unit(Workspace workspace, String name) {
        return workspace.evaluate(live.resolve(name));
    }

    private static String json(Unit unit, String input) {
        Value value = unit.inputs().get(input);
        return value == null ? "missing" : dev.talosforge.config.hcl.value.ValueText.json(value);
    }

    @Test
    void findsEveryUnit() {
        Workspace workspace = Workspace.open(live, EvaluationSettings.validating(Map.of()));
        assertEquals(
                List.of(
                        "artifacts/extension",
                        "artifacts/images",
                        "artifacts/registry",
                        "clusters/cluster-101/compute",
                        "clusters/cluster-101/config",
                        "clusters/cluster-102/compute",
                        "clusters/cluster-102/config"),
                workspace.evaluateAll().stream().map(Unit::name).toList());
        assertEquals(7 + 1 + 3 + 2, workspace.parsedFiles());
    }

    @Test
    void imagesGetVersionsAndSchematic() {
        Unit images = unit(Workspace.open(live, EvaluationSettings.validating(Map.of())), "artifacts/images");
        assertEquals("talos_images", images.module());
        assertEquals("\"v1.11.5\"", json(images, "talos_version"));
        assertEquals("\"1.31.4\"", json(images, "kubernetes_version"));
        assertEquals("\"ghcr.io/sulibot/talos-frr-installer\"", json(images, "installer_registry"));
        assertEquals("\"v1.11.5\"", json(images, "installer_tag"));
        assertEquals("\"talos-frr-v1.11.5-nocloud-amd64.iso\"", json(images, "iso_name"));
        assertEquals("\"" + folder.toAbsolutePath() + "/build/talos-iso\"", json(images, "iso_output_dir"));
        assertEquals(
                "[\"ghcr.io/siderolabs/crun:1.24\",\"ghcr.io/siderolabs/ctr:v2.1.5\","
                        + "\"ghcr.io/siderolabs/intel-ucode:20250812\",\"ghcr.io/siderolabs/qemu-guest-agent:10.0.2\"]",
                json(images, "official_extensions"));
        assertEquals(
                "[\"ghcr.io/sulibot/frr-talos-extension:v1.0.18@sha256:" + "b6cd79ca".repeat(8) + "\"]",
                json(images, "custom_extensions"));
        assertEquals(
                "[\"-init_on_alloc\",\"init_on_alloc=0\",\"console=tty0\",\"console=ttyS0\"]",
                json(images, "kernel_args"));
        assertEquals(
                "local",
                images.remoteState() == null ? "" : images.remoteState().backend());
        assertEquals(
                Value.of(live + "/../state/artifacts/images/terraform.tfstate"),
                images.remoteState() == null
                        ? null
                        : images.remoteState().config().get("path"));
        assertEquals(1, images.notes().size(), images.notes()::toString);
        assertTrue(images.places().containsKey("talos_version"));
        assertEquals(
                Value.of("v9"),
                unit(
                                Workspace.open(live, EvaluationSettings.validating(Map.of("INSTALLER_TAG", "v9"))),
                                "artifacts/images")
                        .inputs()
                        .get("installer_tag"));
    }

    @Test
    void mocksStandInAndAreNamed() {
        Unit registry = unit(Workspace.open(live, EvaluationSettings.validating(Map.of())), "artifacts/registry");
        assertEquals(List.of("images"), registry.mockedDependencies());
        assertEquals("\"mock.iso\"", json(registry, "iso_name"));
        assertEquals("[\"pve01\",\"pve02\",\"pve03\"]", json(registry, "proxmox_node_names"));
        assertEquals("talos_proxmox_upload", registry.module());
    }

    @Test
    void mocksNeverReachAnApply() {
        Workspace workspace = Workspace.open(
                live, EvaluationSettings.applying(Map.of(), OutputsSource.none(), ProgramRunner.refused()));
        BuildException failure = assertThrows(BuildException.class, () -> unit(workspace, "artifacts/registry"));
        assertEquals(1, failure.problems().size(), failure::getMessage);
        Problem problem = failure.problems().getFirst();
        assertEquals("dependency \"images\" has no outputs yet", problem.what());
        assertEquals("nothing is recorded for artifacts/images", problem.why());
        assertEquals("run: apply in " + live.resolve("artifacts/images"), String.valueOf(problem.remedy()));
    }

    @Test
    void recordedOutputsAreUsed() {
        OutputsSource recorded = (unit, home) -> new TreeMap<>(Map.of(
                "iso_path", Value.of("/real.iso"),
                "iso_name", Value.of("real.iso"),
                "talos_version",
                        Value.of(home.remote() == null ? "?" : home.remote().backend())));
        Unit registry = unit(
                Workspace.open(live, EvaluationSettings.applying(Map.of(), recorded, ProgramRunner.refused())),
                "artifacts/registry");
        assertEquals(List.of(), registry.mockedDependencies());
        assertEquals("\"real.iso\"", json(registry, "iso_name"));
        assertEquals("\"local\"", json(registry, "talos_version"));
    }

    @Test
    void clustersDependOnArtifacts() {
        Unit compute =
                unit(Workspace.open(live, EvaluationSettings.validating(Map.of())), "clusters/cluster-102/compute");
        assertEquals(
                List.of(live.resolve("artifacts/registry"), live.resolve("clusters/cluster-102/config")),
                compute.dependencies().stream().map(Dependency::directory).toList());
        assertEquals("\"resources:iso/mock.iso\"", json(compute, "file_id"));
    }
}
