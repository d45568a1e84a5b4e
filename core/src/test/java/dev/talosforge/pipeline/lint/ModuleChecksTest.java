package dev.talosforge.pipeline.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.engine.Event;
import dev.talosforge.pipeline.DiskWorld;
import dev.talosforge.pipeline.Forge;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that is nearly one of ours is told, and another one is not. */
class ModuleChecksTest {
    @Test
    void misspeltModulesAreRecognised() {
        Map<String, String> suggestion = new TreeMap<>(Map.of(
                "git::https://git.test/x.git//modules/talos_image?ref=v1", "talos_images",
                "../../modules/talos-images", "talos_images",
                "../modules//TALOS_IMAGES", "talos_images",
                "tfr:///acme/talos_images/proxmox?version=1.0.0", "talos_images",
                "tfr://registry.test/acme/talos-image/proxmox", "talos_images",
                "git::https://git.test/x.git//talos_extensions", "talos_extension",
                "git::https://git.test/talos_proxmox_uploads.git", "talos_proxmox_upload",
                "git::https://git.test/x.git//talos_images/proxmox", "talos_images",
                "../modules/talos_proxmox-uplaod", "talos_proxmox_upload"));
        suggestion.forEach((source, module) -> assertEquals(module, ModuleChecks.suggestion(source), source));
    }

    /** The first six are of public trees. */
    @Test
    void othersAreLeftAlone() {
        for (String source : List.of(
                "git::https://git.test/x.git//modules/talos_proxmox_image",
                "../modules/talos_install_schematic",
                "../modules/talos_custom_installer",
                "../modules/talos_custom_boot_iso",
                "../modules/talos_cluster",
                "../modules/talos_config",
                "tfr:///terraform-aws-modules/vpc/aws?version=5.8.1",
                "tfr:///acme/images/proxmox",
                "git::https://git.test/talos_images/network.git",
                "../modules/images",
                "../modules/extension",
                ".",
                "")) {
            assertEquals(null, ModuleChecks.suggestion(source), source);
        }
    }

    @Test
    void isReportedByEveryCommand(@TempDir Path folder) throws Exception {
        Path tree = Files.createDirectories(folder.toRealPath().resolve("tree"));
        for (Map.Entry<String, String> unit : Map.of(
                        "images", "terraform { source = \"../modules//talos_image\" }\n",
                        "cluster", "terraform { source = \"../modules//talos_cluster\" }\n",
                        "empty", "")
                .entrySet()) {
            Files.writeString(
                    Files.createDirectories(tree.resolve(unit.getKey())).resolve("terragrunt.hcl"), unit.getValue());
        }
        List<Event> events = new ArrayList<>();
        Forge forge = new Forge(
                ContextSample.in(folder, events), RunSettings.plain(Map.of(), () -> Instant.ofEpochSecond(1000)));
        String reported = "module \"talos_image\" of images: it is not one of talos_extension, talos_images,"
                + " talos_proxmox_upload: talos-forge leaves the unit to another tool and builds or uploads nothing for it;"
                + " did you mean talos_images? write: source = \"…//talos_images\" [module-near-ours]";
        assertEquals(
                List.of(reported),
                forge.validate(tree, RunQueue.all(1)).stream()
                        .flatMap(one -> one.findings().stream())
                        .map(LintFinding::line)
                        .toList());
        forge.applyAll(tree, RunQueue.all(1));
        assertEquals("WARNING " + reported + "\n", DiskWorld.messages(events));
        events.clear();
        forge.planAll(tree, RunQueue.all(1));
        assertEquals("WARNING " + reported + "\n", DiskWorld.messages(events));
    }
}
