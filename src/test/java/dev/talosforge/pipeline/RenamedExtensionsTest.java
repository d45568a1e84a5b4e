package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Case 23: Image Factory takes the new name for the old one; here it is told, and which one the release has. */
class RenamedExtensionsTest {
    @Test
    void theNameOfTheReleaseIsTold() {
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
