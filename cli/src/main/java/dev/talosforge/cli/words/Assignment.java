package dev.talosforge.cli.words;

/** A name and its value, as written after an option: {@code NAME=VALUE}. */
public record Assignment(String name, String value) {
    /** The value is everything after the first equals sign. */
    public static Assignment of(String option, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw BadOption.invalid("cannot use %s \"%s\"".formatted(option, text), "it is not NAME=VALUE");
        }
        return new Assignment(text.substring(0, equals), text.substring(equals + 1));
    }
}
