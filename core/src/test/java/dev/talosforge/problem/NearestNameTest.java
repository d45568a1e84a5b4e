package dev.talosforge.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    @Test
    void exchangedLettersAreOneMistake() {
        assertEquals("amd64", NearestName.nearest("amd46", List.of("arm64", "amd64")));
        assertEquals("restart", NearestName.nearest("restrat", List.of("name", "restart", "container")));
        assertEquals(1, NearestName.distance("ab", "ba"));
        assertEquals(3, NearestName.distance("abc", ""));
        assertNull(NearestName.nearest("sparc", List.of("amd64", "arm64")));
    }
}
