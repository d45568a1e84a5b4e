package dev.talosforge.provenance;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.oci.ImagePlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the last apply of an images unit recorded.
 *
 * @param installer where the installer was put
 * @param pushed whether the installer was published
 * @param whole whether the record of the parts belongs to the recorded outputs
 * @param parts what it was made of
 * @param recordedParts how many lines a plan has for them
 */
public record RecordedImages(
        ImagePlace installer,
        Sha256 installerDigest,
        boolean pushed,
        Path iso,
        Sha256 isoDigest,
        String talosVersion,
        boolean whole,
        List<Part> parts,
        int recordedParts) {
    public RecordedImages {
        parts = List.copyOf(parts);
    }

    /**
     * Reads them.
     *
     * @param state where the outputs are recorded, for messages
     * @param unit folder of the unit
     * @param record the record beside it; null where there is none
     */
    public static RecordedImages of(
            Path state, Path unit, SequencedMap<String, Json> outputs, @Nullable ApplyRecord record)
            throws IOException {
        Publication publication = record == null ? null : record.publication();
        String iso = text(state, outputs, "iso_sha256");
        try {
            return new RecordedImages(
                    ImagePlace.parse(text(state, outputs, "installer_image"), unit),
                    Sha256.parse(text(state, outputs, "installer_digest")),
                    record == null || !record.isKept(),
                    unit.resolve(text(state, outputs, "iso_path")).normalize(),
                    new Sha256(iso),
                    text(state, outputs, "talos_version"),
                    publication != null && publication.isOf(outputs),
                    record == null ? List.of() : record.parts(),
                    record == null ? 0 : record.lines().size());
        } catch (IllegalArgumentException e) {
            throw new FormatException("Terraform state " + state, 0, String.valueOf(e.getMessage()));
        }
    }

    private static String text(Path state, SequencedMap<String, Json> outputs, String name) throws FormatException {
        if (outputs.get(name) instanceof JsonText(String text)) {
            return text;
        }
        throw new FormatException("Terraform state " + state, 0, "has no output " + name);
    }
}
