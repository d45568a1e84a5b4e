package dev.talosforge.pipeline.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Where a unit that another tool runs stands against the artifacts that it consumes. */
public sealed interface ConsumerStatus {
    /** In words. Times are in UTC, to the second. */
    default String told() {
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
            case NeverApplied() -> "never applied, or not by this machine";
            case NotTold(var why) -> "not told: " + why;
        };
    }

    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** It was applied after what it consumes was last published. */
    record Current(Instant applied) implements ConsumerStatus {}

    /**
     * What it consumes was published after it was applied: it still runs what came before.
     *
     * @param than what is newer than it
     */
    record Older(Instant applied, List<Newer> than) implements ConsumerStatus {
        public Older {
            than = List.copyOf(than);
        }
    }

    /** A unit of ours that published something since. */
    record Newer(String unit, Instant published) {}

    record NeverApplied() implements ConsumerStatus {}

    /**
     * Nobody here can tell.
     *
     * @param why in words: "its state is kept in s3"
     */
    record NotTold(String why) implements ConsumerStatus {}
}
