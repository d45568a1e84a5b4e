package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the stand-in says is recorded with its origin, and nothing is recorded that it does not say. */
class RecordedAnswerTest {
    private static final Path SOURCES = Path.of("lab/src/main/java/dev/talosforge/lab/pve");
    private static final String COLUMNS = "name\tas\tstatus\told\ttext\tversion\tknown\tcase\n";

    private static String refused(String table) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> RecordedAnswer.parse(table))
                .getMessage());
    }

    @Test
    void everyRowIsUsedSomewhere() throws Exception {
        assertEquals(
                Arrays.stream(PveMessage.values()).map(PveMessage::name).toList(),
                List.copyOf(RecordedAnswer.all().keySet()));
        assertEquals(
                Arrays.stream(PveShape.values()).map(PveShape::name).toList(),
                List.copyOf(RecordedShape.all().keySet()));
        StringBuilder code = new StringBuilder();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.sorted().toList()) {
                code.append(Files.readString(file));
            }
        }
        List<String> unused = new ArrayList<>();
        List<Enum<?>> recorded = new ArrayList<>(List.of(PveMessage.values()));
        recorded.addAll(List.of(PveShape.values()));
        for (Enum<?> one : recorded) {
            String use = "%s\\.%s\\b".formatted(one.getDeclaringClass().getSimpleName(), one.name());
            if (!Pattern.compile(use).matcher(code).find()) {
                unused.add(one.name());
            }
        }
        assertEquals(List.of(), unused);
    }

    /**
     * Texts of errors stand in the table and nowhere in the code, but for those of the lab's own switches for faults.
     */
    @Test
    void nothingIsReportedThatIsNotRecorded() throws Exception {
        Pattern text = Pattern.compile("PveAnswer\\.(error|bare|layer|page)\\(|new IOException\\(\"");
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.sorted().toList()) {
                if (file.endsWith("PveCertificates.java")) {
                    continue; // of this machine, not of the server
                }
                for (String line : Files.readAllLines(file)) {
                    if (text.matcher(line).find()) {
                        found.add(file.getFileName() + ": " + line.strip());
                    }
                }
            }
        }
        assertEquals(
                List.of(
                        "PveConnection.java: throw new IOException(\"the client left %d bytes before the end\".formatted(left));",
                        "PveConnection.java: throw new IOException(\"cut on purpose\");",
                        "PveControl.java: return PveAnswer.error(400, \"no such fault, or no such number of times\");",
                        "PveUploads.java: throw new IOException(\"No space left on device\");",
                        "PveUploads.java: throw new IOException(\"no digest \" + algorithm, e);"),
                found);
    }

    @Test
    void aRowSaysItsVersionAndItsCase() {
        String row = "X\thandler\t500\t\twhat\t%s\tran\t%s\n";
        assertEquals(
                new RecordedAnswer(
                        RecordedAnswer.As.HANDLER,
                        500,
                        500,
                        "what",
                        new RecordedOrigin("9.2.11", RecordedOrigin.Known.RAN, "a case")),
                RecordedAnswer.parse(COLUMNS + row.formatted("9.2.11", "a case"))
                        .get("X"));
        String unknown = "a row says neither version nor case, or one of them only: ";
        assertEquals(unknown + "\"\", \"a case\"", refused(COLUMNS + row.formatted("", "a case")));
        assertEquals(unknown + "\"9.2.11\", \" \"", refused(COLUMNS + row.formatted("9.2.11", " ")));
        assertEquals(
                unknown + "\"\", \"b\"",
                String.valueOf(assertThrows(
                                IllegalArgumentException.class,
                                () -> RecordedShape.parse(
                                        "name\tmembers\tperhaps\tversion\tknown\tcase\nX\ta\t\t\tran\tb\n"))
                        .getMessage()));
        assertEquals("1 cells, not 8: X", refused(COLUMNS + "X\n"));
        assertEquals(
                "recorded twice: X", refused(COLUMNS + row.formatted("9.2.11", "a") + row.formatted("8.3.0", "b")));
        assertEquals("the columns are not [name, as, status, old, text, version, known, case]", refused("name\n"));
    }

    @Test
    void anObjectOfAnotherShapeIsNotSaid() {
        assertEquals(
                "LINE lacks [t] and has [text], unlike the real server's",
                String.valueOf(assertThrows(
                                IllegalStateException.class,
                                () -> PveShape.LINE.of(Json.object().put("n", 1).put("text", "x")))
                        .getMessage()));
    }
}
