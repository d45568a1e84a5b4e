package dev.talosforge.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1049, 1.0 kB",
        "999949, 999.9 kB",
        "999950, 1.0 MB",
        "121700000, 121.7 MB",
        "4700000000, 4.7 GB",
        "9223372036854775807, 9223372.0 TB",
    })
    void bytesForPeople(long bytes, String text) {
        assertEquals(text, ByteSize.of(bytes));
    }
}
