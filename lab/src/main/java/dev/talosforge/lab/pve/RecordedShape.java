package dev.talosforge.lab.pve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Members of an object in the real server's answers.
 *
 * @param members that are always there
 * @param perhaps that are there sometimes
 */
record RecordedShape(List<String> members, List<String> perhaps, RecordedOrigin origin) {
    private static final String FILE = "shapes.tsv";
    private static final List<String> COLUMNS = List.of("name", "members", "perhaps", "version", "known", "case");

    RecordedShape {
        members = List.copyOf(members);
        perhaps = List.copyOf(perhaps);
    }

    /** All that the program contains, by name. */
    static SequencedMap<String, RecordedShape> all() {
        return parse(RecordedTable.read(FILE));
    }

    static SequencedMap<String, RecordedShape> parse(String table) {
        SequencedMap<String, RecordedShape> shapes = new LinkedHashMap<>();
        RecordedTable.rows(table, COLUMNS)
                .forEach((name, cells) -> shapes.put(
                        name,
                        new RecordedShape(
                                names(cells.get(1)),
                                names(cells.get(2)),
                                RecordedOrigin.of(cells.get(3), cells.get(4), cells.get(5)))));
        return shapes;
    }

    private static List<String> names(String cell) {
        return cell.isEmpty() ? List.of() : List.of(cell.split(", ", -1));
    }
}
