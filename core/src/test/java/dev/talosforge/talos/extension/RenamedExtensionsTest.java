package dev.talosforge.talos.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Case 23: Image Factory takes the new name for the old one; here it is told, and which one the release has. */
class RenamedExtensionsTest {
    @Test
    void theCatalogueReportsIt() {
        ExtensionCatalog catalogue = ExtensionCatalog.parse(
                ImageReference.parse("ghcr.io/siderolabs/extensions:v1.11.5"),
                ("ghcr.io/siderolabs/i915:20250708-v1.11.5@sha256:" + "0".repeat(64) + "\n").getBytes(UTF_8));
        BuildException refused = assertThrows(
                BuildException.class,
                () -> catalogue.find(ImageReference.parse(ExtensionCatalog.complete("i915-ucode"))));
        assertEquals(
                "ghcr.io/siderolabs/extensions:v1.11.5 has no such extension: it is called siderolabs/i915 there",
                refused.problems().getFirst().why());
        assertEquals(
                "write \"i915\"", String.valueOf(refused.problems().getFirst().remedy()));
    }

    @Test
    void theNameOfTheReleaseIsReported() {
        List<String> newer =
                List.of("siderolabs/i915", "siderolabs/xen-guest-agent", "siderolabs/vmtoolsd-guest-agent");
        assertEquals("siderolabs/i915", RenamedExtensions.inCatalogue("siderolabs/i915-ucode", newer));
        assertEquals(
                "siderolabs/xen-guest-agent", RenamedExtensions.inCatalogue("siderolabs/xe-guest-utilities", newer));
        assertEquals(
                "siderolabs/vmtoolsd-guest-agent", RenamedExtensions.inCatalogue("siderolabs/talos-vmtoolsd", newer));
        assertNull(RenamedExtensions.inCatalogue("siderolabs/gasket", newer), "a name that is not there helps nobody");
        assertNull(RenamedExtensions.inCatalogue("acme/i915-ucode", newer));
        assertEquals(
                "siderolabs/i915-ucode",
                RenamedExtensions.inCatalogue("siderolabs/i915", List.of("siderolabs/i915-ucode")),
                "an older release has the older name");
    }
}
