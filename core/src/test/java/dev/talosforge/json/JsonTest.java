package dev.talosforge.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.FormatException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static Json read(String text) throws FormatException {
        return JsonReader.read("test", text.getBytes(UTF_8));
    }

    @Test
    void readsAndWritesTheSameText() throws Exception {
        for (String text : new String[] {
            "{\"b\":1,\"a\":[true,false,null,\"x\\n\\u0001é\"],\"n\":-1.50}",
            "[]",
            "{}",
            "\"\"",
            "123456789012345678901"
        }) {
            assertEquals(text, read(text).compact());
        }
    }

    @Test
    void prettyIsIndentedByTwo() throws Exception {
        assertEquals("""
                {
                  "a": [
                    1,
                    {}
                  ]
                }
                """, read("{\"a\":[1,{}]}").pretty());
    }

    @Test
    void doubledMembersAndTrailingTextAreRefused() {
        assertThrows(FormatException.class, () -> read("{\"a\":1,\"a\":2}"));
        assertThrows(FormatException.class, () -> read("{} {}"));
        assertThrows(FormatException.class, () -> read(""));
        assertThrows(FormatException.class, () -> read("[".repeat(1000)));
        assertThrows(FormatException.class, () -> read("1e999999999999"));
    }

    @Test
    void brokenTextIsOnlyEverAFormatError() {
        byte[] good = "{\"a\":[1,2.5,{\"b\":\"\\u00e9\"}],\"c\":null}".getBytes(UTF_8);
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] cut = java.util.Arrays.copyOf(bad, random.nextInt(bad.length + 1));
            try {
                JsonReader.read("test", cut);
            } catch (FormatException expected) {
                assertEquals("test", expected.structure());
            }
        }
    }
}
