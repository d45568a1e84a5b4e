package dev.talosforge.talos.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.talos.TalosVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionVersionTest {
    private static TalosVersion version(String text) {
        TalosVersion version = TalosVersion.parse(text);
        assertNotNull(version);
        return version;
    }

    @Test
    void theReleaseStandsAtTheEnd() {
        assertEquals(version("v1.11.5"), ExtensionVersion.release("2.3.4-v1.11.5"));
        assertEquals(version("v1.12.0-beta.1"), ExtensionVersion.release("97aeba5-v1.12.0-beta.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.24", "v2.1.5", "20250812", "v1.0.18", "1-v1.11", "2.3.4-v1.11.5-1", "-v1.11.5 "})
    void otherVersionsNameNone(String tag) {
        assertNull(ExtensionVersion.release(tag));
    }

    @ParameterizedTest
    @CsvSource({
        "2.3.4-v1.11.5, v1.11.5, false",
        "2.3.4-v1.11.4, v1.11.5, true",
        "2.3.4-v1.12.0-beta.1, v1.12.0, false",
        "2.3.4-v1.11.5, 1.11.5-test, false",
        "1.24, v1.11.5, false"
    })
    void releasesAreComparedByTheirNumbers(String tag, String version, boolean another) {
        assertEquals(another, ExtensionVersion.isForAnother(tag, version(version)));
    }
}
