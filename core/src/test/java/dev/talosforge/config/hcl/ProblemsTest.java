package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Equality;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.Locals;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.testkit.TextTable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ProblemsTest {
    private static Problem problem(Runnable action) {
        BuildException failure = assertThrows(BuildException.class, action::run);
        assertEquals(1, failure.problems().size());
        return failure.problems().getFirst();
    }

    private static String shown(Problem problem) {
        String place = problem.where() instanceof Where.Source(var _, int line, int column, int length, String _)
                ? "%d:%d+%d".formatted(line, column, length)
                : "nowhere";
        return "%s %s: %s%s"
                .formatted(
                        place, problem.what(), problem.why(), problem.remedy() == null ? "" : " | " + problem.remedy());
    }

    /** A few lines make a value that holds another one 2^40 times: to compare it counts as what it is. */
    @Test
    void comparingCountsAsWork() {
        Value value = Value.list(List.of());
        for (int i = 0; i < 40; i++) {
            value = Value.list(List.of(value, value));
        }
        Range range = HclParser.parse(HclText.source("x = 1\n"))
                .attributes()
                .values()
                .iterator()
                .next()
                .value()
                .range();
        Equality equality = new Equality(new Budget(), range);
        Value doubled = value;
        assertEquals(
                "it takes more than 50000000 steps",
                assertThrows(BuildException.class, () -> equality.known(doubled, doubled))
                        .problems()
                        .getFirst()
                        .why());
    }

    @TestFactory
    Stream<DynamicTest> expressions() {
        return TextTable.of("/hcl/expression-problems.tsv")
                .tests((text, problem) -> assertEquals(problem, shown(problem(() -> HclText.json(text)))));
    }

    @TestFactory
    Stream<DynamicTest> bodies() {
        return TextTable.of("/hcl/body-problems.tsv")
                .tests((text, problem) ->
                        assertEquals(problem, shown(problem(() -> HclParser.parse(HclText.source(text))))));
    }

    @Test
    void cyclesAreNamed() {
        Body body = HclParser.parse(HclText.source("a = local.b\nb = [local.c]\nc = \"${local.a}\"\n"));
        Locals locals = new Locals("local", body.attributes());
        locals.evaluateWith(
                new Evaluator(Scope.empty().with("local", locals), StandardFunctions.table(), new Budget()));
        assertEquals(
                "1:1+1 cannot evaluate local.a: it needs itself: local.a -> local.b -> local.c -> local.a",
                shown(problem(() -> locals.member("a", body.range()))));
    }

    @Test
    void depthIsBounded() {
        for (String open : new String[] {"(", "[", "{a=", "!", "-", "\"${", "f(", "a[", "[for a in "}) {
            String text = open.repeat(100_000);
            Problem problem = problem(() -> HclParser.parseExpression(HclText.source(text)));
            assertTrue(problem.why().contains("nested more than"), problem.why());
        }
        assertTrue(problem(() -> HclParser.parseExpression(HclText.source("1" + "+1".repeat(100_000))))
                .why()
                .contains("steps in a row"));
        assertTrue(problem(() -> HclParser.parse(HclText.source("a {\n".repeat(100_000))))
                .why()
                .contains("nested more than"));
    }

    @Test
    void longChainsOfLocalsAreBounded() {
        StringBuilder text = new StringBuilder("a0 = 1\n");
        for (int i = 1; i < 5000; i++) {
            text.append("a%d = [local.a%d + 1][0]%n".formatted(i, i - 1));
        }
        Body body = HclParser.parse(HclText.source(text.toString()));
        Locals locals = new Locals("local", body.attributes());
        locals.evaluateWith(
                new Evaluator(Scope.empty().with("local", locals), StandardFunctions.table(), new Budget()));
        assertTrue(problem(() -> locals.member("a4999", body.range())).why().contains("steps deep"));
    }

    @Test
    void sizesAreBounded() {
        StringBuilder text = new StringBuilder("a0 = \"xxxxxxxxxxxxxxxx\"\n");
        for (int i = 1; i < 40; i++) {
            text.append("a%d = \"${local.a%d}${local.a%d}\"%n".formatted(i, i - 1, i - 1));
        }
        Body body = HclParser.parse(HclText.source(text.toString()));
        Locals locals = new Locals("local", body.attributes());
        locals.evaluateWith(
                new Evaluator(Scope.empty().with("local", locals), StandardFunctions.table(), new Budget()));
        assertEquals(
                "cannot build this text",
                problem(() -> locals.member("a39", body.range())).what());
    }
}
