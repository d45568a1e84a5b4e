package dev.talosforge.extension;

import dev.talosforge.tree.Entry;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Selects files by path, like a line of {@code .gitignore}: {@code *} and {@code ?} match characters of a name,
 * {@code **} any folders. A pattern with a slash before its end starts at the root; one without matches a name
 * anywhere; one that ends with a slash matches folders only. A match of a folder covers everything in it.
 *
 * @param text as it was written
 */
public record PathPattern(String text) implements Comparable<PathPattern> {
    private static final int MAX_LENGTH = 1000;

    /** The longest pattern is the most specific: it wins over shorter ones. */
    private static final Comparator<PathPattern> ORDER = Comparator.comparingInt(
                    (PathPattern pattern) -> pattern.text().length())
            .thenComparing(PathPattern::text);

    public PathPattern {
        String wrong = whyNot(text);
        if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static @Nullable String whyNot(String text) {
        if (text.length() > MAX_LENGTH) {
            return "is longer than %d characters".formatted(MAX_LENGTH);
        }
        if (text.startsWith("!")) {
            return "begins with !, which is not supported; list what to leave out in exclude";
        }
        if (text.contains("[") || text.contains("\\")) {
            return "contains [ or \\; the only wildcards are *, ? and **";
        }
        for (String name : names(text)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return "is not a path pattern";
            }
        }
        return null;
    }

    private static List<String> names(String text) {
        int begin = text.startsWith("/") ? 1 : 0;
        int end = text.endsWith("/") && text.length() > begin ? text.length() - 1 : text.length();
        return List.of(text.substring(begin, end).split("/", -1));
    }

    /** Whether it matches folders only. */
    public boolean isForFolders() {
        return text.endsWith("/");
    }

    /** Whether the entry itself or a folder above it matches. */
    public boolean covers(Entry entry) {
        List<String> path = List.of(entry.path().split("/", -1));
        for (int length = path.size(); length > 0; length--) {
            boolean folder = length < path.size() || entry instanceof Entry.Directory;
            if ((folder || !isForFolders()) && matches(path.subList(0, length))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the entry itself matches. */
    public boolean matches(Entry entry) {
        return (entry instanceof Entry.Directory || !isForFolders())
                && matches(List.of(entry.path().split("/", -1)));
    }

    private boolean matches(List<String> path) {
        List<String> wanted = names(text);
        boolean anywhere = wanted.size() == 1 && !text.startsWith("/");
        return anywhere ? isName(wanted.getFirst(), path.getLast()) : wildcard(wanted, path, "**", PathPattern::isName);
    }

    private static boolean isName(String pattern, String name) {
        return (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0)
                ? pattern.equals(name)
                : wildcard(
                        letters(pattern),
                        letters(name),
                        "*",
                        (wanted, letter) -> wanted.equals("?") || wanted.equals(letter));
    }

    private static List<String> letters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /**
     * Whether a sequence matches, in time at most proportional to the product of both lengths: on a mismatch, only the
     * last wildcard takes one more item, which is enough. A {@code **} at the end matches at least one item: what is in
     * the folder.
     */
    private static boolean wildcard(
            List<String> pattern, List<String> row, String wild, BiPredicate<String, String> same) {
        int p = 0;
        int r = 0;
        int star = -1;
        int taken = 0;
        while (r < row.size()) {
            if (p < pattern.size() && pattern.get(p).equals(wild)) {
                star = p++;
                taken = r;
            } else if (p < pattern.size() && same.test(pattern.get(p), row.get(r))) {
                p++;
                r++;
            } else if (star >= 0) {
                p = star + 1;
                r = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.size() && pattern.get(p).equals(wild) && !wild.equals("**")) {
            p++;
        }
        return p == pattern.size();
    }

    @Override
    public int compareTo(PathPattern other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text;
    }
}
