package dev.talosforge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    private final List<String> message = new ArrayList<>();
    private final Lines lines = new Lines(message::add);

    private void hear(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        lines.accept(bytes, bytes.length);
    }

    @Test
    void aLineIsHandedOnWhenItIsComplete() {
        hear("on");
        assertEquals(List.of(), message);
        hear("e\n\ntwo\r\nthr");
        assertEquals(List.of("one", "", "two"), message);
        hear("ee");
        lines.close();
        assertEquals(List.of("one", "", "two", "three"), message);
    }

    @Test
    void aCharacterMayComeInTwoPieces() {
        byte[] bytes = "\u00e9\n".getBytes(UTF_8);
        lines.accept(bytes, 1);
        lines.accept(new byte[] {bytes[1], bytes[2]}, 2);
        assertEquals(List.of("\u00e9"), message);
    }

    @Test
    void ofALineThatIsWrittenOverTheLastIsKept() {
        hear("10 %\r50 %\r100 %\ndone\r");
        lines.close();
        assertEquals(List.of("100 %", "done"), message);
    }

    @Test
    void nothingSteersTheTerminal() {
        hear("\u001b[31mred\u001b[0m\u001b]0;title\u0007\tx\u0008\u009b2J\u202e\n");
        assertEquals(List.of("red\tx\ufffd\ufffd2J\ufffd"), message);
    }

    @Test
    void linesAndTheirNumberAreBounded() {
        hear("x".repeat(5000) + "\n");
        assertEquals("x".repeat(4096) + " …", message.getFirst());
        hear("y\n".repeat(12_000));
        lines.close();
        assertEquals(10_001, message.size());
        assertEquals("… and 2001 more lines", message.getLast());
    }
}
