package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names that a reader without Rock Ridge sees: upper-case letters, digits, underscores, up to 30 of them for a file
 * and 31 for a directory. ECMA-119 7.5 and 7.6, level 2 and 3. If two become the same, the later one ends with a
 * number.
 */
final class IsoNames {
    private static final int MAX_FILE = 30;
    private static final int MAX_DIRECTORY = 31;

    private IsoNames() {}

    /**
     * Orders records by ECMA-119 9.3: by name, then by extension, each as if padded with spaces. Identifiers without a
     * dot are directories.
     */
    static int compare(String left, String right) {
        int dotLeft = dot(left);
        int dotRight = dot(right);
        int byName = left.substring(0, dotLeft).compareTo(right.substring(0, dotRight));
        return byName != 0 ? byName : left.substring(dotLeft).compareTo(right.substring(dotRight));
    }

    /** Names by path for everything in one directory, without version numbers. */
    static SequencedMap<String, String> assign(List<Entry> siblings) throws LimitException {
        SequencedMap<String, String> names = new TreeMap<>(FileTree.WALK_ORDER);
        TreeSet<String> taken = new TreeSet<>();
        Map<String, Integer> numbers = new TreeMap<>();
        for (Entry entry : siblings) {
            String name = FileTree.nameOf(entry.path()).toUpperCase(Locale.ROOT);
            boolean directory = entry instanceof Entry.Directory;
            int dot = directory ? -1 : name.lastIndexOf('.');
            String base = legal(dot < 0 ? name : name.substring(0, dot));
            String extension = dot < 0 ? "" : legal(name.substring(dot + 1));
            extension = extension.substring(0, Math.min(extension.length(), 15));
            int room = directory ? MAX_DIRECTORY : MAX_FILE - extension.length();
            String unique = unique(base, extension, room, taken, numbers);
            names.put(entry.path(), directory ? unique : unique + "." + extension);
        }
        return names;
    }

    private static String unique(
            String base, String extension, int room, Set<String> taken, Map<String, Integer> numbers)
            throws LimitException {
        String cut = base.substring(0, Math.min(base.length(), room));
        if (taken.add(cut + "." + extension)) {
            return cut;
        }
        String key = cut + "." + extension;
        for (int number = numbers.getOrDefault(key, 1); number < 10_000_000; number++) {
            String tail = "_" + number;
            String candidate = base.substring(0, Math.min(base.length(), room - tail.length())) + tail;
            if (taken.add(candidate + "." + extension)) {
                numbers.put(key, number + 1);
                return candidate;
            }
        }
        throw new LimitException("ISO 9660", base, "too many names in its directory start the same");
    }

    private static String legal(String part) {
        StringBuilder out = new StringBuilder();
        part.codePoints().forEach(c -> {
            boolean fits = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            out.append(fits ? (char) c : '_');
        });
        return out.toString();
    }

    private static int dot(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name.length() : dot;
    }
}
