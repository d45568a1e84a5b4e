package dev.talosforge.pipeline.inputs;

import dev.talosforge.extension.PathPattern;
import dev.talosforge.extension.Placement;
import dev.talosforge.extension.Placement.Owner;
import dev.talosforge.extension.Source;
import dev.talosforge.talos.extension.ExtensionContents;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what every source may set in addition to its kind: what is used of it and where it goes. */
final class PlacementReader {
    private static final Pattern OWNER = Pattern.compile("(\\d{1,10}):(\\d{1,10})");
    private static final long MAX_ID = 0xffff_fffeL;

    private PlacementReader() {}

    /**
     * Reads it.
     *
     * @param source null for one that is wrong
     * @param inBuild whether it is what a build works on, of which nothing is pruned by default
     */
    static Placement read(ObjectReader reader, @Nullable Source source, boolean inBuild) {
        boolean prune = source != null && source.isPrunedUsually() && !inBuild;
        String to = reader.text("to");
        String from = reader.text("from");
        if (to != null && !inBuild) {
            checkNames(reader, "to", "is", to);
        }
        return new Placement(
                to == null ? null : folder(reader, "to", to),
                from == null ? "" : folder(reader, "from", from),
                patterns(reader, "include"),
                patterns(reader, "exclude"),
                modes(reader),
                owners(reader),
                reader.bool("prune", prune));
    }

    /** With or without slashes around it; an empty one is the root. */
    private static String folder(ObjectReader reader, String name, String written) {
        String path = written.replaceAll("^/+|/+$", "");
        if (!path.isEmpty() && !isPath(path)) {
            reader.wrong(name, "is \"%s\", which is not the path of a folder".formatted(written));
            return "";
        }
        return path;
    }

    /** Whether it stays below the root that it is from. */
    static boolean isPath(String path) {
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                return false;
            }
        }
        return true;
    }

    /** A name that an image's layer cannot hold is reported with its place in the unit. */
    static void checkNames(ObjectReader reader, String member, String verb, String path) {
        for (String name : path.split("/", -1)) {
            if (ExtensionContents.isWhiteout(name)) {
                reader.wrong(
                        member,
                        "%s \"%s\"; names that begin with .wh. mark removed files in an image's layers: use another"
                                .formatted(verb, path));
                return;
            }
        }
    }

    private static List<PathPattern> patterns(ObjectReader reader, String name) {
        List<PathPattern> patterns = new ArrayList<>();
        for (String text : reader.texts(name)) {
            PathPattern pattern = pattern(reader, name, text);
            if (pattern != null) {
                patterns.add(pattern);
            }
        }
        return patterns;
    }

    private static @Nullable PathPattern pattern(ObjectReader reader, String name, String text) {
        try {
            return new PathPattern(text);
        } catch (IllegalArgumentException e) {
            reader.wrong(name, "has \"%s\", which %s".formatted(text, e.getMessage()));
            return null;
        }
    }

    private static SequencedMap<PathPattern, Integer> modes(ObjectReader reader) {
        SequencedMap<PathPattern, Integer> modes = new TreeMap<>();
        reader.map("modes").forEach((text, given) -> {
            PathPattern pattern = pattern(reader, "modes", text);
            Integer mode = mode(reader, "modes", given);
            if (pattern != null && mode != null) {
                modes.put(pattern, mode);
            }
        });
        return modes;
    }

    /** Null if it is not a mode, which is reported. */
    static @Nullable Integer mode(ObjectReader reader, String name, String given) {
        if (given.matches("0?[0-7]{3}")) {
            return Integer.valueOf(given, 8);
        }
        reader.wrong(name, "has \"%s\", which is not a mode such as \"0755\"".formatted(given));
        return null;
    }

    private static SequencedMap<PathPattern, Owner> owners(ObjectReader reader) {
        SequencedMap<PathPattern, Owner> owners = new TreeMap<>();
        reader.map("owners").forEach((text, given) -> {
            PathPattern pattern = pattern(reader, "owners", text);
            Matcher matcher = OWNER.matcher(given);
            boolean right = matcher.matches()
                    && Long.parseLong(matcher.group(1)) <= MAX_ID
                    && Long.parseLong(matcher.group(2)) <= MAX_ID;
            if (!right) {
                reader.wrong(
                        "owners",
                        "has \"%s\"; expected the numbers of a user and a group, such as \"100:101\"".formatted(given));
            } else if (pattern != null) {
                owners.put(pattern, new Owner(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
            }
        });
        return owners;
    }
}
