package dev.talosforge.talos.extension;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a build should have filled in: {@code $VERSION} and <code>${VERSION}</code> as in the manifests of Talos' own
 * extensions before they are built, and double braces of Go and Jinja templates.
 */
public final class Placeholders {
    private static final Pattern LEFT =
            Pattern.compile("\\$[A-Z_][A-Z0-9_]*|\\$\\{[^}\\n]{0,100}}|\\{\\{[^}\\n]{0,100}}}");

    /** A dollar sign may be intended in text for people. */
    private static final Pattern LEFT_IN_WORDS = Pattern.compile("\\$\\{?[A-Z_]*VERSION\\b}?|\\{\\{[^}\\n]{0,100}}}");

    private Placeholders() {}

    /** The first one in a text; null if there is none. */
    public static @Nullable String in(String text) {
        return first(LEFT, text);
    }

    /** The same in a description, where only what is unambiguous counts. */
    public static @Nullable String inWords(String text) {
        return first(LEFT_IN_WORDS, text);
    }

    private static @Nullable String first(Pattern pattern, String text) {
        Matcher left = pattern.matcher(text);
        return left.find() ? left.group() : null;
    }
}
