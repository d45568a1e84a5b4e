package dev.talosforge.talos.service;

import dev.talosforge.problem.SecretText;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.service.ServiceSpec.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The notes about one service file, with their places. */
public final class ServiceNotes {
    /** Per extension: the first ones are enough. */
    private static final int MAX_NOTES = 50;

    /**
     * A note about a service file.
     *
     * @param fatal Talos rejects the file, or the service can never start; otherwise it is only a warning
     * @param remedy what to write instead
     * @param misspelt an unknown field that is near a known one: the likely cause of what else is wrong
     */
    public record Note(
            boolean fatal,
            Where.@Nullable Source where,
            String why,
            @Nullable String remedy,
            boolean misspelt) {}

    private final List<Note> notes;
    private final @Nullable String file;
    private final List<String> lines;

    /** Whether the other files of the extension are unknown. */
    private final boolean alone;

    /** Unknown fields, by the known one that they are near to. */
    private final Map<String, Misspelt> misspelt = new TreeMap<>();

    private record Misspelt(String written, Note note) {}

    private ServiceNotes(List<Note> notes, @Nullable String file, List<String> lines, boolean alone) {
        this.alone = alone;
        this.notes = notes;
        this.file = file;
        this.lines = lines;
    }

    public static ServiceNotes empty() {
        return new ServiceNotes(new ArrayList<>(), null, List.of(), false);
    }

    /** For a file without the rest of its extension. */
    static ServiceNotes ofOneFile() {
        return new ServiceNotes(new ArrayList<>(), null, List.of(), true);
    }

    /** The same notes, for what is found in this file. */
    public ServiceNotes in(String path, String text) {
        return new ServiceNotes(notes, path, SecretText.of(text).lines(), alone);
    }

    public List<Note> all() {
        return List.copyOf(notes);
    }

    void error(@Nullable Place at, String why, @Nullable String remedy) {
        add(true, at, why, remedy);
    }

    void warning(@Nullable Place at, String why, @Nullable String remedy) {
        add(false, at, why, remedy);
    }

    /** A warning that another file of the extension may resolve. */
    void suspicion(Place at, String why, String remedy) {
        if (!alone) {
            warning(at, why, remedy);
        }
    }

    /** A field that Talos does not know. */
    void unknown(Place at, String written, @Nullable String near, String why, @Nullable String remedy) {
        Note note = new Note(false, where(at), why, remedy, near != null);
        if (notes.size() < MAX_NOTES) {
            notes.add(note);
        }
        if (near != null) {
            misspelt.putIfAbsent(near, new Misspelt(written, note));
        }
    }

    /** A required field that is missing. If it is misspelt, that is the place and the reason, reported once. */
    void missing(String field, @Nullable Place at, String why, String remedy) {
        Misspelt instead = misspelt.get(field);
        if (instead == null) {
            error(at, why, remedy);
            return;
        }
        notes.remove(instead.note());
        notes.add(new Note(
                true,
                instead.note().where(),
                "%s; it has %s instead, which Talos ignores".formatted(why, instead.written()),
                "write %s in place of %s".formatted(field, instead.written()),
                false));
    }

    private void add(boolean fatal, @Nullable Place at, String why, @Nullable String remedy) {
        if (notes.size() < MAX_NOTES || (fatal && notes.stream().noneMatch(Note::fatal))) {
            notes.add(new Note(fatal, where(at), why, remedy, false));
        }
    }

    private Where.@Nullable Source where(@Nullable Place at) {
        if (file == null) {
            return null;
        }
        Place place = at == null ? new Place(1, 1, 1) : at;
        String line = place.line() <= lines.size() ? lines.get(place.line() - 1) : "";
        return new Where.Source(Path.of(file), place.line(), place.column(), place.length(), line);
    }
}
