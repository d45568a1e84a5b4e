package dev.talosforge.format.iso9660;

import dev.talosforge.bytes.LimitException;
import java.util.List;

/**
 * A volume's text identifiers. Other programs' volumes may hold anything; we write:
 *
 * @param volume 1 to 32 of {@code A-Z 0-9 _}
 * @param volumeSet up to 128 printable ASCII characters, as for the others
 * @param preparer the program that made it
 */
public record IsoLabels(String volume, String volumeSet, String publisher, String preparer, String application) {
    /** Refuses identifiers that must not be written. */
    void check() throws LimitException {
        if (!volume.matches("[A-Z0-9_]{1,32}")) {
            throw new LimitException("ISO 9660", volume, "a volume identifier must be 1 to 32 of A-Z, 0-9 and _");
        }
        for (String text : List.of(volumeSet, publisher, preparer, application)) {
            if (text.length() > 128 || !text.chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
                throw new LimitException(
                        "ISO 9660", text, "an identifier must be up to 128 printable ASCII characters");
            }
        }
    }
}
