package dev.talosforge.talos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.talos.extension.VersionRange;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TalosVersionTest {
    private static TalosVersion version(String text) {
        return Objects.requireNonNull(TalosVersion.parse(text), text);
    }

    @Test
    void isReadTolerantly() {
        assertEquals(new TalosVersion("v1.11.5", 1, 11, 5), version("v1.11.5"));
        assertEquals(new TalosVersion("1.11", 1, 11, 0), version("1.11"));
        assertEquals(new TalosVersion("v1", 1, 0, 0), version("v1"));
        assertEquals(new TalosVersion("v1.10.0-alpha.1-3-gabc", 1, 10, 0), version("v1.10.0-alpha.1-3-gabc"));
        assertNull(TalosVersion.parse("latest"));
        assertNull(TalosVersion.parse(""));
        assertNull(TalosVersion.parse("v1.2.3.4"));
        assertNull(TalosVersion.parse("99999999999.1.1"));
    }

    @Test
    void aPreReleaseHasWhatItsReleaseHas() {
        assertTrue(Quirks.of(version("v1.10.0-alpha.1")).usrMerge());
        assertFalse(Quirks.of(version("v1.9.6")).usrMerge());
        assertTrue(Quirks.of(version("v1.8.0-beta.0")).zstd());
        assertFalse(Quirks.of(version("v1.7.9")).zstd());
        assertTrue(Quirks.of(version("1.6.3")).compressedMeta());
        assertFalse(Quirks.of(version("1.6.2")).compressedMeta());
        assertEquals("usr/lib/firmware", Quirks.of(version("1.10")).firmwareDirectory());
        assertEquals("lib/modules", Quirks.of(version("1.9")).modulesDirectory());
    }

    private static boolean contains(String range, String version) throws Exception {
        return VersionRange.parse(range).contains(version(version).core());
    }

    @Test
    void rangesAreUnderstood() throws Exception {
        assertTrue(contains(">= 1.0.0", "1.0.0"));
        assertTrue(contains(">= 1.11.0", "v1.11.0-alpha.1"));
        assertFalse(contains(">1.11.0", "v1.11.0"));
        assertTrue(contains(">=1.10.0 <1.12.0", "1.11.9"));
        assertFalse(contains(">=1.10.0 <1.12.0", "1.12.0"));
        assertTrue(contains("<1.0.0 || >=1.12.0", "1.12.0"));
        assertTrue(contains("1.11.5", "1.11.5"));
        assertFalse(contains("==1.11.5", "1.11.6"));
        assertTrue(contains("1.x", "1.99.0"));
        assertFalse(contains("1.11.x", "1.12.0"));
        assertTrue(contains(">1.10.x", "1.11.0"));
        assertFalse(contains(">1.10.x", "1.10.9"));
        assertTrue(contains("<=1.10.x", "1.10.9"));
        assertFalse(contains("<1.10.x", "1.10.0"));
        assertFalse(contains("!=1.11.5", "1.11.5"));
        assertTrue(contains("!1.11.5", "1.11.4"));
        assertFalse(contains("!=1.x", "1.4.0"));
        assertTrue(contains("> 1.11.0-beta.1", "1.11.0"));
        assertFalse(contains("<= 1.11.0-beta.1", "1.11.0"));
        assertFalse(contains("=1.11.0-beta.1", "1.11.0"));
    }

    private static String failure(String range) {
        return String.valueOf(assertThrows(VersionRange.SyntaxException.class, () -> VersionRange.parse(range))
                .getMessage());
    }

    @Test
    void saysWhatIsNoRange() {
        assertEquals("\"~1.0.0\" is not a comparison", failure("~1.0.0"));
        assertEquals("\"^1.0.0\" is not a comparison", failure(">=1.0.0 ^1.0.0"));
        assertEquals("\"1.0\" is not a version", failure(">=1.0"));
        assertEquals("a version is missing in \" \"", failure(" "));
        assertEquals("a version is missing in \"1.0.0 ||\"", failure("1.0.0 ||"));
    }
}
