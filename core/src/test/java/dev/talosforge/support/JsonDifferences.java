package dev.talosforge.support;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonNumber;
import dev.talosforge.json.Json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where two JSON values differ. Numbers are equal when they are the same in 64 bits, which is what Go prints. */
public final class JsonDifferences {
    private final List<String> found = new ArrayList<>();

    private JsonDifferences() {}

    /**
     * One line for each difference: the place, what the real program says, what ours says.
     *
     * @param place what the values are called
     */
    public static List<String> of(String place, Json real, Json ours) {
        JsonDifferences differences = new JsonDifferences();
        differences.compare(place, real, ours);
        return differences.found;
    }

    private void compare(String place, @Nullable Json real, @Nullable Json ours) {
        if (real instanceof JsonObject(var theirs) && ours instanceof JsonObject(var own)) {
            SortedSet<String> names = new TreeSet<>(theirs.keySet());
            names.addAll(own.keySet());
            names.forEach(name -> compare(place + "." + name, theirs.get(name), own.get(name)));
        } else if (real instanceof JsonArray(var theirs)
                && ours instanceof JsonArray(var own)
                && theirs.size() == own.size()) {
            for (int i = 0; i < own.size(); i++) {
                compare("%s[%d]".formatted(place, i), theirs.get(i), own.get(i));
            }
        } else if (!same(real, ours)) {
            found.add("%s: real %s, ours %s".formatted(place, shown(real), shown(ours)));
        }
    }

    private static boolean same(@Nullable Json real, @Nullable Json ours) {
        if (real instanceof JsonNumber(BigDecimal theirs) && ours instanceof JsonNumber(BigDecimal own)) {
            return theirs.compareTo(own) == 0 || theirs.doubleValue() == own.doubleValue();
        }
        return real == null ? ours == null : real.equals(ours);
    }

    private static String shown(@Nullable Json value) {
        return value == null ? "nothing" : value.compact();
    }
}
