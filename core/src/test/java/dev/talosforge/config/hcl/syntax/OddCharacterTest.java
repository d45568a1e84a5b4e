package dev.talosforge.config.hcl.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Characters that look right and are not are named, with what to write. */
class OddCharacterTest {
    private static Problem problem(String text) {
        return assertThrows(BuildException.class, () -> HclParser.parse(SourceText.of(Path.of("x.hcl"), text)))
                .problems()
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
                    a = \u201cx\u201d | a typographic quote (U+201C) | write texts in straight double quotes: "…"
                    a = \u201ex\u201c | a typographic quote (U+201E) | write texts in straight double quotes: "…"
                    a = 'x' | a single quote | write texts in straight double quotes: "…"
                    a = `x` | an accent (U+0060) | write texts in straight double quotes: "…"
                    a\u00a0= 1 | a no-break space (U+00A0) | replace it with a plain space
                    a =\u00a01 | a no-break space (U+00A0) | replace it with a plain space
                    a = [1,\u20032] | a space of another width (U+2003) | replace it with a plain space
                    a = [\u200b1] | a zero-width character (U+200B) | delete it: it cannot be seen
                    a = 1 \u2013 2 | a typographic dash (U+2013) | write a plain one: -
                    a = 1; | a semicolon | leave it out: each line ends by itself
                    a = max(1\uff0c2) | a full-width character (U+FF0C) | write: ,
                    a = max([1]\u2026) | an ellipsis (U+2026) | write three periods: ...
                    \u201ca\u201d = 1 | a typographic quote (U+201C) | write texts in straight double quotes: "…"
                    a \u201cb\u201d { } | a typographic quote (U+201C) | write texts in straight double quotes: "…"
                    """)
    void isNamedWithWhatToWrite(String text, String name, String remedy) {
        Problem problem = problem(text);
        String why = problem.why();
        assertEquals(name, why.substring(why.indexOf("found ") + "found ".length()));
        assertEquals(remedy, String.valueOf(problem.remedy()));
    }

    @Test
    void othersAreShownAsTheyAre() {
        assertEquals("expected an expression, found \"@\"", problem("a = @").why());
    }
}
