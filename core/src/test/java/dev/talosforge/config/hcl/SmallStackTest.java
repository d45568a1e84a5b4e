package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.Locals;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.problem.BuildException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * No text may use up the stack, not even a stack that is half as large as the smallest that a machine's default gives.
 */
class SmallStackTest {
    private static final long STACK = 512 << 10;

    private record Nesting(String open, String inner, String close) {
        String times(int depth) {
            return open.repeat(depth) + inner + close.repeat(depth);
        }
    }

    private static void onSmallStack(Runnable action) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(null, action, "small stack", STACK);
        thread.setUncaughtExceptionHandler((_, e) -> failure.set(e));
        thread.start();
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get().toString(), failure.get());
        }
    }

    /** Reads, evaluates, converts, compares and shows as much as the text allows. */
    private static void use(String text) {
        for (String form : List.of(
                "x = " + text + "\n", "x = true ? " + text + " : [" + text + "]\n", "x = <<A\n${" + text + "}\nA\n")) {
            try {
                Body body = HclParser.parse(HclText.source(form));
                for (Body.Attribute attribute : body.attributes().values()) {
                    Value value = HclText.evaluator().evaluate(attribute.value());
                    ValueText.json(value);
                    Type.of(value);
                    Value.set(List.of(value, Value.list(List.of(value))));
                    assertEquals(value, HclText.evaluator().evaluate(attribute.value()));
                }
            } catch (BuildException e) {
                e.problems();
            } catch (FunctionFailure e) {
                assertTrue(e.why().contains("levels deep"), e.why());
            }
        }
    }

    @TestFactory
    List<DynamicTest> nestedTexts() {
        String row = "1" + " + 1".repeat(399);
        List<DynamicTest> tests = new ArrayList<>();
        for (Nesting nesting : List.of(
                new Nesting("(", "1", ")"),
                new Nesting("[", "1", "]"),
                new Nesting("{a=", "1", "}"),
                new Nesting("-", "1", ""),
                new Nesting("\"${", "1", "}\""),
                new Nesting("\"a${", "1", "}b\""),
                new Nesting("\"%{if true}${", "1", "}%{endif}\""),
                new Nesting("upper(", "\"a\"", ")"),
                new Nesting("try(", "1", ")"),
                new Nesting("list[", "0", "]"),
                new Nesting("[for a in ", "[1]", ": a]"),
                new Nesting("{for k, v in ", "{ a = 1 }", ": k => v}"),
                new Nesting("[for a in [1] : ", "a", "]"),
                new Nesting("true ? 1 : ", "2", ""),
                new Nesting("true ? ", "2", ": 1"),
                new Nesting("1 || 1 && 1 == 1 < 1 + 1 * (", "1", ")"),
                new Nesting("(", row, " + 1)"),
                new Nesting("(", row, " + 1".repeat(300) + ")"),
                new Nesting("([", "1", "][0][0][0])"),
                new Nesting("<<A\n${", "1", "}\nA\n"))) {
            for (int depth : new int[] {20, 74, 140, 149, 5000}) {
                tests.add(DynamicTest.dynamicTest(
                        nesting.open() + " " + depth + " times", () -> onSmallStack(() -> use(nesting.times(depth)))));
            }
        }
        return tests;
    }

    @Test
    void nestedBlocksAndDirectives() throws InterruptedException {
        onSmallStack(() -> {
            for (int depth : new int[] {100, 149, 5000}) {
                try {
                    HclParser.parse(HclText.source("a {\n".repeat(depth) + "}\n".repeat(depth)));
                } catch (BuildException e) {
                    assertTrue(e.problems().getFirst().why().contains("levels deep"));
                }
                try {
                    HclText.evaluator()
                            .evaluate(
                                    HclParser.parseTemplate(HclText.source("%{ if true }%{ for a in [1] }".repeat(depth)
                                            + "x" + "%{ endfor }%{ endif }".repeat(depth))));
                } catch (BuildException e) {
                    assertTrue(e.problems().getFirst().why().contains("deep"));
                }
            }
        });
    }

    /** Each value is one level deeper than the one before it, and each is evaluated when the one before it is known. */
    @Test
    void valuesThatGrow() throws InterruptedException {
        for (String step :
                List.of("[local.a%d]", "{ b = local.a%d }", "concat([local.a%d], [])", "[for x in [1] : local.a%d]")) {
            StringBuilder text = new StringBuilder("a0 = [1]\n");
            for (int i = 1; i < 3000; i++) {
                text.append("a%d = ".formatted(i)).append(step.formatted(i - 1)).append('\n');
            }
            onSmallStack(() -> {
                Body body = HclParser.parse(HclText.source(text.toString()));
                Locals locals = new Locals("local", body.attributes());
                locals.evaluateWith(
                        new Evaluator(Scope.empty().with("local", locals), StandardFunctions.table(), new Budget()));
                try {
                    for (int i = 0; i < 3000; i++) {
                        ValueText.json(locals.member("a" + i, body.range()));
                    }
                } catch (BuildException e) {
                    assertEquals(
                            "a value is nested more than 200 levels deep",
                            e.problems().getFirst().why());
                    return;
                }
                throw new AssertionError("nothing bounds " + step);
            });
        }
    }

    @Test
    void chainsOfLocals() throws InterruptedException {
        for (String step : List.of(
                "local.a%d",
                "[for x in [1] : try(local.a%d, 1)][0]",
                "true ? local.a%d : 1",
                "\"%%{ if true }${local.a%d}%%{ endif }\"")) {
            StringBuilder text = new StringBuilder("a0 = 1\n");
            for (int i = 1; i < 3000; i++) {
                text.append("a%d = ".formatted(i)).append(step.formatted(i - 1)).append('\n');
            }
            onSmallStack(() -> {
                Body body = HclParser.parse(HclText.source(text.toString()));
                Locals locals = new Locals("local", body.attributes());
                locals.evaluateWith(
                        new Evaluator(Scope.empty().with("local", locals), StandardFunctions.table(), new Budget()));
                try {
                    locals.member("a2999", body.range());
                } catch (BuildException e) {
                    assertEquals(
                            "it is nested more than " + Budget.MAX_DEPTH + " steps deep",
                            e.problems().getFirst().why());
                }
            });
        }
    }
}
