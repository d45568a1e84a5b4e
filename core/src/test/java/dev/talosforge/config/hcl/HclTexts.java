package dev.talosforge.config.hcl;

import java.util.Random;

/**
 * Makes up texts by the grammar, most of them right, and breaks them on request. The same seed gives the same texts.
 */
final class HclTexts {
    private static final String[] NAMES = {"name", "list", "nodes", "set", "map", "objects", "nothing", "nope"};
    private static final String[] LITERALS = {
        "1",
        "2",
        "10",
        "1.5",
        "0.25",
        "1e2",
        "2.5e-1",
        "12345678901234567890123",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a\"",
        "\"1\"",
        "\"true\"",
        "\"é\\n\"",
        "\"$${x}\"",
        "[]",
        "{}"
    };
    private static final String[] OPERATORS = {"+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"};
    private static final String[] CALLS = {"upper", "max", "keys", "try", "can"};
    private static final String[] ACCESSES = {
        ".id", ".ips", ".a", ".0", ".1", "[0]", "[1]", "[\"a\"]", "[*]", "[*].id", ".*", ".*.id", ".*.ips[0]"
    };
    private static final String[] BLANKS = {"", " ", "  ", " /* c */ ", "\t"};
    private static final String[] SCRAPS = {
        "a",
        "for",
        "in",
        "if",
        "=",
        "==",
        "=>",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "${",
        "%{",
        "~}",
        "${~",
        "<<E\n",
        "E\n",
        "<<-E\n",
        "\n",
        "\r\n",
        "...",
        ".",
        "*",
        "[*]",
        ",",
        ":",
        "::",
        "?",
        "1",
        "0.1",
        "1e9",
        "null",
        "&&",
        "-",
        "!",
        "#",
        "//",
        "/*",
        "*/",
        "\\",
        "\\n",
        "$",
        "%",
        "$$",
        "%%",
        "endfor",
        "else",
        "endif",
        "é",
        "e\u0301",
        "\u00a0",
        "\u2028",
        "\ud83d\ude00",
        "\0",
        "\r",
        "\t",
        "'",
        "`",
        "@",
        ";",
        "&",
        "|",
        "~",
        "\ufeff"
    };

    private final Random random;

    HclTexts(long seed) {
        this.random = new Random(seed);
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String blank() {
        return random.nextInt(3) == 0 ? one(BLANKS) : " ";
    }

    /** Blanks where a line's end is one, too. */
    private String anyBlank() {
        return random.nextInt(8) == 0 ? one("\n", " # c\n", "\r\n", " // c\n\n") : blank();
    }

    String expression(int depth) {
        if (depth <= 0) {
            return random.nextInt(3) == 0
                    ? one(LITERALS)
                    : random.nextInt(3) == 0 ? one(NAMES) : one("1", "2", "\"a\"");
        }
        int inner = depth - 1 - random.nextInt(2);
        return switch (random.nextInt(15)) {
            case 0, 1 -> expression(inner) + blank() + one(OPERATORS) + blank() + expression(inner);
            case 2 -> one("-", "!", "- ") + expression(inner);
            case 3 -> "(" + anyBlank() + expression(inner) + anyBlank() + ")";
            case 4 ->
                "(" + condition(inner) + blank() + "?" + blank() + sound(inner) + blank() + ":" + blank() + sound(inner)
                        + ")";
            case 5 -> tuple(inner);
            case 6 -> object(inner);
            case 7 -> forTuple(inner);
            case 8 -> forObject(inner);
            case 9, 10 -> expression(inner) + one(ACCESSES);
            case 11 -> one(NAMES) + one(ACCESSES) + one("", "", ".id", "[0]");
            case 12 -> call(inner);
            case 13 -> quoted(inner);
            default -> one(NAMES);
        };
    }

    private String condition(int depth) {
        return random.nextInt(3) == 0 ? expression(depth) : one("true", "false", "1 < 2", "name == \"x\"", "\"true\"");
    }

    /** For the results of a condition: the type of one that fails is another matter. */
    private String sound(int depth) {
        if (depth <= 0) {
            return one(
                    "1", "2.5", "true", "null", "\"a\"", "\"x\"", "[]", "{}", "list", "set", "map", "nodes", "objects");
        }
        return switch (random.nextInt(6)) {
            case 0 -> "[" + sound(depth - 1) + ", " + sound(depth - 1) + "]";
            case 1 -> "{ a = " + sound(depth - 1) + " }";
            case 2 -> "{ a = " + sound(depth - 1) + ", " + one("b", "c") + " = " + sound(depth - 1) + "}";
            case 3 -> "[for v in " + one("list", "nodes", "set", "objects") + " : " + one("v", "1", "[v]") + "]";
            case 4 -> one("nodes", "objects") + "[*]." + one("id", "ips");
            default -> sound(0);
        };
    }

    private String tuple(int depth) {
        StringBuilder out = new StringBuilder("[").append(anyBlank());
        for (int n = random.nextInt(4); n > 0; n--) {
            out.append(expression(depth))
                    .append(n > 1 || random.nextInt(4) == 0 ? "," : "")
                    .append(anyBlank());
        }
        return out.append("]").toString();
    }

    private String object(int depth) {
        StringBuilder out = new StringBuilder("{").append(anyBlank());
        for (int n = random.nextInt(4); n > 0; n--) {
            out.append(key(depth))
                    .append(blank())
                    .append(one("=", "=", ":"))
                    .append(blank())
                    .append(expression(depth));
            out.append(n > 1 ? one(",", ",", "\n", ",\n") : one("", "", ",", "\n"));
        }
        return out.append(blank()).append("}").toString();
    }

    private String key(int depth) {
        return switch (random.nextInt(8)) {
            case 0 -> "(" + expression(depth) + ")";
            case 1 -> quoted(depth);
            case 2 -> expression(depth - 1);
            case 3 -> one("true", "null", "if", "in", "name", "a-b", "1", "1.5");
            default -> one("a", "b", "c", "id", "ips");
        };
    }

    private String forIntro(int depth) {
        String variables = random.nextBoolean() ? "v" : "k," + blank() + "v";
        return "for " + variables + " in "
                + (random.nextBoolean() ? one("list", "nodes", "set", "map", "objects") : expression(depth)) + blank()
                + ":" + anyBlank();
    }

    private String result(int depth) {
        return random.nextInt(3) == 0
                ? expression(depth)
                : one("v", "k", "v.id", "\"${k}-${v}\"", "[k, v]", "upper(v)");
    }

    private String filter() {
        return random.nextInt(3) == 0 ? " if " + one("true", "v != \"a\"", "v == 1", "k == 0", "null") : "";
    }

    private String forTuple(int depth) {
        return "[" + anyBlank() + forIntro(depth) + result(depth) + filter() + anyBlank() + "]";
    }

    private String forObject(int depth) {
        return "{" + anyBlank() + forIntro(depth) + one("k", "v", "\"x${v}\"", "v.id", "k") + " => " + result(depth)
                + one("", "...", "") + filter() + anyBlank() + "}";
    }

    private String call(int depth) {
        StringBuilder out = new StringBuilder(one(CALLS)).append("(").append(anyBlank());
        for (int n = random.nextInt(3) + (random.nextInt(6) == 0 ? 0 : 1); n > 0; n--) {
            out.append(expression(depth)).append(n > 1 ? one(",", ", ") : one("", "", "", ",", "..."));
        }
        return out.append(anyBlank()).append(")").toString();
    }

    private String quoted(int depth) {
        StringBuilder out = new StringBuilder("\"");
        for (int n = random.nextInt(4); n > 0; n--) {
            out.append(
                    random.nextBoolean()
                            ? sequence(depth)
                            : one("a", " ", "  b ", "\\n", "\\t ", "$${", "%%{", "$", "%", "é", "\\\"", "\\u00a0"));
        }
        return out.append("\"").toString();
    }

    /** An interpolation or a directive, with or without strip marks. */
    private String sequence(int depth) {
        String left = one("", "", "~");
        String right = one("", "", "~");
        return switch (random.nextInt(5)) {
            case 0 ->
                "%{" + left + " if " + condition(depth - 1) + " " + right + "}" + piece(depth) + "%{ endif " + right
                        + "}";
            case 1 ->
                "%{ if " + condition(depth - 1) + right + "}" + piece(depth) + "%{" + left + "else}" + piece(depth)
                        + "%{" + left + " endif }";
            case 2 ->
                "%{ for v in " + one("list", "set", "map", "[1, 2]", "[]", "objects[*].id") + " " + right + "}"
                        + piece(depth) + "%{" + left + " endfor " + right + "}";
            default -> "${" + left + blank() + expression(depth - 1) + blank() + right + "}";
        };
    }

    private String piece(int depth) {
        return one(" x ", "y", "", " ", sequenceOrText(depth));
    }

    private String sequenceOrText(int depth) {
        return depth > 0 ? sequence(depth - 1) : "z";
    }

    /** A template as a file holds it. */
    String template(int depth) {
        StringBuilder out = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            out.append(
                    switch (random.nextInt(4)) {
                        case 0 -> sequence(depth);
                        case 1 -> one("\n", "\r\n", "\n\n", "  \n", "\t");
                        case 2 -> one("  text", "a b ", "\"q\" \\n", "$${x}", "%%{y}", "$", "%", "é", "\u00a0");
                        default -> one("    ", "-", "end");
                    });
        }
        return out.toString();
    }

    private String heredoc(int depth) {
        StringBuilder out = new StringBuilder(one("<<", "<<-")).append("EOT").append(one("\n", "\n", "\r\n"));
        for (int n = random.nextInt(5); n > 0; n--) {
            out.append(one("", "  ", "    ", "\t", "      "))
                    .append(random.nextBoolean() ? sequence(depth) : one("a", "b c", "", " EOT x", "$${"));
            out.append(one("", "", " ", sequence(depth - 1))).append(one("\n", "\n", "\n", "\r\n", "\n\n"));
        }
        return out.append(one("", "  ", "\t"))
                .append("EOT")
                .append(one("", "", " "))
                .toString();
    }

    String body(int depth) {
        StringBuilder out = new StringBuilder();
        int position = 0;
        for (int n = random.nextInt(4); n >= 0; n--) {
            String name = one("a", "b-c", "if", "for", "true") + (random.nextInt(12) == 0 ? "" : position++);
            out.append(one("", "  ", "# c\n", "/* c */ ", "\n"));
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (depth > 0) {
                        out.append(name)
                                .append(one("", " l", " \"m n\"", " \"x$${y}\" z"))
                                .append(" {\n")
                                .append(body(depth - 1))
                                .append("}");
                    }
                }
                case 1 ->
                    out.append(name)
                            .append(" {")
                            .append(one("", " ", " x = " + expression(depth - 1) + " "))
                            .append("}");
                case 2 -> out.append(name).append(" = ").append(heredoc(depth));
                default ->
                    out.append(name).append(blank()).append("=").append(blank()).append(expression(depth));
            }
            out.append(one("\n", "\n", "\n", " # c\n", "\r\n", " // c\n\n"));
        }
        return out.toString();
    }

    /** The text with a few places changed, taken out or doubled. */
    String broken(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int n = random.nextInt(3); n >= 0; n--) {
            int at = random.nextInt(out.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> out.insert(at, one(SCRAPS));
                case 1 -> out.delete(at, Math.min(out.length(), at + 1 + random.nextInt(3)));
                case 2 -> out.replace(at, Math.min(out.length(), at + 1), one(SCRAPS));
                default -> {
                    int from = random.nextInt(out.length() + 1);
                    out.insert(at, out.substring(from, Math.min(out.length(), from + random.nextInt(6))));
                }
            }
        }
        return out.toString();
    }
}
