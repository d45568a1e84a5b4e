package dev.talosforge.talos.extension;

import dev.talosforge.talos.TalosVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of versions in an extension's manifest: {@code >= 1.10.0 < 1.13.0 || 1.14.x}.
 *
 * <p>Blanks mean "and", {@code ||} means "or". Comparators are {@code =}, {@code ==} or none, {@code !=} or {@code !},
 * {@code >}, {@code >=}, {@code <}, {@code <=}. The last numbers may be {@code x}. There is no {@code ~} and no
 * {@code ^}.
 */
public final class VersionRange {
    private static final int MAX_LENGTH = 1000;
    private static final String NUMBER = "(0|[1-9]\\d{0,8})";
    private static final Pattern VERSION = Pattern.compile(NUMBER + "(?:\\." + NUMBER + "\\." + NUMBER
            + "(-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?|\\." + NUMBER + "\\.[xX]|\\.[xX](?:\\.[xX])?)");

    private static final Pattern BLANK_AFTER_OPERATOR = Pattern.compile("([<>=!])\\s+");
    private static final Pattern OPERATOR = Pattern.compile("^(==|=|!=|!|>=|>|<=|<|)(?=\\d)");

    /** One of these must hold; each holds if all of its terms do. */
    private final List<List<Term>> alternatives;

    private VersionRange(List<List<Term>> alternatives) {
        this.alternatives = alternatives;
    }

    /** A text that is not a range. */
    public static final class SyntaxException extends Exception {
        SyntaxException(String message) {
            super(message);
        }
    }

    /** Versions from {@code from} up to, but excluding, {@code below}. A single version is a span of its own. */
    private record Term(String operator, TalosVersion.Core from, TalosVersion.Core below, boolean preRelease) {
        /** A pre-release comes before its version, and the versions asked for are never pre-releases. */
        boolean holds(TalosVersion.Core version) {
            boolean reached = version.compareTo(from) >= 0;
            boolean past = preRelease ? reached : version.compareTo(below) >= 0;
            return switch (operator) {
                case ">=" -> reached;
                case ">" -> past;
                case "<" -> !reached;
                case "<=" -> !past;
                case "!=", "!" -> !reached || past;
                default -> reached && !past;
            };
        }
    }

    public static VersionRange parse(String text) throws SyntaxException {
        if (text.length() > MAX_LENGTH) {
            throw new SyntaxException("longer than %d characters".formatted(MAX_LENGTH));
        }
        List<List<Term>> alternatives = new ArrayList<>();
        for (String alternative : text.split("\\|\\|", -1)) {
            String joined = BLANK_AFTER_OPERATOR.matcher(alternative.strip()).replaceAll("$1");
            if (joined.isEmpty()) {
                throw new SyntaxException("a version is missing in \"%s\"".formatted(text));
            }
            List<Term> terms = new ArrayList<>();
            for (String term : joined.split("\\s+", -1)) {
                terms.add(term(term));
            }
            alternatives.add(List.copyOf(terms));
        }
        return new VersionRange(List.copyOf(alternatives));
    }

    public boolean contains(TalosVersion.Core version) {
        return alternatives.stream().anyMatch(terms -> terms.stream().allMatch(term -> term.holds(version)));
    }

    private static Term term(String text) throws SyntaxException {
        Matcher operator = OPERATOR.matcher(text);
        if (!operator.find()) {
            throw new SyntaxException("\"%s\" is not a comparison".formatted(text));
        }
        String version = text.substring(operator.end());
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            throw new SyntaxException("\"%s\" is not a version".formatted(version));
        }
        int major = Integer.parseInt(parts.group(1));
        if (parts.group(2) != null) {
            int minor = Integer.parseInt(parts.group(2));
            int patch = Integer.parseInt(parts.group(3));
            return new Term(
                    operator.group(1),
                    new TalosVersion.Core(major, minor, patch),
                    new TalosVersion.Core(major, minor, patch + 1),
                    parts.group(4) != null);
        }
        if (parts.group(5) != null) {
            int minor = Integer.parseInt(parts.group(5));
            return new Term(
                    operator.group(1),
                    new TalosVersion.Core(major, minor, 0),
                    new TalosVersion.Core(major, minor + 1, 0),
                    false);
        }
        return new Term(
                operator.group(1), new TalosVersion.Core(major, 0, 0), new TalosVersion.Core(major + 1, 0, 0), false);
    }
}
