package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.HclOracle.Kind;
import dev.talosforge.config.hcl.HclOracle.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HashiCorp's own implementation judges what we make of texts. */
@Tag("reference")
class HclConformanceTest {
    private static final int TEXTS = 30_000;

    @Test
    void rules() throws Exception {
        List<HclRules.Rule> rules = HclRules.all();
        List<String> answers =
                HclOracle.ask(rules.stream().map(HclRules.Rule::question).toList());
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (!answers.get(i).equals(rules.get(i).theirs())) {
                differences.add("%s: %s, not %s"
                        .formatted(
                                rules.get(i).name(),
                                answers.get(i),
                                rules.get(i).theirs()));
            }
        }
        assertEquals(List.of(), differences);
    }

    @Test
    void textsByTheGrammar() throws Exception {
        HclTexts texts = new HclTexts(20_251);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            questions.add(question(texts, i));
        }
        List<String> answers = compared(questions, (_, _) -> true);
        long values = answers.stream()
                .filter(answer -> !answer.equals("error") && !answer.equals("syntax"))
                .count();
        assertTrue(values > TEXTS / 2, "only " + values + " of the texts have a value");
    }

    /** Of a broken text it matters that both take it or both refuse it. */
    @Test
    void brokenTexts() throws Exception {
        HclTexts texts = new HclTexts(20_252);
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 2 * TEXTS; i++) {
            Question sound = question(texts, i);
            questions.add(new Question(sound.kind(), texts.broken(sound.text())));
        }
        List<String> answers = compared(questions, (theirs, ours) -> theirs.equals("syntax") != ours.equals("syntax"));
        long refused = answers.stream().filter("syntax"::equals).count();
        assertTrue(refused > TEXTS / 2 && refused < 2 * TEXTS - TEXTS / 4, refused + " of the texts are refused");
    }

    private static Question question(HclTexts texts, int number) {
        int depth = 1 + number % 4;
        return switch (number % 3) {
            case 0 -> new Question(Kind.EXPRESSION, texts.expression(depth));
            case 1 -> new Question(Kind.TEMPLATE, texts.template(depth));
            default -> new Question(Kind.BODY, texts.body(depth));
        };
    }

    private static List<String> compared(List<Question> questions, BiPredicate<String, String> matters)
            throws Exception {
        List<String> answers = HclOracle.ask(questions);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < questions.size() && differences.size() < 5; i++) {
            Question question = questions.get(i);
            String ours = HclOracle.ours(question);
            if (!HclOracle.agree(question, answers.get(i), ours) && matters.test(answers.get(i), ours)) {
                differences.add("%s %s%n  theirs %s%n  ours   %s"
                        .formatted(question.kind(), question.text(), answers.get(i), ours));
            }
        }
        assertEquals(List.of(), differences);
        return answers;
    }
}
