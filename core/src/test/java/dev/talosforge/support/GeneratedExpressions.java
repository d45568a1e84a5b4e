package dev.talosforge.support;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Expressions of HCL that have a value. The same random numbers give the same expressions.
 *
 * @param numbers names of things that are a number where the expression stands
 * @param texts names of things that are text
 * @param lists names of things that are a list of texts
 * @param maps names of things that are an object with the members {@code a} (text), {@code n} (number), {@code l}
 *     (list)
 */
record GeneratedExpressions(
        RandomGenerator random, List<String> numbers, List<String> texts, List<String> lists, List<String> maps) {
    private static final List<String> WORDS = List.of(
            "", "a", "Zeta", "talos", "v1.11.5", "größe", "10.0.2", "true", "007", "a b", "x-y_z", "ÄÖ", "🚀", "%");

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /**
     * One of these; each begins a text in which {@code N}, {@code T}, {@code L} and {@code M} between ‹› are replaced.
     */
    private String filled(int depth, String... patterns) {
        String pattern = patterns[random.nextInt(patterns.length)];
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '‹') {
                out.append(c);
                continue;
            }
            out.append(
                    switch (pattern.charAt(i + 1)) {
                        case 'N' -> number(depth - 1);
                        case 'T' -> text(depth - 1);
                        case 'L' -> list(depth - 1);
                        case 'M' -> map(depth - 1);
                        default -> throw new IllegalArgumentException(pattern);
                    });
            i += 2;
        }
        return out.append(')').toString();
    }

    /** Of any type. */
    String any(int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> number(depth);
            case 1 -> text(depth);
            case 2 -> list(depth);
            case 3 -> map(depth);
            case 4 ->
                filled(depth, "‹N› > ‹N›", "‹T› == ‹T›", "!contains(‹L›, ‹T›)", "can(‹M›.zzz)", "null", "‹N› != ‹T›");
            default ->
                filled(
                        depth,
                        "[for t in ‹L› : { name = t, long = length(t) > 2 } if t != ‹T›]",
                        "[‹N›, ‹T›, ‹L›, ‹M›, null, true]",
                        "{ for i, t in ‹L› : \"k${i}\" => upper(t) }",
                        "{ (‹T›) = ‹N›, \"x y\" = ‹L›, deep = { deeper = { deepest = ‹M› } } }",
                        "jsondecode(jsonencode(‹M›))",
                        "yamldecode(yamlencode(‹M›))",
                        "setproduct(slice(concat(‹L›, [\"p\", \"q\"]), 0, 2), [‹N›])",
                        "zipmap([\"z\", \"y\"], [‹N›, ‹L›])",
                        "toset(‹L›)",
                        "chunklist(‹L›, 2)",
                        "{ for t in ‹L› : substr(t, 0, 1) => t... }");
        };
    }

    String number(int depth) {
        if (depth <= 0) {
            return random.nextBoolean() && !numbers.isEmpty()
                    ? one(numbers)
                    : switch (random.nextInt(4)) {
                        case 0 -> "0";
                        case 1 -> String.valueOf(random.nextInt(100_000) - 50_000);
                        case 2 -> random.nextInt(1000) + ".25";
                        default -> String.valueOf(random.nextLong(1L << 53));
                    };
        }
        return filled(
                depth,
                "‹N› + ‹N›",
                "(‹N› - ‹N›)",
                "‹N› * 2",
                "length(‹L›)",
                "length(‹T›)",
                "max(‹N›, ‹N›)",
                "min(‹N›, 7)",
                "floor(‹N› / 4)",
                "ceil(‹N›)",
                "abs(‹N›)",
                "‹N› > 10 ? ‹N› : -1",
                "‹M›.n",
                "try(tonumber(‹T›), ‹N›)",
                "sum([‹N›, 0.5])",
                "signum(floor(‹N›))");
    }

    String text(int depth) {
        if (depth <= 0) {
            return random.nextBoolean() && !texts.isEmpty() ? one(texts) : quoted(one(WORDS));
        }
        return filled(
                depth,
                "\"${‹T›}-${‹N›}\"",
                "upper(‹T›)",
                "lower(‹T›)",
                "title(‹T›)",
                "join(\",\", ‹L›)",
                "format(\"%s|%05d|%q\", ‹T›, floor(min(‹N›, 9999)), ‹T›)",
                "replace(‹T›, \"a\", ‹T›)",
                "substr(‹T›, 0, 3)",
                "‹M›.a",
                "‹M›[\"a\"]",
                "trimspace(\" ${‹T›} \")",
                "try(‹M›.nothing, ‹T›)",
                "‹T› == \"\" ? \"empty\" : ‹T›",
                "sha256(‹T›)",
                "base64encode(‹T›)",
                "jsonencode(‹M›)",
                "jsonencode(‹L›)",
                "element(concat(‹L›, [\"one\"]), 0)",
                "lookup(‹M›, \"none\", ‹T›)",
                "coalesce(‹T›, \"not empty\")",
                "strrev(‹T›)",
                "tostring(‹N›)",
                "\"%{ for t in ‹L› }<${t}>%{ endfor }\"",
                "\"%{ if ‹N› > 5 }big%{ else }small%{ endif ~}  end\"",
                "indent(2, ‹T›)",
                "formatdate(\"YYYY\", \"2024-02-29T00:00:00Z\")",
                "cidrhost(\"10.0.0.0/8\", 258)");
    }

    String list(int depth) {
        if (depth <= 0) {
            if (random.nextBoolean() && !lists.isEmpty()) {
                return one(lists);
            }
            List<String> items = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                items.add(quoted(one(WORDS)));
            }
            return "[" + String.join(", ", items) + "]";
        }
        return filled(
                depth,
                "concat(‹L›, ‹L›)",
                "[for t in ‹L› : \"${t}!\" if t != \"a\"]",
                "sort(‹L›)",
                "distinct(‹L›)",
                "reverse(‹L›)",
                "compact(‹L›)",
                "split(\"a\", ‹T›)",
                "‹M›.l",
                "flatten([‹L›, [[‹T›]]])",
                "[‹T›, ‹T›]",
                "keys(‹M›)",
                "formatlist(\"<%s>\", ‹L›)",
                "[for k, v in ‹M› : k]",
                "slice([‹T›, ‹T›, ‹T›], 0, 2)",
                "values({ b = ‹T›, a = ‹T› })",
                "[{ v = ‹T› }, { v = ‹T› }][*].v",
                "[for i in range(3) : format(\"%02d\", i)]",
                "regexall(\"[a-z]+\", ‹T›)");
    }

    String map(int depth) {
        if (depth <= 0) {
            return random.nextBoolean() && !maps.isEmpty() ? one(maps) : "{ a = \"lit\", n = 3, l = [\"x\"] }";
        }
        return filled(
                depth,
                "merge(‹M›, { a = ‹T› })",
                "{ a = ‹T›, n = ‹N›, l = ‹L› }",
                "merge({ extra = ‹L› }, ‹M›)",
                "try(‹M›.none, ‹M›)",
                "{ for k, v in ‹M› : k => v if k != \"extra\" }");
    }

    private static String quoted(String word) {
        return '"' + word.replace("%", "100%") + '"';
    }
}
