package dev.talosforge.config.hcl.functions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.talosforge.config.hcl.value.FunctionFailure;

/** Searches texts from outside for regular expressions, in bounded time. */
public final class PatternSearch {
    private PatternSearch() {}

    /** Whether any part of the text matches. An invalid RE2 expression, or one that is too big, never matches. */
    public static boolean finds(String pattern, String text) {
        if (RegexSize.objection(pattern) != null) {
            return false;
        }
        try {
            return RegexFunctions.matcher(Pattern.compile(pattern), text).find();
        } catch (PatternSyntaxException | FunctionFailure | StackOverflowError e) {
            return false;
        }
    }
}
