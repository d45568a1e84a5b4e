package dev.talosforge.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteSourceTest {
    /** A file, a window, zeros and memory as one source: from every offset it reads as the bytes would. */
    @Test
    void viewsReadAsTheirBytesFromEveryOffset(@TempDir Path dir) throws Exception {
        ByteSource file = ByteSource.of(Files.write(dir.resolve("f"), new byte[] {1, 2, 3, 4, 5}));
        ByteSource all = ByteSource.concat(List.of(
                file, ByteSource.empty(), ByteSource.zeros(3), file.slice(1, 3), ByteSource.of(new byte[] {9})));
        byte[] expected = {1, 2, 3, 4, 5, 0, 0, 0, 2, 3, 4, 9};

        assertEquals(expected.length, all.size());
        for (int offset = 0; offset <= expected.length; offset++) {
            try (InputStream in = all.openAt(offset)) {
                assertArrayEquals(Arrays.copyOfRange(expected, offset, expected.length), in.readAllBytes());
            }
            for (int length = 0; offset + length <= expected.length; length++) {
                assertArrayEquals(
                        Arrays.copyOfRange(expected, offset, offset + length),
                        all.slice(offset, length).read("test", 0, length));
            }
        }
    }

    @Test
    void nothingIsReadPastTheEnd() {
        ByteSource source = ByteSource.of(new byte[4]);
        assertEquals(
                "box at offset 2 (0x2): needs 3 bytes, but the file ends at 4",
                assertThrows(FormatException.class, () -> source.read("box", 2, 3))
                        .getMessage());
        assertThrows(FormatException.class, () -> source.read("box", -1, 1));
        assertThrows(FormatException.class, () -> source.read("box", Long.MAX_VALUE, 1));
        assertThrows(IllegalArgumentException.class, () -> source.slice(3, 2));
    }

    @Test
    void bothByteOrdersInOneField() {
        assertArrayEquals(
                new byte[] {2, 1, 1, 2, 4, 3, 2, 1, 1, 2, 3, 4},
                FieldWriter.littleEndian("test", 12)
                        .both16("a", 0x0102)
                        .both32("b", 0x01020304)
                        .toBytes());
    }
}
