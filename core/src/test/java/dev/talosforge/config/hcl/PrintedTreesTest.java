package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.problem.BuildException;
import org.junit.jupiter.api.Test;

/** A tree that is written down and read again is the same tree, apart from the places in the text. */
class PrintedTreesTest {
    private static String tree(Object tree) {
        return tree.toString().replaceAll("(range|nameRange|header)=test\\.hcl:\\d+:\\d+", "");
    }

    @Test
    void bodies() {
        HclTexts texts = new HclTexts(31);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = texts.body(1 + i % 4);
            Body body;
            try {
                body = HclParser.parse(HclText.source(text));
            } catch (BuildException e) {
                continue;
            }
            read++;
            String printed = HclPrinter.text(body);
            assertEquals(tree(body), tree(HclParser.parse(HclText.source(printed))), printed);
        }
        assertTrue(read > 10_000, "only " + read + " are right");
    }

    @Test
    void expressionsAndTemplates() {
        HclTexts texts = new HclTexts(32);
        int read = 0;
        for (int i = 0; i < 40_000; i++) {
            boolean template = i % 2 == 0;
            String text = template ? texts.template(1 + i % 4) : texts.expression(1 + i % 5);
            Expression expression;
            try {
                expression = template
                        ? HclParser.parseTemplate(HclText.source(text))
                        : HclParser.parseExpression(HclText.source(text));
            } catch (BuildException e) {
                continue;
            }
            read++;
            String printed = HclPrinter.text(expression);
            assertEquals(tree(expression), tree(HclParser.parseExpression(HclText.source(printed))), printed);
        }
        assertTrue(read > 25_000, "only " + read + " are right");
    }

    @Test
    void everyRuleThatIsRight() throws Exception {
        for (HclRules.Rule rule : HclRules.all()) {
            if (rule.ours().equals("syntax")) {
                continue;
            }
            SourceText source = HclText.source(rule.question().text());
            switch (rule.question().kind()) {
                case BODY -> {
                    Body body = HclParser.parse(source);
                    assertEquals(tree(body), tree(HclParser.parse(HclText.source(HclPrinter.text(body)))), rule.name());
                }
                case EXPRESSION, TEMPLATE -> {
                    Expression expression = rule.question().kind() == HclOracle.Kind.TEMPLATE
                            ? HclParser.parseTemplate(source)
                            : HclParser.parseExpression(source);
                    String printed = HclPrinter.text(expression);
                    assertEquals(
                            tree(expression), tree(HclParser.parseExpression(HclText.source(printed))), rule.name());
                }
            }
        }
    }
}
