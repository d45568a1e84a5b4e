package dev.talosforge.pipeline.run;

import dev.talosforge.bytes.WholeFile;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.problem.Wording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A run as a file for other programs: what {@code --report FILE} writes.
 *
 * @param command the command: {@code apply}, {@code plan}, …
 * @param directory the folder, as the user named it
 * @param results in the order in which the units depend on each other
 * @param wording of remedies
 */
public record RunReport(String command, String directory, List<UnitResult> results, Wording wording) {
    private static final int FORMAT = 1;

    public RunReport {
        results = List.copyOf(results);
    }

    public JsonObject toJson() {
        return Json.object()
                .put("format", FORMAT)
                .put("command", command)
                .put("directory", directory)
                .put("units", Json.array(results, this::unit))
                .put("summary", summary())
                .build();
    }

    /** Writes it; the file appears under its name when it is complete. */
    public void write(Path file) throws IOException {
        WholeFile.write(file, toJson().pretty().getBytes(StandardCharsets.UTF_8));
    }

    /** The number of units for each ending, without endings that did not occur. */
    public SequencedMap<UnitResult.Ending, Long> counts() {
        SequencedMap<UnitResult.Ending, Long> counts = new TreeMap<>();
        results.forEach(result -> counts.merge(result.ending(), 1L, Long::sum));
        return counts;
    }

    private Json summary() {
        Json.Builder summary = Json.object().put("units", results.size());
        counts().forEach((ending, count) -> summary.put(ending.word(), count));
        return summary.build();
    }

    /** Times are in UTC; the duration is in milliseconds. */
    private Json unit(UnitResult result) {
        Json.Builder unit = Json.object()
                .put("unit", result.unit())
                .putIfPresent("module", result.module())
                .put("result", result.ending().word())
                .putIfPresent("reason", result.because());
        Timing timing = result.timing();
        if (timing != null) {
            unit.put("started", timing.started().truncatedTo(ChronoUnit.MILLIS).toString())
                    .put(
                            "ended",
                            timing.started()
                                    .plus(timing.taken())
                                    .truncatedTo(ChronoUnit.MILLIS)
                                    .toString())
                    .put("milliseconds", timing.taken().toMillis());
        }
        if (result.bug() != null) {
            unit.put("bug", result.bug().toString());
        }
        return unit.put("problems", Json.array(result.problems(), problem -> json(problem, wording)))
                .build();
    }

    /** A problem, with its place if that is in a file. */
    public static Json json(Problem problem, Wording wording) {
        Json.Builder json = Json.object()
                .put("kind", problem.kind().name().toLowerCase(Locale.ROOT))
                .put("message", problem.what())
                .put("reason", problem.why())
                .putIfPresent("remedy", problem.remedy() == null ? null : wording.of(problem.remedy()));
        if (problem.where() instanceof Where.Source source) {
            json.put("file", source.file().toString())
                    .put("line", source.line())
                    .put("column", source.column());
        }
        if (problem.where() instanceof Where.Input(String name)) {
            json.put("input", name);
        }
        if (problem.where() instanceof Where.Setting setting) {
            json.put("setting", wording.of(setting.by()));
        }
        return json.build();
    }
}
