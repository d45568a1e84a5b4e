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
        "/srv/tree, ../../../modules//m, -upc4bfiwKPpUUwW-5OBk28m-rs/bIgqpq581RXPQBg37u0vDG7cKr4/m",
        "/srv/my ü(1) dir, ../../../modules//m, -yKfugBTJizIowP5jjX0moxnzCk/s7EigIcLDaEa6Pg-tQwIGCELLno/m",
        "/srv/my ü(1) dir, ../../../modules/talos_proxmox_upload/, -yKfugBTJizIowP5jjX0moxnzCk/d21BZbCQc4Llc0FnnLXESc1Pnlk",
        "/srv/p(1)x!, ../../../modules/talos_proxmox_upload, 30c3cXT75yuQ-IT96maUl44h38w/xnTOMPswVXeRth1cT29Db046NU4",
        "/srv/p(1)x!, ../../..//modules/m, 30c3cXT75yuQ-IT96maUl44h38w/2DYmrCk5QWv13G4yH7lZ4tUozsA/modules/m",
        "/srv/plain+@, ./../../..//modules/./m/, gaqrbwx0hl-aXHcKzzItU9q4Oyk/KA9kbaHdSumAHtRn1N2_lOE5-zo/modules/m",
        "/srv/tree, file:///srv/tree/modules//m, -upc4bfiwKPpUUwW-5OBk28m-rs/bIgqpq581RXPQBg37u0vDG7cKr4/m",
        "/srv/tree, /srv/tree/modules/../modules//m, -upc4bfiwKPpUUwW-5OBk28m-rs/bIgqpq581RXPQBg37u0vDG7cKr4/m",
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
    void aFolderWhoseNameIsNotAUrlPathIsNotGuessed() {
        assertNull(TerragruntCache.workingFolder(Path.of("C"), Path.of("/tmp/a#b/unit"), "../modules//m"));
    }
}
