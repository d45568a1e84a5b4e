package dev.talosforge.state;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a state's lock, in the file that Terraform writes and reads beside the state. It is a note for people: the
 * lock itself is on the state file, and a note without a lock was left by a killed process.
 *
 * @param operation what is running: Terraform's "OperationTypeApply", our "apply"
 * @param who user and machine
 * @param version of the program
 * @param created RFC 3339; Terraform refuses anything else
 * @param path the state file
 */
record LockInfo(String id, String operation, String info, String who, String version, String created, String path) {
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_SHOWN = 200;

    /** Its path: Terraform drops a leading dot from the state's name. */
    static Path beside(Path state) {
        String name = String.valueOf(state.getFileName());
        return state.resolveSibling(".%s.lock.info".formatted(name.startsWith(".") ? name.substring(1) : name));
    }

    /** Null if there is none or it is not valid. */
    static @Nullable LockInfo read(Path file) throws IOException {
        try {
            JsonObject json = JsonReader.readObject(
                    "lock info " + file, ByteSource.of(file).readAll("lock info " + file, MAX_BYTES));
            return new LockInfo(
                    text(json, "ID"),
                    text(json, "Operation"),
                    text(json, "Info"),
                    text(json, "Who"),
                    text(json, "Version"),
                    text(json, "Created"),
                    text(json, "Path"));
        } catch (NoSuchFileException | FormatException e) {
            return null;
        }
    }

    private static String text(JsonObject json, String name) {
        String text = json.text(name);
        if (text == null) {
            return "";
        }
        String shown = text.replaceAll("\\p{Cntrl}", "?");
        return shown.length() > MAX_SHOWN ? shown.substring(0, MAX_SHOWN) + "…" : shown;
    }

    String json() {
        return Json.object()
                        .put("ID", id)
                        .put("Operation", operation)
                        .put("Info", info)
                        .put("Who", who)
                        .put("Version", version)
                        .put("Created", created)
                        .put("Path", path)
                        .build()
                        .compact()
                + "\n";
    }

    /** "OperationTypeApply by ann@build1 since 2026-01-02T03:04:05Z (lock ID …)", without unknown parts. */
    String description() {
        StringJoiner description = new StringJoiner(" ");
        description.add(operation.isEmpty() ? "an operation" : operation);
        if (!who.isEmpty() && !who.equals("@")) {
            description.add("by " + who);
        }
        if (!created.isEmpty() && !created.startsWith("0001-")) {
            description.add("since " + created);
        }
        if (!id.isEmpty()) {
            description.add("(lock ID %s)".formatted(id));
        }
        return description.toString();
    }
}
