package dev.talosforge.talos.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.talos.image.GrubScript.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrubScriptTest {
    private static List<List<String>> words(String config) {
        return GrubScript.commands(config).stream()
                .map(command -> switch (command) {
                    case Command.Words(var words) -> words;
                    case Command.Open() -> List.of("OPEN");
                    case Command.Close() -> List.of("CLOSE");
                })
                .toList();
    }

    @Test
    void aTextIsTakenApartAsGrubDoes() {
        assertEquals(
                List.of(List.of("linux", "/k", "a", "b c", "d e", "f$g", "h\\i")),
                words("linux /k a 'b c' \"d e\" f\\$g \"h\\i\" # comment\n"));
        assertEquals(List.of(List.of("a", "b#c")), words("a b#c #d\n#e\n"));
        assertEquals(List.of(List.of("a"), List.of("b"), List.of("c")), words("a;b\n\nc"));
        assertEquals(List.of(List.of("a", "bc")), words("a b\\\nc"));
        assertEquals(
                List.of(List.of("menuentry", "T {}"), List.of("OPEN"), List.of("x"), List.of("CLOSE")),
                words("menuentry \"T {}\" {\n\tx\n}\n"));
        assertEquals(List.of(List.of("a", "")), words("a \"\""));
    }

    @Test
    void variablesAreWhatTheyWereSetTo() {
        assertEquals(
                List.of(List.of("set", "k=/boot"), List.of("linux", "/boot/v", "/bootx", "$", "a=")),
                words("set k=/boot\nlinux $k/v \"${k}x\" $ a=$nothing\n"));
    }

    @Test
    void aLineBreakEndsTheCommandAndANulItsLine() {
        assertEquals(List.of(List.of("linux", "a"), List.of("iommu=pt", "b")), words("linux a\niommu=pt b\n"));
        assertEquals(List.of(List.of("linux", "a"), List.of("c")), words("linux a\0b d\nc\r\n"));
    }
}
