package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.problem.BuildException;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HashiCorp's own HCL, asked by a small program of ours in {@code core/src/test/resources/hcl-oracle}, and our answer
 * in the same words: {@code syntax} for what does not parse, {@code error} for what does not evaluate, else the value
 * with the kinds of its collections.
 */
final class HclOracle {
    /** What a text is read as; the letter is the oracle's. */
    enum Kind {
        EXPRESSION("e"),
        TEMPLATE("t"),
        BODY("b");

        private final String letter;

        Kind(String letter) {
            this.letter = letter;
        }
    }

    record Question(Kind kind, String text) {}

    /** Where Debian's packages put the sources of Go libraries. */
    static final Path GO_PATH = Path.of("/usr/share/gocode");

    private HclOracle() {}

    /** One answer for each question. */
    static List<String> ask(List<Question> questions) throws IOException, InterruptedException {
        Path folder = Path.of("target", "hcl-oracle").toAbsolutePath();
        Files.createDirectories(folder);
        Path program = build(folder);
        Path input = Files.createTempFile(folder, "questions", ".txt");
        Path output = Files.createTempFile(folder, "answers", ".txt");
        List<String> lines = new ArrayList<>();
        for (Question question : questions) {
            lines.add(question.kind().letter + " "
                    + Base64.getEncoder().encodeToString(question.text().getBytes(StandardCharsets.UTF_8)));
        }
        Files.write(input, lines);
        Process process = new ProcessBuilder(program.toString())
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int status = process.waitFor();
        List<String> answers = Files.readAllLines(output);
        if (status != 0 || answers.size() != questions.size()) {
            throw new AssertionError(
                    "the oracle exited %d after %d of %d answers".formatted(status, answers.size(), questions.size()));
        }
        return answers;
    }

    private static synchronized Path build(Path folder) throws IOException, InterruptedException {
        RequiredTool go = RequiredTool.named("go", "golang-go");
        RequiredTool.file(
                GO_PATH.resolve("src/github.com/hashicorp/hcl/v2/hclsyntax/parser.go"),
                "golang-github-hashicorp-hcl-v2-dev");
        // Tests run in several processes: a program that one of them runs is not to be written by another.
        Path program = folder.resolve("oracle-" + ProcessHandle.current().pid());
        program.toFile().deleteOnExit();
        Path source = Path.of("core/src/test/resources/hcl-oracle/main.go").toAbsolutePath();
        ProcessBuilder build = new ProcessBuilder(
                        go.path().toString(), "build", "-o", program.toString(), source.toString())
                .redirectErrorStream(true);
        build.environment().put("GO111MODULE", "off");
        build.environment().put("GOPATH", GO_PATH.toString());
        build.environment()
                .put("GOCACHE", Path.of("target/go-cache").toAbsolutePath().toString());
        build.environment().put("GOFLAGS", "");
        Process process = build.start();
        String message = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("go build: " + message);
        }
        return program;
    }

    /** What we make of it. */
    static String ours(Question question) {
        SourceText source = HclText.source(question.text());
        try {
            return switch (question.kind()) {
                case EXPRESSION -> evaluated(HclParser.parseExpression(source));
                case TEMPLATE -> evaluated(HclParser.parseTemplate(source));
                case BODY -> shown(HclParser.parse(source));
            };
        } catch (BuildException e) {
            return "syntax";
        }
    }

    private static String evaluated(Expression expression) {
        try {
            return shown(HclText.evaluator().evaluate(expression));
        } catch (BuildException e) {
            return "error";
        }
    }

    private static String shown(Body body) {
        List<String> out = new ArrayList<>();
        SortedMap<String, Body.Attribute> sorted = new TreeMap<>(Value.BY_CODE_POINT);
        sorted.putAll(body.attributes());
        sorted.forEach((name, attribute) -> out.add(quoted(name) + "=" + evaluated(attribute.value())));
        for (Body.Block block : body.blocks()) {
            StringBuilder header = new StringBuilder(quoted(block.type()));
            block.labels().forEach(label -> header.append(' ').append(quoted(label)));
            out.add(header + " " + shown(block.body()));
        }
        return "<" + String.join(";", out) + ">";
    }

    static String shown(Value value) {
        return switch (value) {
            case Value.Unknown _ -> "?";
            case Value.Null _ -> "null";
            case Value.Text(String text) -> quoted(text);
            case Value.Bool(boolean bool) -> Boolean.toString(bool);
            case Value.Decimal(BigDecimal number) -> number(number);
            case Value.Sequence(var kind, List<Value> items) ->
                (switch (kind) {
                            case TUPLE -> "[";
                            case LIST -> "list[";
                            case SET -> "set[";
                        })
                        + String.join(",", items.stream().map(HclOracle::shown).toList()) + "]";
            case Value.Mapping(boolean map, SortedMap<String, Value> members) -> {
                List<String> out = new ArrayList<>();
                for (Map.Entry<String, Value> member : members.entrySet()) {
                    out.add(quoted(member.getKey()) + ":" + shown(member.getValue()));
                }
                yield (map ? "map{" : "{") + String.join(",", out) + "}";
            }
        };
    }

    private static String quoted(String text) {
        return ValueText.json(Value.of(text));
    }

    /** A hundred digits at most: the oracle counts in binary, so that its last ones differ from those on paper. */
    private static String number(BigDecimal number) {
        if (number.signum() == 0) {
            return "0";
        }
        BigDecimal rounded = number.round(new MathContext(100)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        return Math.abs(exponent) > 40 ? rounded.unscaledValue() + "E" + exponent : rounded.toPlainString();
    }

    /**
     * Names with {@code ::}, which Debian's version does not know; numbers beyond our limits; the end of a line of
     * Windows behind a dollar or percent sign, which theirs cuts in two.
     */
    private static final Pattern DIFFERENT_ON_PURPOSE = Pattern.compile("::|[eE][+-]?[0-9]{4}|[$%]\r\n");

    /** Those in which a division that does not come out even differs, as theirs is one of binary numbers. */
    private static final Pattern LAST_DIGITS = Pattern.compile("([0-9]{100})[0-9]+");

    private static final Pattern LONE_RETURN = Pattern.compile("\r(?!\n)");

    /** What stands between the marks of a body's parts; quoted text is no mark. */
    private static final Pattern PART = Pattern.compile("(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\";<>])+|[;<>]");

    /**
     * Whether two answers are the same. Ours may be a value where theirs is an error, if a choice stands in the text:
     * we do not look at the right side of "and" and "or" when the left one decides, and know the type of a result that
     * was not chosen and fails in fewer cases.
     */
    static boolean agree(Question question, String theirAnswer, String ourAnswer) {
        String theirs = LAST_DIGITS.matcher(theirAnswer).replaceAll("$1");
        String ours = LAST_DIGITS.matcher(ourAnswer).replaceAll("$1");
        if (theirs.equals(ours)) {
            return true;
        }
        if (DIFFERENT_ON_PURPOSE.matcher(question.text()).find()) {
            return true;
        }
        if (question.kind() == Kind.TEMPLATE
                && LONE_RETURN.matcher(question.text()).find()) {
            return true; // Theirs takes all that follows as text.
        }
        if (!question.text().contains("?")
                && !question.text().contains("&&")
                && !question.text().contains("||")) {
            return false;
        }
        Matcher their = PART.matcher(theirs);
        Matcher our = PART.matcher(ours);
        while (their.find()) {
            if (!our.find()) {
                return false;
            }
            String part = their.group();
            boolean same = part.equals("error")
                    ? !our.group().equals("syntax")
                    : part.endsWith("=error")
                            ? our.group().startsWith(part.substring(0, part.length() - "error".length()))
                            : part.equals(our.group());
            if (!same) {
                return false;
            }
        }
        return !our.find();
    }
}
