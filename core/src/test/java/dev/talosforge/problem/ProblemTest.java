package dev.talosforge.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.problem.Problem.Kind;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
    @Test
    void isPutTogetherByName() {
        Where place = new Where.Remote("GET", URI.create("https://example.org/"), 503);
        Problem plain = Problem.failed(Kind.UNAVAILABLE, "cannot ask").because("nobody answers");
        assertEquals(new Problem(Kind.UNAVAILABLE, "cannot ask", null, "nobody answers", null), plain);
        Problem whole = plain.at(place).trying("ask again");
        assertEquals(
                new Problem(Kind.UNAVAILABLE, "cannot ask", place, "nobody answers", new Remedy.Text("ask again")),
                whole);
        assertEquals(List.of(whole), new BuildException(whole).problems());
    }
}
