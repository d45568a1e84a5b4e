package dev.talosforge.cli.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenTransportsTest {
    @Test
    void theLastThatWasOpenedIsClosedFirstAndOnce() {
        List<String> closed = new ArrayList<>();
        OpenTransports opened = new OpenTransports();
        try (opened) {
            assertEquals("transport", opened.add("transport", () -> closed.add("transport")));
            opened.add("workers", () -> closed.add("workers"));
        }
        opened.close();
        assertEquals(List.of("workers", "transport"), closed);
    }
}
