package dev.talosforge.provenance;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The record of a last apply, as far as it could be read. One that cannot be read is ignored, because it is only a memory:
 * the next plan then shows everything as new.
 *
 * @param record null if there is none, or it cannot be read
 * @param damage why it cannot be read and is ignored; null if it can
 */
public record ReadRecord(
        @Nullable ApplyRecord record, @Nullable String damage) {
    private static final String RECORD = "record of the last apply";
    private static final int MAX_BYTES = 4 << 20;

    private static final ReadRecord NONE = new ReadRecord(null, null);

    /** That beside a state. */
    public static ReadRecord beside(Path state) throws IOException {
        Path file = ApplyRecord.recordOf(state);
        return read(file.toString(), () -> {
            byte[] bytes = ByteSource.of(file).readAll(RECORD, MAX_BYTES);
            return JsonReader.readObject(RECORD, bytes);
        });
    }

    /**
     * One that is kept elsewhere.
     *
     * @param name for messages
     */
    public static ReadRecord of(JsonObject json, String name) throws IOException {
        return read(name, () -> json);
    }

    private interface Reading {
        JsonObject json() throws IOException;
    }

    private static ReadRecord read(String name, Reading reading) throws IOException {
        String as = "%s %s and is ignored: %s";
        try {
            return new ReadRecord(parsed(reading.json()), null);
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (FormatException e) {
            return new ReadRecord(null, as.formatted(name, "is damaged", e.getMessage()));
        } catch (NewerRecordException e) {
            return new ReadRecord(null, as.formatted(name, "cannot be read", e.getMessage()));
        }
    }

    private static ApplyRecord parsed(JsonObject json) throws FormatException, NewerRecordException {
        Publication publication = Publication.read(json.object("publication"));
        StageKind stage = json.get("format") == null
                ? FirstFormat.stage(json.text("stage"))
                : RecordKey.find(StageKind.values(), json.text("stage"));
        if (json.get("format") == null) {
            return new ApplyRecord(known("stage", stage), FirstFormat.parts(json.object("parts")), publication);
        }
        long format = known("format", json.whole("format"));
        if (format != ApplyRecord.FORMAT) {
            throw NewerRecordException.ofFormat(format, ApplyRecord.FORMAT);
        }
        JsonArray parts = known("made_of", json.get("made_of") instanceof JsonArray array ? array : null);
        try {
            return new ApplyRecord(known("stage", stage), PartReader.parts(parts.items()), publication);
        } catch (IllegalArgumentException e) {
            throw new FormatException(RECORD, 0, String.valueOf(e.getMessage()));
        }
    }

    private static <T> T known(String name, @Nullable T value) throws FormatException {
        if (value == null) {
            throw new FormatException(RECORD, 0, "\"%s\" is missing or cannot be read".formatted(name));
        }
        return value;
    }
}
