package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.config.Settings;
import dev.talosforge.config.Unit;
import dev.talosforge.config.Workspace;
import dev.talosforge.pipeline.StagePlan.Change;
import dev.talosforge.pipeline.StagePlan.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an extension's plan says about packages and files, of which it lists none until one changes. */
class ExtensionPlanTest {
    @TempDir
    private Path tree;

    private Made made() throws Exception {
        Unit unit = Workspace.open(tree, Settings.validating(Map.of())).evaluate(tree);
        ExtensionStage stage = new ExtensionStage(
                WorkshopSample.in(tree.resolve("work"), new ArrayList<>()),
                "hello",
                ExtensionInputs.read(new InputReader(unit, new TreeMap<>())));
        return stage.describe(stage.resolve(Pins.none()));
    }

    private void lock(String version) throws Exception {
        Files.writeString(tree.resolve("debian.lock.json"), """
                {"packages": ["frr"], "files": [{"name": "frr", "version": "%s"}]}
                """.formatted(version));
    }

    @Test
    void onlyWhatDiffersIsToldByName() throws Exception {
        Files.writeString(tree.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_extension" }
                inputs = {
                  name               = "hello"
                  version            = "v1.0.0"
                  extension_registry = "ghcr.io/acme/hello"
                  sources            = [{ debian_packages = ["frr"] }, { dir = "rootfs" }]
                }
                """);
        lock("8.4.4-1");
        Path rootfs = Files.createDirectories(tree.resolve("rootfs/etc"));
        Files.writeString(rootfs.resolve("kept"), "kept");
        Files.writeString(rootfs.resolve("changed"), "one");
        Files.writeString(rootfs.resolve("gone"), "gone");
        Made before = made();

        lock("8.4.5-1");
        Files.writeString(rootfs.resolve("changed"), "two");
        Files.delete(rootfs.resolve("gone"));
        Files.createSymbolicLink(rootfs.resolve("link"), Path.of("kept"));
        StagePlan plan = made().plan("hello", before);

        assertEquals(
                List.of(
                        "extension",
                        "compatibility",
                        "sources",
                        "Debian packages",
                        "dir rootfs",
                        "lock",
                        "image",
                        "stage code"),
                plan.lines().stream().map(Line::name).toList());
        StringBuilder text = new StringBuilder();
        for (Change change : plan.changes()) {
            text.append("%s %s %s: %s\n".formatted(change.kind(), change.reason(), change.what(), change.text()));
        }
        assertEquals("""
                CHANGED FILE source file rootfs/etc/changed: sha256:7692c3ad3540… -> sha256:3fc4ccfe7458…
                ADDED FILE source file rootfs/etc/link: -> kept
                CHANGED PACKAGE package frr: 8.4.4-1 -> 8.4.5-1
                REMOVED FILE source file rootfs/etc/gone: sha256:283bb9deef02…
                """, text.toString());
    }
}
