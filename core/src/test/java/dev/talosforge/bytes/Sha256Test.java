package dev.talosforge.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256Test {
    private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void aTextIsReadInTheFormThatIsAskedFor() {
        Sha256 empty = Sha256.of(new byte[0]);
        assertEquals(empty, Sha256.tryHex(HEX));
        assertEquals(empty, Sha256.tryParse("sha256:" + HEX));
        assertNull(Sha256.tryParse(HEX));
        assertNull(Sha256.tryHex("sha256:" + HEX));
        assertEquals("sha256:e3b0c44298fc", empty.shortText());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "e3b0",
                "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 "
            })
    void whatIsInvalidIsRejected(String text) {
        assertNull(Sha256.tryHex(text));
        assertNull(Sha256.tryParse(text == null ? null : "sha256:" + text));
    }
}
