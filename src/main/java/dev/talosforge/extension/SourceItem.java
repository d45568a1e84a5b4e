package dev.talosforge.extension;

/**
 * A source in its place.
 *
 * @param at where it stands in the unit: {@code "sources[2]"}
 */
public record SourceItem(String at, Source source, Placement placement) {
    /** For messages: {@code "sources[2] (dir rootfs)"}. */
    @Override
    public String toString() {
        return "%s (%s)".formatted(at, source.name());
    }
}
