package dev.talosforge.config.terragrunt;

import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.file.FileParts;
import dev.talosforge.config.unit.Inputs;
import dev.talosforge.config.unit.Retry;
import dev.talosforge.config.unit.ValueReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Reads the {@code retry} blocks of {@code errors}, merged with those of the included files. */
final class RetryReader {
    private static final int MAX_SECONDS = 24 * 60 * 60;

    private final Range at;
    private final String name;
    private final SortedMap<String, Value> block;

    private RetryReader(Range at, String name, SortedMap<String, Value> block) {
        this.at = at;
        this.name = name;
        this.block = block;
    }

    static List<Retry> read(FileParts parts, Range at) {
        List<Retry> retries = new ArrayList<>();
        if (parts.part("errors", at) instanceof Value.Mapping(var _, var errors)
                && errors.get("retry") instanceof Value.Sequence(var _, List<Value> blocks)) {
            for (Value block : blocks) {
                if (block instanceof Value.Mapping(var _, var members) && Inputs.isKnown(block)) {
                    String name = members.get("name") instanceof Value.Text(String text) ? text : "";
                    retries.add(new RetryReader(at, name, members).retry());
                }
            }
        }
        return retries;
    }

    private Retry retry() {
        List<String> errors = new ArrayList<>();
        if (!(block.get("retryable_errors") instanceof Value.Sequence(var _, List<Value> items))) {
            throw wrong("retryable_errors is not a list of texts");
        }
        for (Value item : items) {
            if (!(item instanceof Value.Text(String text))) {
                throw wrong("retryable_errors is not a list of texts");
            }
            errors.add(text);
        }
        return new Retry(
                name,
                errors,
                whole("max_attempts", 1, Integer.MAX_VALUE),
                Duration.ofSeconds(whole("sleep_interval_sec", 0, MAX_SECONDS)));
    }

    private int whole(String attribute, int least, int most) {
        Long whole = ValueReader.asWhole(block.getOrDefault(attribute, Value.ofNull()), least, most);
        if (whole != null) {
            return Math.toIntExact(whole);
        }
        throw wrong("%s is not a whole number from %d".formatted(attribute, least)
                + (most == Integer.MAX_VALUE ? "" : " to " + most));
    }

    private RuntimeException wrong(String why) {
        return at.problem("cannot use retry \"%s\"".formatted(name), why, null);
    }
}
