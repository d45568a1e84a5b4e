package dev.talosforge.config.hcl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Body.Attribute;
import dev.talosforge.config.hcl.syntax.Body.Block;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Where;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The suite that comes with the HCL specification, read from where Debian's package puts it. Each case is a file, a
 * description of how it is decoded, and what comes out; the latter two are HCL, too. Only what these cases use of such
 * descriptions is known here; types of results are not looked at.
 */
@Tag("reference")
class SpecificationSuiteTest {
    private static final Path TESTS = HclOracle.GO_PATH.resolve("src/github.com/hashicorp/hcl/v2/specsuite/tests");

    @TestFactory
    List<DynamicTest> suite() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files()) {
            String name = TESTS.relativize(file).toString();
            tests.add(DynamicTest.dynamicTest(name, () -> judge(name.substring(0, name.length() - 2))));
        }
        return tests;
    }

    @Test
    void suiteIsThere() throws IOException {
        assertTrue(files().size() >= 14, files().toString());
    }

    private static List<Path> files() throws IOException {
        RequiredTool.file(TESTS.resolve("empty.t"), "golang-github-hashicorp-hcl-v2-dev");
        try (var files = Files.walk(TESTS)) {
            return files.filter(file -> file.toString().endsWith(".t")).sorted().toList();
        }
    }

    private static void judge(String name) throws IOException {
        Body expected = HclParser.parse(read(name + ".t"));
        Body description = HclParser.parse(read(name + ".hcldec"));
        SourceText given = read(name + ".hcl");
        Evaluator evaluator = evaluator(description);
        Block decoder = description.blocks().getLast();
        List<Block> diagnostics = expected.blocks("diagnostics");
        if (!diagnostics.isEmpty()) {
            BuildException failure =
                    assertThrows(BuildException.class, () -> decode(decoder, HclParser.parse(given), evaluator));
            Body first =
                    diagnostics.getFirst().body().blocks("error").getFirst().body();
            assertEquals(place(first.blocks("from").getFirst().body()), place(failure));
            return;
        }
        Value result = decode(decoder, HclParser.parse(given), evaluator);
        Attribute wanted = expected.attribute("result");
        assertEquals(
                wanted == null ? "{}" : HclOracle.shown(HclText.evaluator().evaluate(wanted.value())),
                HclOracle.shown(result));
    }

    private static SourceText read(String name) throws IOException {
        return SourceText.of(Path.of(name), Files.readString(TESTS.resolve(name)));
    }

    private static Evaluator evaluator(Body description) {
        Scope scope = Scope.empty();
        for (Block variables : description.blocks("variables")) {
            for (Attribute variable : variables.body().attributes().values()) {
                scope = scope.with(variable.name(), HclText.evaluator().evaluate(variable.value()));
            }
        }
        return new Evaluator(scope, StandardFunctions.table(), new Budget());
    }

    private static Value decode(Block decoder, Body body, Evaluator evaluator) {
        return switch (decoder.type()) {
            case "literal" -> evaluator.evaluate(attribute(decoder, "value"));
            case "object" -> object(decoder, body, evaluator);
            case "block" ->
                decode(content(decoder), body.blocks(type(decoder)).getFirst().body(), evaluator);
            case "block_map" -> {
                SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
                for (Block block : body.blocks(type(decoder))) {
                    members.put(block.labels().getFirst(), decode(content(decoder), block.body(), evaluator));
                }
                yield Value.object(members);
            }
            case "block_list" ->
                Value.tuple(body.blocks(type(decoder)).stream()
                        .map(block -> decode(content(decoder), block.body(), evaluator))
                        .toList());
            default -> throw new AssertionError("this test does not know " + decoder.type());
        };
    }

    private static Value object(Block decoder, Body body, Evaluator evaluator) {
        SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
        Map<String, Attribute> unexpected = new TreeMap<>(body.attributes());
        for (Block part : decoder.body().blocks()) {
            String name = part.labels().getFirst();
            if (part.type().equals("attr")) {
                unexpected.remove(name);
                Attribute attribute = body.attribute(name);
                members.put(name, attribute == null ? Value.ofNull() : evaluator.evaluate(attribute.value()));
            } else {
                members.put(name, decode(part, body, evaluator));
            }
        }
        for (Attribute attribute : unexpected.values()) {
            throw attribute.nameRange().problem("unexpected attribute", "the case does not know it", null);
        }
        return Value.object(members);
    }

    private static String type(Block decoder) {
        return decoder.body().attribute("block_type") == null
                ? decoder.labels().getFirst()
                : ((Value.Text) HclText.evaluator().evaluate(attribute(decoder, "block_type"))).value();
    }

    private static Block content(Block decoder) {
        return decoder.body().blocks().getLast();
    }

    private static Expression attribute(Block block, String name) {
        return Objects.requireNonNull(block.body().attribute(name), name).value();
    }

    private static String place(Body from) {
        return number(from, "line") + ":" + number(from, "column");
    }

    private static String number(Body from, String name) {
        return ValueText.json(HclText.evaluator()
                .evaluate(Objects.requireNonNull(from.attribute(name)).value()));
    }

    private static String place(BuildException failure) {
        Where.Source where = (Where.Source)
                Objects.requireNonNull(failure.problems().getFirst().where());
        return where.line() + ":" + where.column();
    }
}
