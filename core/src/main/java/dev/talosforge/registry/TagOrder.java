package dev.talosforge.registry;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * Sorts tags as people read them: names first, alphabetically, then versions, the newest last. Numbers in a tag are
 * compared as numbers, and a pre-release after a dash comes before its release.
 */
public final class TagOrder implements Comparator<String> {
    private static final Pattern VERSION = Pattern.compile("[vV]?\\d.*", Pattern.DOTALL);

    @Override
    public int compare(String one, String other) {
        boolean first = VERSION.matcher(one).matches();
        boolean second = VERSION.matcher(other).matches();
        int found = Boolean.compare(first, second);
        if (found == 0) {
            found = byParts(bare(one, first), bare(other, second));
        }
        return found == 0 ? one.compareTo(other) : found;
    }

    private static String bare(String tag, boolean version) {
        return version && !Character.isDigit(tag.charAt(0)) ? tag.substring(1) : tag;
    }

    private static int byParts(String one, String other) {
        int i = 0;
        int j = 0;
        while (i < one.length() && j < other.length()) {
            int endOne = end(one, i);
            int endOther = end(other, j);
            String a = one.substring(i, endOne);
            String b = other.substring(j, endOther);
            int found = isDigit(a.charAt(0)) && isDigit(b.charAt(0)) ? byNumber(a, b) : byText(a, b);
            if (found != 0) {
                return found;
            }
            i = endOne;
            j = endOther;
        }
        // a release is newer than its pre-releases: 1.0.0-rc.1, 1.0.0, 1.0.0.1
        return i < one.length() ? longer(one.charAt(i)) : j < other.length() ? -longer(other.charAt(j)) : 0;
    }

    private static int longer(char next) {
        return next == '-' ? -1 : 1;
    }

    private static int byText(String a, String b) {
        char first = a.charAt(0);
        char second = b.charAt(0);
        if (first != second && (first == '-' || second == '-')) {
            return first == '-' ? -1 : 1;
        }
        return a.compareTo(b);
    }

    private static int byNumber(String a, String b) {
        String one = a.replaceFirst("^0+(?=.)", "");
        String other = b.replaceFirst("^0+(?=.)", "");
        return one.length() == other.length() ? one.compareTo(other) : Integer.compare(one.length(), other.length());
    }

    /** A number, or the text between two numbers; a dash and a dot are parts of their own. */
    private static int end(String text, int start) {
        int end = start + 1;
        boolean digits = isDigit(text.charAt(start));
        if (!digits && !Character.isLetter(text.charAt(start))) {
            return end;
        }
        while (end < text.length() && (digits ? isDigit(text.charAt(end)) : Character.isLetter(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
