package dev.talosforge.talos.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * How the command line of an installed system differs from the ISO's, as far as a node sees it.
 *
 * @param platform null if it stays
 * @param consoles null if no kind of console is lost
 * @param cardNames null if network cards keep their names
 * @param gone other arguments that only the ISO has
 * @param added other arguments that only the installed system has
 */
public record ArgumentChanges(
        @Nullable Change platform,
        @Nullable Change consoles,
        @Nullable Change cardNames,
        List<String> gone,
        List<String> added) {
    /** What an installation changes by design: the ISO's guard, and the source of the configuration. */
    private static final List<String> EXPECTED = List.of("talos.halt_if_installed", "talos.config");

    private static final String PLATFORM = "talos.platform";
    private static final String CONSOLE = "console";
    private static final String NAMES = "net.ifnames";

    public ArgumentChanges {
        gone = List.copyOf(gone);
        added = List.copyOf(added);
    }

    /** Values of an argument, joined by blanks; empty if it is missing. */
    public record Change(String before, String after) {}

    /**
     * The changes from one line to another.
     *
     * @param iso as the kernel gets it, with or without the word that GRUB adds
     * @param installed likewise
     */
    public static ArgumentChanges between(String iso, String installed) {
        SequencedSet<String> before = words(iso);
        SequencedSet<String> after = words(installed);
        return new ArgumentChanges(
                changed(values(before, PLATFORM), values(after, PLATFORM)),
                consoles(values(before, CONSOLE), values(after, CONSOLE)),
                changed(last(before, NAMES), last(after, NAMES)),
                others(before, after),
                others(after, before));
    }

    /** Whether a node sees no difference. */
    public boolean none() {
        return onlyPlatform() && platform == null;
    }

    /** Whether nothing but the platform changes. */
    public boolean onlyPlatform() {
        return consoles == null && cardNames == null && gone.isEmpty() && added.isEmpty();
    }

    /**
     * Whether a console is of a kind that no other one is: screens are one kind, and each type of serial port is
     * another.
     */
    public static boolean isMissing(String console, List<String> others) {
        return others.stream().map(ArgumentChanges::driver).noneMatch(driver(console)::equals);
    }

    private static String driver(String console) {
        int comma = console.indexOf(',');
        String device = comma < 0 ? console : console.substring(0, comma);
        return device.replaceFirst("\\d+$", "");
    }

    private static SequencedSet<String> words(String line) {
        return new LinkedHashSet<>(KernelLine.of(HandedOver.withoutImage(line)).words());
    }

    private static String key(String word) {
        int value = word.indexOf('=');
        return value < 0 ? word : word.substring(0, value);
    }

    private static List<String> values(SequencedSet<String> words, String key) {
        return words.stream()
                .filter(word -> key(word).equals(key))
                .map(word -> word.equals(key) ? "" : word.substring(key.length() + 1))
                .toList();
    }

    private static List<String> last(SequencedSet<String> words, String key) {
        List<String> values = values(words, key);
        return values.isEmpty() ? values : List.of(values.getLast());
    }

    private static @Nullable Change changed(List<String> before, List<String> after) {
        return before.equals(after) ? null : new Change(String.join(" ", before), String.join(" ", after));
    }

    private static @Nullable Change consoles(List<String> before, List<String> after) {
        return before.stream().anyMatch(console -> isMissing(console, after)) ? changed(before, after) : null;
    }

    private static List<String> others(SequencedSet<String> words, SequencedSet<String> without) {
        List<String> others = new ArrayList<>();
        for (String word : words) {
            String key = key(word);
            if (!without.contains(word)
                    && !EXPECTED.contains(key)
                    && !List.of(PLATFORM, CONSOLE, NAMES).contains(key)) {
                others.add(word);
            }
        }
        return others;
    }
}
