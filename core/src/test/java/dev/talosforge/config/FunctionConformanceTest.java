package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our functions against the libraries that the language comes from, in the versions that Debian has. */
@Tag("reference")
class FunctionConformanceTest {
    private static final Path LIBRARIES = Path.of("/usr/share/gocode");
    private static final Pattern CALLED = Pattern.compile("([a-z0-9]+)\\(");

    /**
     * What the libraries of Debian 12 do otherwise than Terraform of today, and what we refuse: see FunctionFactsTest.
     */
    private static final Pattern LEFT_OUT =
            Pattern.compile("element\\(.*, -.*\\)|coalescelist\\(.*null.*" + "|yamldecode\\(\"(\\+|a: 0o17.*)\"\\)");

    /** Infinite and negative zero, which are no numbers here; nulls of a known type, which are no unknown ones. */
    private static final Pattern NOT_COMPARED = Pattern.compile(".*(\"[+-]Inf\"|\"-0\"|\"unknown\":true|panic).*");

    @TempDir
    Path folder;

    @Test
    void givesWhatTheLibrariesGive() throws IOException, InterruptedException {
        Path oracle = built();
        Set<String> known = new TreeSet<>(run(List.of(oracle.toString(), "names"), ""));
        List<String> calls = new ArrayList<>();
        FunctionCalls generator = new FunctionCalls();
        known.forEach(name -> calls.addAll(generator.generated(name)));
        for (String fact : FunctionCalls.lines("/functions/facts.txt")) {
            String call = fact.substring(0, fact.indexOf('\t'));
            if (CALLED.matcher(call).results().allMatch(match -> known.contains(match.group(1)))) {
                calls.add(call);
            }
        }
        calls.removeIf(call -> LEFT_OUT.matcher(call).matches());
        StringBuilder input = new StringBuilder();
        calls.forEach(call -> input.append(ValueText.json(Value.of(call))).append('\n'));
        List<String> results = run(List.of(oracle.toString()), input.toString());
        assertEquals(calls.size(), results.size(), "results");

        compare(calls, results);
    }

    private static void compare(List<String> calls, List<String> results) throws IOException {
        List<String> differences = new ArrayList<>();
        int values = 0;
        for (int i = 0; i < calls.size(); i++) {
            if (NOT_COMPARED.matcher(results.get(i)).matches()) {
                continue;
            }
            Json theirs = JsonReader.read("result", results.get(i).getBytes(StandardCharsets.UTF_8));
            boolean error = theirs instanceof Json.JsonObject object && object.get("error") != null;
            FunctionResult ours = FunctionResult.of(calls.get(i));
            values += error ? 0 : 1;
            if (error ? ours.value() != null : !same(calls.get(i), theirs, ours.value())) {
                differences.add("%s%n  theirs %s%n  ours   %s".formatted(calls.get(i), results.get(i), ours));
            }
        }
        assertEquals("", String.join(System.lineSeparator(), differences.subList(0, Math.min(50, differences.size()))));
        assertTrue(values > 10_000, "only %d values of %d calls".formatted(values, calls.size()));
    }

    /** Binary fractions and powers beyond 53 bits are rounded there, and exact here. */
    private static boolean same(String call, Json theirs, @Nullable Json ours) {
        if (ours == null) {
            return false;
        }
        if (call.startsWith("pow(")
                && ours instanceof Json.JsonObject object
                && theirs instanceof Json.JsonObject other) {
            return number(object)
                            .round(new MathContext(14))
                            .compareTo(number(other).round(new MathContext(14)))
                    == 0;
        }
        return theirs.equals(ours)
                || (call.startsWith("range(") && rounded(theirs).equals(rounded(ours)));
    }

    private static BigDecimal number(Json.JsonObject typed) {
        return new BigDecimal(String.valueOf(typed.text("number")));
    }

    private static List<BigDecimal> rounded(Json list) {
        return list instanceof Json.JsonObject object
                ? object.items("list").stream()
                        .map(item -> number((Json.JsonObject) item)
                                .round(new MathContext(100))
                                .stripTrailingZeros())
                        .toList()
                : List.of();
    }

    private Path built() throws IOException, InterruptedException {
        RequiredTool go = RequiredTool.named("go", "golang-go");
        RequiredTool.file(
                LIBRARIES.resolve("src/github.com/hashicorp/hcl/v2/go.mod"), "golang-github-hashicorp-hcl-v2-dev");
        RequiredTool.file(
                LIBRARIES.resolve("src/github.com/zclconf/go-cty/go.mod"), "golang-github-zclconf-go-cty-dev");
        RequiredTool.file(
                LIBRARIES.resolve("src/github.com/zclconf/go-cty-yaml/go.mod"),
                "golang-github-zclconf-go-cty-yaml-dev");
        Path source = Path.of("core/src/test/resources/oracle/functions.go");
        Path program = folder.resolve("functions");
        run(List.of(go.path().toString(), "build", "-o", program.toString(), source.toString()), "");
        return program;
    }

    private List<String> run(List<String> command, String input) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile());
        builder.environment()
                .putAll(Map.of(
                        "GO111MODULE",
                        "off",
                        "GOPATH",
                        LIBRARIES.toString(),
                        "GOFLAGS",
                        "",
                        "GOCACHE",
                        Path.of("target/go-cache").toAbsolutePath().toString()));
        int status = builder.start().waitFor();
        assertEquals(0, status, () -> command + ": " + text(errors));
        return text(out).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
