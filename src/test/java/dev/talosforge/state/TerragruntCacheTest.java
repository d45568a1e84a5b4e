package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The folders are those that Terragrunt 0.96.1 and 1.1.3 made. */
class TerragruntCacheTest {
    private static String folder(String unit, String source) {
        Path found = TerragruntCache.workingFolder(Path.of("C"), Path.of(unit), source);
        return String.valueOf(found);
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/tgx/e, ../../../modules//m, E466gPY0nIhMyhw1GfZ9DHqKk8k/JnnMdor1EeqnFvfcwkt6yp1V6kI/m",
        "/tmp/tgx/my ü(1) dir, ../../../modules//m, hj2VP_04svjOf_mE7lpy8nWIkr0/ER4vhg_fdkzobkSS5tFH-W8nT6o/m",
        "/tmp/tgx/my ü(1) dir, ../../../modules/talos_proxmox_upload/, hj2VP_04svjOf_mE7lpy8nWIkr0/5J6FUkMu-gby3-lkLyirW-ZOHps",
        "/tmp/tgx/p(1)[x]!, ../../../modules/talos_proxmox_upload, NdC-74cFf7Idl7wsK1ITXMn-c5c/xhsnItF_RiFRa4yw0CrSpaip3oc",
        "/tmp/tgx/p(1)[x]!, ../../..//modules/m, NdC-74cFf7Idl7wsK1ITXMn-c5c/J_aAxaU6Lvn4UU9RD1QzkY2bpNs/modules/m",
        "/tmp/tgx/plain+@, ./../../..//modules/./m/, wWjny5en7sMN53ZKcTsgolVksSA/07et9xVDedx2bL7MjjSz7Zjp9aQ/modules/m",
        "/tmp/tgx/p3, file:///tmp/tgx/p3/modules//m, ZfmH4gI0OWW6Ju9gvtln_lrngdA/oiIQ7kpHQMGHaCruvQLCAqpUblc/m",
        "/tmp/tgx/p3, /tmp/tgx/p3/modules/../modules//m, ZfmH4gI0OWW6Ju9gvtln_lrngdA/oiIQ7kpHQMGHaCruvQLCAqpUblc/m",
    })
    void aWorkingFolderIsNamedAsByTerragrunt(String tree, String source, String expected) {
        assertEquals("C/" + expected, folder(tree + "/live/artifacts/registry", source));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "git::https://example.com/m.git//talos_images?ref=v1",
                "git@example.com:acme/m.git//talos_images",
                "github.com/acme/m//talos_images",
                "https://example.com/m.zip",
                "tfr:///acme/talos_images/proxmox?version=1.0.0",
                "../modules//talos_images?ref=v1",
                "../mod%20ules//talos_images",
                "../modules//../../../../out",
                "//modules",
                "",
            })
    void otherSourcesAreNotGuessed(String source) {
        assertEquals("null", folder("/tmp/tree/a", source));
    }

    @Test
    void aFolderWhoseNameIsNoPathOfAUrlIsNotGuessed() {
        assertNull(TerragruntCache.workingFolder(Path.of("C"), Path.of("/tmp/a#b/unit"), "../modules//m"));
    }
}
