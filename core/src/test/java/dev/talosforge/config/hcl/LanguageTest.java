package dev.talosforge.config.hcl;

import static dev.talosforge.config.hcl.HclText.json;
import static dev.talosforge.config.hcl.HclText.jsonOfX;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.Locals;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.functions.StandardFunctions;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.value.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of the HCL native syntax specification, one case or more each. */
class LanguageTest {
    private record Case(String rule, String expression, String result) {}

    private static Case rule(String rule, String expression, String result) {
        return new Case(rule, expression, result);
    }

    @TestFactory
    Stream<DynamicTest> expressions() {
        return Stream.of(
                        rule("numeric literal", "12.50", "12.5"),
                        rule("exponent", "1e3 + 2.5E-1", "1000.25"),
                        rule("arbitrary precision", "0.1 + 0.2", "0.3"),
                        rule("large numbers", "12345678901234567890123 * 10", "123456789012345678901230"),
                        rule("bool and null", "[true, false, null]", "[true,false,null]"),
                        rule("tuple over lines", "[\n 1,\n 2, # two\n]", "[1,2]"),
                        rule("object with equals and colon", "{ a = 1, b : 2 }", "{\"a\":1,\"b\":2}"),
                        rule("object over lines", "{\n b = 1\n a = 2\n}", "{\"a\":2,\"b\":1}"),
                        rule("quoted and computed keys", "{ \"x-${1}\" = 1, (name) = 2 }", "{\"ada\":2,\"x-1\":1}"),
                        rule("keyword as key", "{ \"for\" = 1, if = 2, null = 3 }", "{\"for\":1,\"if\":2,\"null\":3}"),
                        rule("empty collections", "[[], {}, [\n], {\n}]", "[[],{},[],{}]"),
                        rule("precedence", "1 + 2 * 3 - 4 / 2", "5"),
                        rule("left to right", "10 - 3 - 2", "5"),
                        rule("modulo", "[7 % 3, -7 % 3]", "[1,-1]"),
                        rule("comparison before and before or", "1 < 2 && 3 >= 3 || false", "true"),
                        rule(
                                "equality does not convert",
                                "[1 == \"1\", 1 == 1.0, [] == [], null == null]",
                                "[false,true,true,true]"),
                        rule("negation", "[!true, -(-3), - 3]", "[false,3,-3]"),
                        rule("the other side is not needed", "false && nothing.x", "false"),
                        rule("conditional", "1 > 2 ? \"a\" : \"b\"", "\"b\""),
                        rule("nested conditional", "false ? 1 : true ? 2 : 3", "2"),
                        rule("conditional has one type", "true ? 1 : \"a\"", "\"1\""),
                        rule("conditional with null", "true ? null : [1]", "null"),
                        rule("conditional ignores the other's problem", "true ? 1 : list[9]", "1"),
                        rule("attribute and index", "nodes[1].id + nodes[0][\"id\"]", "3"),
                        rule("legacy index", "nodes.1.id", "2"),
                        rule("dash in a name", "{ a-b = 1 }.a-b", "1"),
                        rule("full splat", "nodes[*].ips[0]", "[\"x\",\"z\"]"),
                        rule("attribute splat", "nodes.*.id", "[1,2]"),
                        rule("attribute splat ends before an index", "nodes.*.ips[0]", "[\"x\",\"y\"]"),
                        rule("splat of one value", "name[*]", "[\"ada\"]"),
                        rule("splat of null", "nothing[*]", "[]"),
                        rule("for over a tuple", "[for v in [1, 2, 3] : v * 2 if v != 2]", "[2,6]"),
                        rule("for with position", "[for i, v in list : \"${i}${v}\"]", "[\"0a\",\"1b\"]"),
                        rule(
                                "for over an object is in key order",
                                "[for k, v in { b = 1, a = 2 } : k]",
                                "[\"a\",\"b\"]"),
                        rule("for object", "{ for v in list : upper(v) => v }", "{\"A\":\"a\",\"B\":\"b\"}"),
                        rule(
                                "for object with groups",
                                "{ for v in [\"ab\", \"ac\", \"b\"] : substr(v, 0, 1) => v... }",
                                "{\"a\":[\"ab\",\"ac\"],\"b\":[\"b\"]}"),
                        rule(
                                "for in for",
                                "[for n in nodes : [for ip in n.ips : \"${n.id}${ip}\"]]",
                                "[[\"1x\",\"1y\"],[\"2z\"]]"),
                        rule("call with expansion", "max([3, 9, 4]...)", "9"),
                        rule("call over lines", "concat(\n  [1],\n  [2],\n)", "[1,2]"),
                        rule("template", "\"a${1 + 1}b\"", "\"a2b\""),
                        rule("template of one interpolation keeps the type", "\"${[1]}\"", "[1]"),
                        rule("escapes", "\"\\t\\\"\\\\\\u00e9\\U0001F600\"", "\"\\t\\\"\\\\é😀\""),
                        rule("escaped sequences", "\"$${a} %%{b} $$ %\"", "\"${a} %{b} $$ %\""),
                        rule("quotes in an interpolation", "\"a${\"b${\"c\"}\"}\"", "\"abc\""),
                        rule("strip marks", "\"a  ${~ 1 ~}  b\"", "\"a1b\""),
                        rule("if directive", "\"%{ if true }yes%{ else }no%{ endif }\"", "\"yes\""),
                        rule("if without else", "\"a%{ if false }b%{ endif }\"", "\"a\""),
                        rule("for directive", "\"%{ for i, v in list }${i}${v};%{ endfor }\"", "\"0a;1b;\""),
                        rule("parentheses end lines", "(\n1\n+\n2\n)", "3"),
                        rule("comments", "1 /* one */ + # plus\n 2 // two", "3"),
                        rule("unknown makes unknown", "\"a${later}\"", "?"),
                        rule("unknown in an operation", "later + 1", "?"),
                        rule("try", "try(nothing.x, list[5], \"z\")", "\"z\""),
                        rule("can", "[can(nodes[0].id), can(nodes[7])]", "[true,false]"))
                .map(c -> DynamicTest.dynamicTest(
                        c.rule(), () -> assertEquals(c.result(), json(c.expression()), c.expression())));
    }

    @Test
    void heredocKeepsLinesAndIndentation() {
        assertEquals(
                "\"a\\n  b ada\\n\\\"q\\\" \\\\n\\n\"", jsonOfX("x = <<EOT\na\n  b ${name}\n\"q\" \\n\nEOT\ny = 1"));
    }

    @Test
    void heredocMayBeIndented() {
        assertEquals("\"a\\n\\n  b\\n\"", jsonOfX("x = <<-EOT\n    a\n\n      b\n    EOT\n"));
    }

    /** A strip mark takes the rest of its line and not the next line's indentation. */
    @Test
    void directivesInAHeredoc() {
        assertEquals(
                "\"files:\\n  - a\\n  - b\\nend\\n\"",
                jsonOfX("x = <<EOT\nfiles:\n%{ for f in list ~}\n  - ${f}\n%{ endfor ~}\nend\nEOT\n"));
    }

    @Test
    void heredocInACallAndWithWindowsLines() {
        assertEquals("\"A\\r\\n\"", jsonOfX("x = upper(<<EOT\r\na\r\nEOT\r\n)\r\n"));
    }

    @Test
    void bodiesHoldAttributesAndBlocks() {
        Body body = HclParser.parse(HclText.source("""
                # comment
                a-b = 1
                if  = true // a keyword is a name here
                outer "label" bare {
                  inner { x = 1 }
                  empty {}
                }
                outer "other" {
                }
                """));
        assertEquals(List.of("a-b", "if"), List.copyOf(body.attributes().keySet()));
        assertEquals(2, body.blocks("outer").size());
        assertEquals(List.of("label", "bare"), body.blocks().getFirst().labels());
        assertEquals(
                List.of("inner", "empty"),
                body.blocks().getFirst().body().blocks().stream()
                        .map(Body.Block::type)
                        .toList());
    }

    @Test
    void localsNeedNoOrder() {
        Body body = HclParser.parse(HclText.source("c = local.b + 1\nb = local.a + 1\na = 1\n"));
        Locals locals = new Locals("local", body.attributes());
        locals.evaluateWith(
                new Evaluator(Scope.empty().with("local", locals), StandardFunctions.table(), new Budget()));
        assertEquals(Value.of(3), locals.member("c", body.range()));
    }

    @Test
    void whatPeopleWrite() {
        assertEquals("{\"a\":[\"l1\\n\",\"é\"],\"b\":2,\"c\":{\"n\":\"x\"},\"d\":{\"k-1\":[1]}}", jsonOfX("""
                        x = merge(
                          # first
                          {
                            a = [
                              <<-EOT
                                l1
                              EOT
                              , "é", // last
                            ],

                            /* b */ b = (
                              true &&
                              !false
                              ? 2
                              : 3
                            )
                          },
                          { c = { n = "x" }, d = {
                            for k, v in { "1" = 1 } :
                            "k-${k}" => v...
                            if v > 0
                          } },
                        )
                        """));
    }

    @Test
    void nestedDirectivesAndQuotesInTemplates() {
        assertEquals(
                "\"a=1,b=none;\"",
                json(
                        "\"%{ for k, v in { a = \"1\", b = \"\" } }${k}=%{ if v != \"\" }${v},%{ else }none%{ endif }%{ endfor };\""));
    }
}
