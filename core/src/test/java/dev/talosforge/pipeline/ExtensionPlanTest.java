package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.InputReader;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.stage.extension.ExtensionStage;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.provenance.StagePlan.Change;
import dev.talosforge.provenance.StagePlan.Line;
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

    private ApplyRecord made() throws Exception {
        Unit unit =
                Workspace.open(tree, EvaluationSettings.validating(Map.of())).evaluate(tree);
        ExtensionStage stage = new ExtensionStage(
                ContextSample.in(tree.resolve("work"), new ArrayList<>()),
                "hello",
                ExtensionInputs.read(new InputReader(unit, new TreeMap<>())));
        return stage.describe(stage.resolve(UnitPins.none()));
    }

    private void lock(String version) throws Exception {
        Files.writeString(tree.resolve("debian.lock.json"), """
                {"packages": ["frr"], "files": [{"name": "frr", "version": "%s"}]}
                """.formatted(version));
    }

    @Test
    void onlyWhatDiffersIsReportedByName() throws Exception {
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
        ApplyRecord before = made();

        lock("8.4.5-1");
        Files.writeString(rootfs.resolve("changed"), "two");
        Files.delete(rootfs.resolve("gone"));
        Files.createSymbolicLink(rootfs.resolve("link"), Path.of("kept"));
        StagePlan plan = made().plan("hello", before);

        assertEquals(
                List.of(
                        "extension",
                        "Debian packages",
                        "dir rootfs",
                        "lock",
                        "image",
                        "stage code",
                        "SOURCE_DATE_EPOCH"),
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

    private void unit(String sources) throws Exception {
        Files.writeString(tree.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_extension" }
                inputs = {
                  name               = "hello"
                  version            = "v1.0.0"
                  extension_registry = "ghcr.io/acme/hello"
                  container          = "hello"
                  sources            = [%s]
                }
                """.formatted(sources));
    }

    private String changes(ApplyRecord before) throws Exception {
        StringBuilder text = new StringBuilder();
        for (Change change : made().plan("hello", before).changes()) {
            text.append("%s %s %s: %s\n".formatted(change.kind(), change.reason(), change.what(), change.text()));
        }
        return text.toString();
    }

    /** Whatever could change a byte is told, whichever source it is of. */
    @Test
    void whateverChangesIsReported() throws Exception {
        String one = "1".repeat(64);
        String two = "2".repeat(64);
        Files.createDirectories(tree.resolve("rootfs"));
        Files.writeString(tree.resolve("x.patch"), "one");
        Files.writeString(tree.resolve("x.tar"), "");
        String sources = """
                { archive = "x.tar", sha256 = "%s" },
                { download = "https://files.test/tool", sha256 = "%s", path = "bin/tool", mode = "0755" },
                { files = { "etc/x" = "one" } },
                { dir = "rootfs" },
                { build = {
                  debian_packages = ["gcc"], command = "make", patches = ["x.patch"], environment = { A = "1" }
                  sources = [{ archive = "x.tar", sha256 = "%s" }]
                } },
                """.formatted(one, one, one);
        unit(sources);
        ApplyRecord before = made();
        assertEquals("", changes(before));

        Files.writeString(tree.resolve("x.patch"), "two");
        unit(sources.replace(one, two)
                .replace("\"one\"", "\"two\"")
                .replace("\"make\"", "\"make all\"")
                .replace("[\"gcc\"]", "[\"gcc\", \"make\"]")
                .replace("A = \"1\"", "A = \"2\"")
                .replace("mode = \"0755\"", "mode = \"0700\"")
                .replace(
                        "{ dir = \"rootfs\" }",
                        "{ dir = \"rootfs\", to = \"/\", from = \"a\", include = [\"x\"], exclude = [\"y\", \"z\"],"
                                + " modes = { a = \"0600\" }, owners = { \"b/\" = \"1:2\" }, prune = true }"));
        assertEquals("""
                CHANGED SOURCE archive x.tar: sha256:111111111111… -> sha256:222222222222…
                CHANGED SOURCE download https://files.test/tool: sha256:111111111111…, bin/tool, mode 0755 -> \
                sha256:222222222222…, bin/tool, mode 0700
                CHANGED FILE file etc/x: sha256:7692c3ad3540… -> sha256:3fc4ccfe7458…
                ADDED SETTING placement of dir rootfs: to /, from /a, include [x], exclude [y, z], a mode 0600, b/ owner 1:2, pruned
                CHANGED SOURCE build: tools: gcc -> gcc, make
                CHANGED SOURCE build: command: sha256:d05aa2a15fb3… -> sha256:2d07dcc49dbb…
                CHANGED SOURCE build: patch x.patch: sha256:7692c3ad3540… -> sha256:3fc4ccfe7458…
                CHANGED SOURCE build: variable A: 1 -> 2
                CHANGED SOURCE build: archive x.tar: sha256:111111111111… -> sha256:222222222222…
                """, changes(before));

        unit(sources);
        unit(sources.lines().toList().get(2)
                + sources.replace(sources.lines().toList().get(2), ""));
        assertEquals(
                "CHANGED SETTING order of sources: archive x.tar, download https://files.test/tool, files, dir rootfs, build ->"
                        + " files, archive x.tar, download https://files.test/tool, dir rootfs, build\n",
                changes(before).replaceAll("(?m)^CHANGED SOURCE build: patch.*\n", ""));
    }
}
