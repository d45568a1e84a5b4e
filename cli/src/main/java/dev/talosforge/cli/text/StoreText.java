package dev.talosforge.cli.text;

import dev.talosforge.bytes.ByteSize;
import dev.talosforge.engine.StoreItem;
import dev.talosforge.engine.StoreItem.Kind;
import dev.talosforge.engine.StoreLimits;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The contents of a store, and what a clean-up removed. */
public final class StoreText {
    private static final int FORMAT = 1;

    private StoreText() {}

    /**
     * All items of one kind.
     *
     * @param last when one of them was last used; null if there are none
     */
    private record Row(
            Kind kind, int count, long size, @Nullable Instant last) {}

    private static List<Row> rows(List<StoreItem> items) {
        List<Row> rows = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            List<StoreItem> same =
                    items.stream().filter(item -> item.kind() == kind).toList();
            Instant last = same.stream()
                    .map(StoreItem::lastUsed)
                    .max(Instant::compareTo)
                    .orElse(null);
            rows.add(new Row(kind, same.size(), size(same), last));
        }
        return rows;
    }

    private static long size(List<StoreItem> items) {
        return items.stream().mapToLong(StoreItem::size).sum();
    }

    private static String name(Kind kind) {
        return switch (kind) {
            case BLOB -> "blobs";
            case RESULT -> "results";
            case FOLDER -> "tool chains";
            case LOG -> "logs";
            case PARTIAL -> "partial pulls";
            case DIGEST -> "records";
            case GUEST -> "packages";
            case TEMPORARY -> "temporary";
        };
    }

    private static String meaning(Kind kind) {
        return switch (kind) {
            case BLOB -> "layers, manifests, squashfs images, downloads";
            case RESULT -> "results of steps, by their inputs";
            case FOLDER -> "unpacked, for builds from source";
            case LOG -> "output of builds from source";
            case PARTIAL -> "the next pull continues them";
            case DIGEST -> "digests that steps must reproduce";
            case GUEST -> "Debian packages and lists, which are kept";
            case TEMPORARY -> "of active or killed runs";
        };
    }

    /**
     * What the store contains, by kind.
     *
     * @param unused items that a clean-up would remove
     */
    public static String contents(Path folder, List<StoreItem> items, List<StoreItem> unused) {
        if (items.isEmpty()) {
            return folder + ": nothing is stored yet";
        }
        StringBuilder out = new StringBuilder();
        out.append("%s: %s%n".formatted(folder, ByteSize.of(size(items))));
        for (Row row : rows(items)) {
            if (row.count() > 0) {
                line(out, "  ", row, meaning(row.kind()));
            }
        }
        return unused.isEmpty()
                ? out.append("everything was used in the last 30 days, or is kept longer")
                        .toString()
                : out.append("%s not needed for 30 days; to remove it: talos-forge store clean"
                                .formatted(ByteSize.of(size(unused))))
                        .toString();
    }

    private static void line(StringBuilder out, String indent, Row row, String meaning) {
        out.append(String.format(
                        Locale.ROOT,
                        "%s%-13s %6s  %9s  %s",
                        indent,
                        name(row.kind()),
                        row.kind() == Kind.GUEST ? "" : row.count(),
                        ByteSize.of(row.size()),
                        meaning)
                .stripTrailing());
        out.append('\n');
    }

    public static JsonObject contentsJson(Path folder, List<StoreItem> items, List<StoreItem> unused) {
        return Json.object()
                .put("format", FORMAT)
                .put("directory", folder.toString())
                .put("size", size(items))
                .put("unused_size", size(unused))
                .put(
                        "contents",
                        Json.array(
                                rows(items),
                                row -> Json.object()
                                        .put("kind", label(row.kind()))
                                        .put("count", row.count())
                                        .put("size", row.size())
                                        .put("last_used", row.last() == null ? null : second(row.last()))
                                        .build()))
                .build();
    }

    private static String label(Kind kind) {
        return switch (kind) {
            case FOLDER -> "toolchain";
            case PARTIAL -> "partial_pull";
            case DIGEST -> "record";
            case GUEST -> "packages";
            case BLOB, RESULT, LOG, TEMPORARY -> kind.name().toLowerCase(Locale.ROOT);
        };
    }

    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * What was removed, by kind, and what is left.
     *
     * @param dryRun whether nothing was removed
     */
    public static String cleaned(List<StoreItem> removed, List<StoreItem> kept, StoreLimits limits, boolean dryRun) {
        StringBuilder out = new StringBuilder();
        for (Row row : rows(removed)) {
            if (row.count() > 0) {
                line(out, dryRun ? "would remove " : "removed ", row, "");
            }
        }
        String left = ByteSize.of(size(kept));
        if (removed.isEmpty()) {
            out.append("nothing to remove: the store has ").append(left);
        } else if (dryRun) {
            out.append("the store would have %s, %s less".formatted(left, ByteSize.of(size(removed))));
        } else {
            out.append("the store has %s, %s less".formatted(left, ByteSize.of(size(removed))));
        }
        Long most = limits.size();
        return most != null && size(kept) > most
                ? out.append("; records and packages are kept").toString()
                : out.toString();
    }

    /**
     * Same as {@link #cleaned}, item by item.
     *
     * @param dryRun whether nothing was removed
     */
    public static JsonObject cleanedJson(Path folder, List<StoreItem> removed, List<StoreItem> kept, boolean dryRun) {
        return Json.object()
                .put("format", FORMAT)
                .put("directory", folder.toString())
                .put("dry_run", dryRun)
                .put(
                        "removed",
                        Json.array(
                                removed,
                                item -> Json.object()
                                        .put("kind", label(item.kind()))
                                        .put("name", item.name())
                                        .put("size", item.size())
                                        .put("last_used", second(item.lastUsed()))
                                        .build()))
                .put("freed_size", size(removed))
                .put("size", size(kept))
                .build();
    }
}
