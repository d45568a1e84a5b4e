package dev.talosforge.pipeline.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SemanticVersionTest {
    private static SemanticVersion of(String text) {
        return Objects.requireNonNull(SemanticVersion.parse(text), text);
    }

    @Test
    void onlyReleasesHaveMovingTags() {
        assertEquals(List.of("v1.0", "v1"), of("v1.0.18").movingTags());
        assertEquals(List.of("12.3", "12"), of("12.3.4").movingTags());
        assertEquals(List.of("v0.3"), of("v0.3.1").movingTags());
        assertEquals(List.of(), of("v1.1.0-rc.1").movingTags());
    }

    @Test
    void whatIsNoVersionIsNone() {
        for (String text : List.of("", "v1", "v1.0", "1.0.0.0", "v01.0.0", "1.0.0+b1", "nightly", "V1.0.0", "1.0.0-")) {
            assertNull(SemanticVersion.parse(text), text);
        }
        assertEquals("v1.2.3-beta.1", of("v1.2.3-beta.1").toString());
        assertEquals("1.2.3", of("1.2.3").toString());
    }

    /** The order of the specification's own example, and more. */
    @Test
    void precedenceIsThatOfTheSpecification() {
        List<SemanticVersion> ordered = new ArrayList<>();
        for (String text : List.of(
                "0.9.9",
                "1.0.0-1",
                "1.0.0-9",
                "1.0.0-10",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "v1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "v1.0.0",
                "1.0.9",
                "1.0.10",
                "1.2.0",
                "10.0.0")) {
            ordered.add(of(text));
        }
        List<SemanticVersion> shuffled = new ArrayList<>(ordered);
        Collections.reverse(shuffled);
        Collections.sort(shuffled);
        assertEquals(ordered, shuffled);
    }
}
