package dev.talosforge.talos;

import dev.talosforge.problem.SecretText;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.ServiceSpec.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is found in one service file, with its places. */
final class ServiceNotes {
    /** Of one extension: the first ones tell enough. */
    private static final int MAX_NOTES = 50;

    /**
     * Something in a service file.
     *
     * @param fatal Talos refuses the file, or the service can never start; else it is only told
     * @param remedy what to write instead
     */
    record Note(
            boolean fatal,
            Where.@Nullable Source where,
            String why,
            @Nullable String remedy) {}

    private final List<Note> notes;
    private final @Nullable String file;
    private final List<String> lines;

    private ServiceNotes(List<Note> notes, @Nullable String file, List<String> lines) {
        this.notes = notes;
        this.file = file;
        this.lines = lines;
    }

    static ServiceNotes empty() {
        return new ServiceNotes(new ArrayList<>(), null, List.of());
    }

    /** The same notes, for what is found in this file. */
    ServiceNotes in(String path, String text) {
        return new ServiceNotes(notes, path, SecretText.of(text).lines());
    }

    List<Note> all() {
        return List.copyOf(notes);
    }

    void error(@Nullable Place at, String why, @Nullable String remedy) {
        add(true, at, why, remedy);
    }

    void warning(@Nullable Place at, String why, @Nullable String remedy) {
        add(false, at, why, remedy);
    }

    private void add(boolean fatal, @Nullable Place at, String why, @Nullable String remedy) {
        if (notes.size() < MAX_NOTES || (fatal && notes.stream().noneMatch(Note::fatal))) {
            notes.add(new Note(fatal, where(at), why, remedy));
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
