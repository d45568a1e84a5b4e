package dev.talosforge.format.fat;

import dev.talosforge.bytes.LimitException;
import dev.talosforge.tree.FileTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A file's names in its directory: the short name that every entry has, and a long name if that is not enough.
 *
 * @param shortName eleven characters, eight and three, padded with spaces
 * @param caseBits {@code 0x08} if the eight are lower case, {@code 0x10} for the three; avoids a long name
 * @param longName the exact name, or null if the short name and the case bits suffice
 */
record FatName(String shortName, int caseBits, @Nullable String longName) {
    static final int BASE_IS_LOWER = 0x08;
    static final int EXTENSION_IS_LOWER = 0x10;
    private static final int MAX_LONG = 255;
    private static final String SHORT_PUNCTUATION = "!#$%&'()-@^_`{}~";
    private static final String FORBIDDEN = "\"*/:<>?\\|";

    /** The number of 32-byte directory entries for this name. */
    int entries() {
        return longName == null ? 1 : 1 + (longName.length() + 12) / 13;
    }

    /** The checksum that links long entries to their short one. */
    static int checksum(byte[] shortName) {
        int sum = 0;
        for (byte b : shortName) {
            sum = (((sum & 1) << 7) + (sum >> 1) + Byte.toUnsignedInt(b)) & 0xFF;
        }
        return sum;
    }

    /**
     * Names for all files of a directory, in the order given. Names that are already short are kept in any case; the
     * others get numbers in order.
     */
    static SequencedMap<String, FatName> assign(List<String> paths) throws LimitException {
        TreeMap<String, String> upper = new TreeMap<>();
        TreeSet<String> taken = new TreeSet<>();
        TreeMap<String, FatName> names = new TreeMap<>(FileTree.WALK_ORDER);
        List<String> rest = new ArrayList<>();
        for (String path : paths) {
            String name = FileTree.nameOf(path);
            checkName(path, name);
            String other = upper.put(folded(name), name);
            if (other != null) {
                throw new LimitException("FAT", path, "differs from %s only in case".formatted(other));
            }
            FatName exact = exact(name);
            if (exact == null) {
                rest.add(path);
            } else {
                taken.add(exact.shortName);
                names.put(path, exact);
            }
        }
        Map<String, Integer> numbers = new TreeMap<>();
        for (String path : rest) {
            names.put(path, numbered(FileTree.nameOf(path), path, taken, numbers));
        }
        return names;
    }

    private static void checkName(String path, String name) throws LimitException {
        if (name.length() > MAX_LONG) {
            throw new LimitException(
                    "FAT", path, "a name of %d UTF-16 units; the limit is 255".formatted(name.length()));
        }
        if (name.endsWith(".") || name.endsWith(" ")) {
            throw new LimitException("FAT", path, "a name cannot end with a dot or a space");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 0x20 || c == 0x7F || FORBIDDEN.indexOf(c) >= 0) {
                throw new LimitException("FAT", path, "a name cannot contain the character U+%04X".formatted((int) c));
            }
        }
        if (!StandardCharsets.UTF_16LE.newEncoder().canEncode(name)) {
            throw new LimitException("FAT", path, "the name is not valid UTF-16");
        }
    }

    /** Ignores case, unit by unit, as drivers do. */
    private static String folded(String name) {
        StringBuilder folded = new StringBuilder();
        name.chars().forEach(c -> folded.append(Character.toUpperCase((char) c)));
        return folded.toString();
    }

    /** The name itself in upper case if that is a valid short name, otherwise null. */
    private static @Nullable FatName exact(String name) {
        int dot = name.lastIndexOf('.');
        String base = dot < 0 ? name : name.substring(0, dot);
        String extension = dot < 0 ? "" : name.substring(dot + 1);
        if (base.isEmpty() || base.length() > 8 || extension.length() > 3 || !isShort(base) || !isShort(extension)) {
            return null;
        }
        String shortName = padded(base.toUpperCase(Locale.ROOT), extension.toUpperCase(Locale.ROOT));
        boolean simple = oneCase(base) && oneCase(extension);
        int bits = (isUpper(base) ? 0 : BASE_IS_LOWER) | (isUpper(extension) ? 0 : EXTENSION_IS_LOWER);
        return new FatName(shortName, simple ? bits : 0, simple ? null : name);
    }

    private static FatName numbered(String name, String path, TreeSet<String> taken, Map<String, Integer> numbers)
            throws LimitException {
        String trimmed = name.replaceFirst("^[. ]+", "");
        int dot = trimmed.lastIndexOf('.');
        String base = shortened(dot < 0 ? trimmed : trimmed.substring(0, dot));
        String extension = shortened(dot < 0 ? "" : trimmed.substring(dot + 1));
        extension = extension.substring(0, Math.min(3, extension.length()));
        for (int number = numbers.getOrDefault(base + "." + extension, 1); number < 1_000_000; number++) {
            String tail = "~" + number;
            String candidate = padded(base.substring(0, Math.min(base.length(), 8 - tail.length())) + tail, extension);
            if (taken.add(candidate)) {
                numbers.put(base + "." + extension, number + 1);
                return new FatName(candidate, 0, name);
            }
        }
        throw new LimitException("FAT", path, "a million names in its directory start the same");
    }

    /** Upper case, without spaces and dots, with an underscore for characters that short names cannot hold. */
    private static String shortened(String part) {
        StringBuilder out = new StringBuilder();
        part.codePoints().forEach(c -> {
            int up = c < 0x80 ? Character.toUpperCase(c) : c;
            if (up != '.' && up != ' ') {
                out.append(isShort(up) ? (char) up : '_');
            }
        });
        return out.substring(0, Math.min(8, out.length()));
    }

    private static boolean isShort(String part) {
        return part.chars().allMatch(FatName::isShort);
    }

    private static boolean isShort(int c) {
        boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        return letter || (c >= '0' && c <= '9') || SHORT_PUNCTUATION.indexOf(c) >= 0;
    }

    private static boolean oneCase(String part) {
        return isUpper(part) || part.equals(part.toLowerCase(Locale.ROOT));
    }

    private static boolean isUpper(String part) {
        return part.equals(part.toUpperCase(Locale.ROOT));
    }

    private static String padded(String base, String extension) {
        return base + " ".repeat(8 - base.length()) + extension + " ".repeat(3 - extension.length());
    }
}
