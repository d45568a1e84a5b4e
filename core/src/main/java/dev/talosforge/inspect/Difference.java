package dev.talosforge.inspect;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One difference between two reports.
 *
 * @param part what kind of thing: {@code identity}, {@code kernel_argument}, {@code extension}, {@code section},
 *     {@code boot_entry}, {@code file}
 * @param what its name, for people
 * @param before the value in the first report; null if there is none
 * @param after the value in the second report; null if there is none
 * @param text the difference in short; empty if {@code what} is enough
 */
public record Difference(
        Change change,
        String part,
        String what,
        @Nullable String before,
        @Nullable String after,
        String text) {
    public enum Change {
        ADDED("+"),
        REMOVED("-"),
        CHANGED("~");

        private final String sign;

        Change(String sign) {
            this.sign = sign;
        }

        /** For people. */
        public String sign() {
            return sign;
        }
    }

    public JsonObject toJson() {
        return Json.object()
                .put("change", change.name().toLowerCase(Locale.ROOT))
                .put("category", part)
                .put("subject", what)
                .put("before", before)
                .put("after", after)
                .put("message", text)
                .build();
    }

    /** All differences of two subjects as one object. */
    public static JsonObject toJson(Report first, Report second, List<Difference> differences) {
        return Json.object()
                .put("format", ReportJson.FORMAT)
                .put("first", first.subject())
                .put("second", second.subject())
                .put("equal", differences.isEmpty())
                .put("differences", Json.array(differences, Difference::toJson))
                .build();
    }
}
