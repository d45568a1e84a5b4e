package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.problem.BuildException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is read, it ends, and with nothing but our own problem. */
class BrokenTextTest {
    private static final String SAMPLE = """
            locals {
              a = { for k, v in { x = 1 } : upper(k) => [v, "t${k}"]... if v > 0 }
              b = <<-EOT
                %{ for i in [1, 2] ~}
                line ${i} $${no}
                %{ endfor ~}
              EOT
              c = try(local.a.X[0][*].y, "é\\u00e9") == null ? -1.5e3 % 7 : !true || 1 <= 2
            }
            dependency "x" { config_path = "../x" } # done
            """;

    private static final String[] WORDS = {
        "a", "for", "in", "if", "=", "==", "=>", "{", "}", "(", ")", "[", "]", "\"", "${", "%{", "~}", "<<EOT\n",
                "EOT\n", "\n",
        "...", ".", "*", "[*]", ",", ":", "?", "1", "1e9", "null", "true", "&&", "-", "!", "#", "/*", "*/", "\\",
                "endfor", "upper",
        "merge", "format", "regex", "\"%s\"", "é", "\uD83D\uDE00", "\uD800", "\0", "range", "else", "endif", "'"
    };

    private static void read(String text) {
        try {
            Body body = HclParser.parse(HclText.source(text));
            body.attributes().values().forEach(a -> evaluate(a.value()));
            body.blocks().forEach(b -> b.body().attributes().values().forEach(a -> evaluate(a.value())));
        } catch (BuildException e) {
            e.problems();
        }
        try {
            evaluate(HclParser.parseTemplate(HclText.source(text)));
        } catch (BuildException e) {
            e.problems();
        }
    }

    private static void evaluate(Expression expression) {
        try {
            HclText.evaluator().evaluate(expression);
        } catch (BuildException e) {
            e.problems();
        }
    }

    @Test
    void cutAtEveryPlace() {
        assertTimeoutPreemptively(Duration.ofMinutes(10), () -> {
            for (int end = 0; end <= SAMPLE.length(); end++) {
                read(SAMPLE.substring(0, end));
                read(SAMPLE.substring(end));
            }
        });
    }

    @Test
    void changedCharacters() {
        Random random = new Random(7);
        assertTimeoutPreemptively(Duration.ofMinutes(10), () -> {
            for (int i = 0; i < 5000; i++) {
                StringBuilder text = new StringBuilder(SAMPLE);
                for (int n = random.nextInt(4); n >= 0; n--) {
                    int at = random.nextInt(text.length());
                    text.replace(at, at + 1, WORDS[random.nextInt(WORDS.length)]);
                }
                read(text.toString());
            }
        });
    }

    @Test
    void randomWords() {
        Random random = new Random(11);
        assertTimeoutPreemptively(Duration.ofMinutes(10), () -> {
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder("x = ");
                for (int n = random.nextInt(25); n >= 0; n--) {
                    text.append(WORDS[random.nextInt(WORDS.length)]);
                    if (random.nextInt(3) == 0) {
                        text.append(' ');
                    }
                }
                read(text.toString());
            }
        });
    }
}
