package dev.talosforge.pipeline.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.EvaluationSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a state names stay, wherever Terragrunt keeps that state. */
class NamedFilesTest {
    @TempDir
    private Path tree;

    @Test
    void aStateDeepInTheCacheNamesItsFiles() throws Exception {
        Path unit = Files.createDirectories(tree.toRealPath().resolve("live/clusters/one/compute"));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                remote_state {
                  backend = "local"
                  config  = { path = "terragrunt-cache/live/clusters/one/compute/one.state" }
                }
                """);
        Path state = unit.resolve(
                ".terragrunt-cache/H/I/modules/proxmox/compute/terragrunt-cache/live/clusters/one/compute/one.state");
        Files.createDirectories(state.getParent());
        Files.writeString(state, "{\"outputs\": {\"iso\": {\"value\": \"resources:iso/talos-v1.iso\"}}}");
        NamedFiles names = new NamedFiles();
        names.add(
                unit,
                Workspace.open(tree, EvaluationSettings.validating(Map.of())).remoteState(unit),
                null);
        assertEquals(state, names.naming("talos-v1.iso"));
        assertNull(names.naming("talos-v2.iso"));
    }
}
