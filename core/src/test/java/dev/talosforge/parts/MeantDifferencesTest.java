package dev.talosforge.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeantDifferencesTest {
    private static final String NAME = "table";
    private static final String ROW = "* uki/section .uname 1\t\"6.12.*\"\t-\tthe kernel is another one";

    private static Difference uname(String ours, String theirs) {
        return new Difference("five uki/section .uname 1", ours, theirs);
    }

    @Test
    void aRowStandsForWhatItMatchesInAllThreeColumns() {
        List<Difference> differences = List.of(
                uname("\"6.12.57\"", "-"),
                uname("\"6.13.1\"", "-"),
                uname("\"6.12.57\"", "\"6.12.58\""),
                new Difference("five uki/section .uname 2", "\"6.12.57\"", "-"));
        MeantDifferences meant = MeantDifferences.of(List.of("# part", "", ROW), NAME);
        assertEquals(differences.subList(1, 4), meant.unexplained(differences));
        assertEquals(List.of(), meant.idle());
    }

    @Test
    void aRowThatStandsForNothingIsReported() {
        MeantDifferences meant = MeantDifferences.of(List.of(ROW), NAME);
        assertEquals(List.of(), meant.unexplained(List.of()));
        assertEquals(List.of(ROW), meant.idle());
    }

    @Test
    void aRowWithoutAReasonIsRefused() {
        AssertionError error =
                assertThrows(AssertionError.class, () -> MeantDifferences.of(List.of("part\tours\ttheirs\t "), NAME));
        assertEquals("table: not part, ours, theirs and reason: part\tours\ttheirs\t ", error.getMessage());
    }

    @Test
    void whatOneOfTheTwoDoesNotHaveIsADifference() {
        Parts ours = new Parts();
        ours.put("a", "1");
        ours.put("b", "2");
        Parts theirs = new Parts();
        theirs.put("b", "3");
        theirs.put("c", "4");
        assertEquals(
                List.of(new Difference("a", "1", "-"), new Difference("b", "2", "3"), new Difference("c", "-", "4")),
                Parts.differences(ours, theirs));
    }
}
