package dev.talosforge.config.hcl.functions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.talosforge.config.hcl.value.FunctionFailure;

/** Looks for regular expressions in texts that come from outside, in bounded time. */
public final class PatternSearch {
    private PatternSearch() {}

    /** Whether any part of the text matches. What is no regular expression of RE2, or too big a one, is never found. */
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
