package dev.talosforge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    private final List<String> said = new ArrayList<>();
    private final Lines lines = new Lines(said::add);

    private void hear(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        lines.hears(bytes, bytes.length);
    }

    @Test
    void aLineIsHandedOnWhenItIsComplete() {
        hear("on");
        assertEquals(List.of(), said);
        hear("e\n\ntwo\r\nthr");
        assertEquals(List.of("one", "", "two"), said);
        hear("ee");
        lines.close();
        assertEquals(List.of("one", "", "two", "three"), said);
    }

    @Test
    void aCharacterMayComeInTwoPieces() {
        byte[] bytes = "\u00e9\n".getBytes(UTF_8);
        lines.hears(bytes, 1);
        lines.hears(new byte[] {bytes[1], bytes[2]}, 2);
        assertEquals(List.of("\u00e9"), said);
    }

    @Test
    void ofALineThatIsWrittenOverTheLastIsKept() {
        hear("10 %\r50 %\r100 %\ndone\r");
        lines.close();
        assertEquals(List.of("100 %", "done"), said);
    }

    @Test
    void nothingSteersTheTerminal() {
        hear("\u001b[31mred\u001b[0m\u001b]0;title\u0007\tx\u0008\u009b2J\u202e\n");
        assertEquals(List.of("red\tx\ufffd\ufffd2J\ufffd"), said);
    }

    @Test
    void linesAndTheirNumberAreBounded() {
        hear("x".repeat(5000) + "\n");
        assertEquals("x".repeat(4096) + " …", said.getFirst());
        hear("y\n".repeat(12_000));
        lines.close();
        assertEquals(10_001, said.size());
        assertEquals("… and 2001 more lines", said.getLast());
    }
}
