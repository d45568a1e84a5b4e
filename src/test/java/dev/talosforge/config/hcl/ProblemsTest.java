package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
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

    private record Case(String text, String problem) {}

    @TestFactory
    Stream<DynamicTest> expressions() {
        return Stream.of(
                        new Case(
                                "upperr(1)",
                                "1:1+6 unknown function \"upperr\": there is no function of this name | did you mean \"upper\"?"),
                        new Case(
                                "nam",
                                "1:1+3 unknown name \"nam\": known here: later, list, map, name, nodes, nothing, objects, set | did you mean \"name\"?"),
                        new Case(
                                "nodes[0].idd",
                                "1:1+12 unknown attribute \"idd\": it has id, ips | did you mean \"id\"?"),
                        new Case("list[2]", "1:6+1 there is no item 2: the list has items 0 to 1"),
                        new Case("list[0.5]", "1:6+3 there is no item 0.5: the list has items 0 to 1"),
                        new Case("name.x", "1:1+6 cannot take attribute \"x\": an object was expected, it is text"),
                        new Case("nothing.x", "1:1+9 cannot take attribute \"x\": an object was expected, it is null"),
                        new Case("1 + nothing", "1:5+7 cannot calculate with this: a number was expected, it is null"),
                        new Case("1 + \"x\"", "1:5+3 cannot calculate with this: a number was expected, it is \"x\""),
                        new Case("1 / 0", "1:5+1 cannot divide: the divisor is zero"),
                        new Case("\"a${nothing}\"", "1:5+7 cannot put this into a text: it is null"),
                        new Case(
                                "\"a${list}\"",
                                "1:5+4 cannot put this into a text: it is a list | write: jsonencode(list)"),
                        new Case(
                                "list ? 1 : 2",
                                "1:1+4 cannot use this as a condition: true or false was expected, it is a list"),
                        new Case(
                                "true ? 1 : []",
                                "1:1+13 cannot choose between these: both results need one type, they are a number and a tuple"),
                        new Case(
                                "[for v in name : v]",
                                "1:11+4 cannot go through this: a list or a map was expected, it is text"),
                        new Case(
                                "{ for v in [1, 1] : v => v }",
                                "1:21+1 cannot make two members called \"1\": several items of the collection give this key | write ... behind the value to gather them in a list"),
                        new Case("lower()", "1:1+7 cannot call lower: it takes 1 arguments, 0 are given"),
                        new Case("lower(nothing)", "1:7+7 cannot call lower: argument 1 (str): it is null"),
                        new Case(
                                "tonumber(\"x\")",
                                "1:10+3 cannot call tonumber: argument 1 (v): \"x\" is not a number"),
                        new Case(
                                "lookup({ abc = 1 }, \"abd\")",
                                "1:21+5 cannot call lookup: argument 2 (key): the map has no \"abd\" | did you mean \"abc\"?"),
                        new Case("1e99999", "1:1+7 cannot parse test.hcl: the number is out of range"),
                        new Case("1e4999 * 1e4999", "1:1+15 cannot calculate this: the result is out of range"),
                        new Case(
                                "[1, 2",
                                "1:6+1 cannot parse test.hcl: \"]\" was expected (opened in line 1), found the end of the file"),
                        new Case(
                                "\"abc", "1:1+4 cannot parse test.hcl: the text that begins here has no closing quote"),
                        new Case(
                                "\"a\\q\"",
                                "1:3+2 cannot parse test.hcl: there is no such escape; known are \\n \\r \\t \\\" \\\\ \\uNNNN \\UNNNNNNNN"),
                        new Case("\"${1\"", "1:5+1 cannot parse test.hcl: \"}\" was expected, found a quote"),
                        new Case("\"%{ if true }a\"", "1:2+10 cannot parse test.hcl: it is never closed"),
                        new Case(
                                "1 +",
                                "1:4+1 cannot parse test.hcl: an expression was expected, found the end of the file"),
                        new Case(
                                "{ a.b = 1 }",
                                "1:3+3 cannot use this as a key: a key that is an expression stands in parentheses | write: (a.b)"),
                        new Case(
                                "<<EOT\nabc\n",
                                "1:1+5 cannot parse test.hcl: the heredoc has no line that is just \"EOT\""),
                        new Case(
                                "{ for = 1 }",
                                "1:3+3 cannot parse test.hcl: \"for\" begins a for-expression here | as a key, write: \"for\""),
                        new Case(
                                "list.0.1",
                                "1:6+3 cannot parse test.hcl: two positions in a row would be a number with a point | write: [0][1]"),
                        new Case("1.2.3", "1:1+5 cannot parse test.hcl: this is not a number"),
                        new Case("1a", "1:1+2 cannot parse test.hcl: a name does not begin with a digit"),
                        new Case(
                                "a::b",
                                "1:5+1 cannot parse test.hcl: \"(\" was expected behind a function's name, found the end of the file"),
                        new Case(
                                "nodes.*.ips.*",
                                "1:13+1 cannot parse test.hcl: an attribute's name was expected behind \".\", found \"*\""),
                        new Case(
                                "<<EOT\nabc\nEOT",
                                "1:1+5 cannot parse test.hcl: behind the closing \"EOT\" the end of the line is missing"),
                        new Case(
                                "\"a\rb\"",
                                "1:3+1 cannot parse test.hcl: a carriage return stands here without a line feed"),
                        new Case(
                                "true ? [1] : [[]]",
                                "1:1+17 cannot choose between these: both results need one type, they are a tuple and a tuple with contents of different types"),
                        new Case(
                                "later ? 1 : []",
                                "1:1+14 cannot choose between these: both results need one type, they are a number and a tuple"),
                        new Case("try(1...)", "1:5+1 cannot expand this with ...: a list was expected, it is a number"),
                        new Case(
                                "1 2",
                                "1:3+1 cannot parse test.hcl: the end of the expression was expected, found \"2\""))
                .map(c -> DynamicTest.dynamicTest(
                        c.text(), () -> assertEquals(c.problem(), shown(problem(() -> HclText.json(c.text()))))));
    }

    @TestFactory
    Stream<DynamicTest> bodies() {
        return Stream.of(
                        new Case("a = 1\na = 2\n", "2:1+1 cannot set \"a\" twice: it is set in line 1 already"),
                        new Case(
                                "a = 1 b = 2",
                                "1:7+1 cannot parse test.hcl: the end of the line was expected, found \"b\""),
                        new Case(
                                "a\n",
                                "1:2+1 cannot parse test.hcl: \"=\" or \"{\" was expected, found the end of the line"),
                        new Case(
                                "a { b = 1, c = 2 }",
                                "1:10+1 cannot parse test.hcl: \"}\" was expected: a block on one line holds one attribute and no more, found \",\""),
                        new Case(
                                "a { b {} }",
                                "1:7+1 cannot parse test.hcl: \"=\" was expected: a block on one line holds one attribute and no blocks, found \"{\""),
                        new Case(
                                "a { 1 }",
                                "1:5+1 cannot parse test.hcl: an attribute or \"}\" was expected, found \"1\""),
                        new Case("a {\n", "1:3+1 cannot parse test.hcl: this \"{\" is never closed"),
                        new Case("a = {\n  b = 1\n", "1:5+1 cannot parse test.hcl: this \"{\" is never closed"),
                        new Case("}", "1:1+1 cannot parse test.hcl: an attribute or a block was expected, found \"}\""),
                        new Case("a \"x${1}\" {}", "1:3+7 cannot parse test.hcl: a label is plain text, without ${ }"),
                        new Case("/* a", "1:1+2 cannot parse test.hcl: the comment that begins here has no end"))
                .map(c -> DynamicTest.dynamicTest(
                        c.text(),
                        () -> assertEquals(
                                c.problem(), shown(problem(() -> HclParser.parse(HclText.source(c.text())))))));
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
                "cannot make this text",
                problem(() -> locals.member("a39", body.range())).what());
    }
}
