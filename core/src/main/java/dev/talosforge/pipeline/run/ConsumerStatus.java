package dev.talosforge.pipeline.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Whether a unit that another tool runs uses the present artifacts that it consumes. */
public sealed interface ConsumerStatus {
    /** In words. Times are in UTC, to the second. */
    default String text() {
        return switch (this) {
            case Current(var applied) -> "applied %s, after what it consumes was published".formatted(second(applied));
            case Older(var applied, var than) ->
                "applied %s, older than what it consumes: %s; apply it again"
                        .formatted(
                                second(applied),
                                String.join(
                                        ", ",
                                        than.stream()
                                                .map(newer -> "%s was published %s"
                                                        .formatted(newer.unit(), second(newer.published())))
                                                .toList()));
            case NeverApplied() -> "never applied, or not from this machine";
            case Unknown(var why) -> "unknown: " + why;
        };
    }

    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** It was applied after what it consumes was last published. */
    record Current(Instant applied) implements ConsumerStatus {}

    /**
     * What it consumes was published after it was applied: it still uses the earlier one.
     *
     * @param than the units that published since
     */
    record Older(Instant applied, List<Newer> than) implements ConsumerStatus {
        public Older {
            than = List.copyOf(than);
        }
    }

    /** A unit of ours that has published something since. */
    record Newer(String unit, Instant published) {}

    record NeverApplied() implements ConsumerStatus {}

    /**
     * Unknown on this machine.
     *
     * @param why in words: "its state is kept in s3"
     */
    record Unknown(String why) implements ConsumerStatus {}
}
