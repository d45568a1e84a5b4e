package dev.talosforge.parts;

/** A part that two artifacts have otherwise; {@link #NOTHING} is where one of them has none. */
public record Difference(String part, String ours, String theirs) {
    public static final String NOTHING = "-";

    /** As a row of the file of differences that are meant, but for its reason. */
    @Override
    public String toString() {
        return part + "\t" + ours + "\t" + theirs;
    }
}
