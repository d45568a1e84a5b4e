package dev.talosforge.format.deb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.FormatException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DebControlTest {
    private static final String START = "Package: a\nVersion: 1\nArchitecture: all\n";

    /** A mebibyte of them took minutes. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void manyFieldsAndManyLinesAreReadInOnePass() throws Exception {
        StringBuilder fields = new StringBuilder(START);
        for (int i = 0; i < 150_000; i++) {
            fields.append("F").append(i).append(":\n");
        }
        assertEquals(150_003, DebControl.parse(fields.toString()).fields().size());

        String lines = DebControl.parse(START + "Description: first\n" + " x\n".repeat(340_000))
                .field("description");
        assertEquals("first" + "\nx".repeat(340_000), lines);
    }

    @Test
    void aFieldMayStandOnceWhateverItsCase() {
        assertEquals(
                "deb control file at offset 0 (0x0): duplicate field: version",
                assertThrows(FormatException.class, () -> DebControl.parse(START + "version: 2\n"))
                        .getMessage());
    }
}
