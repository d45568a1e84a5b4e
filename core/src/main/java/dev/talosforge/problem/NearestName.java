package dev.talosforge.problem;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the name that the user probably meant. */
public final class NearestName {
    private static final int MAX_LENGTH = 64;

    private NearestName() {}

    /** {@code did you mean "x"?}, or null if no name is near: at most a third of the letters may differ. */
    public static @Nullable String suggestion(String given, Collection<String> known) {
        String nearest = nearest(given, known);
        return nearest == null ? null : "did you mean \"" + nearest + "\"?";
    }

    /** The name itself, or null if no name is near. */
    public static @Nullable String nearest(String given, Collection<String> known) {
        String nearest = null;
        int best = Math.max(1, given.length() / 3) + 1;
        for (String candidate : known) {
            if (candidate.length() > MAX_LENGTH || given.length() > MAX_LENGTH) {
                continue;
            }
            int distance = distance(given, candidate);
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** How many letters have to be added, removed or replaced, or neighbours exchanged. */
    public static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], previous[j]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = previous;
            previous = row;
        }
        return previous[b.length()];
    }
}
