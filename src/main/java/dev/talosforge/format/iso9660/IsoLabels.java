package dev.talosforge.format.iso9660;

/**
 * What a volume says about itself, as far as it is text.
 *
 * @param volume 1 to 32 of {@code A-Z 0-9 _}
 * @param volumeSet up to 128 printable ASCII characters, as for the others
 * @param preparer the program that made it
 */
public record IsoLabels(String volume, String volumeSet, String publisher, String preparer, String application) {
    public IsoLabels {
        if (!volume.matches("[A-Z0-9_]{1,32}")) {
            throw new IllegalArgumentException("not an ISO 9660 volume identifier: \"%s\"".formatted(volume));
        }
        for (String text : new String[] {volumeSet, publisher, preparer, application}) {
            if (text.length() > 128 || !text.chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
                throw new IllegalArgumentException("not an ISO 9660 identifier: \"%s\"".formatted(text));
            }
        }
    }
}
