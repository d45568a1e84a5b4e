package dev.talosforge.format.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.Field;
import dev.talosforge.bytes.FieldWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The tables of docs/formats cannot drift from the code. */
class DocumentedLayoutTest {
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| (\\d+) \\| (\\w+) \\|.*");
    private static final Pattern TITLE = Pattern.compile("#+ (.*)");

    private static Map<String, FieldWriter> structures() {
        Map<String, FieldWriter> structures = new TreeMap<>();
        Inode.Header basic = new Inode.Header(1, 0755, 0, 0, 0, 1);
        Inode.Header extended = new Inode.Header(9, 0755, 0, 0, 0, 1);
        structures.put(
                "Superblock",
                new Superblock(1, 0, 131072, 0, 4, 0, 1, 0, 0, 0, Superblock.ABSENT, 0, 0, 0, 0).encode());
        structures.put("Directory inode", new Inode.Directory(basic, 0, 2, 3, 0, 1, 0, Inode.NO_XATTR).encode());
        structures.put(
                "Extended directory inode", new Inode.Directory(extended, 0, 2, 3, 0, 1, 0, Inode.NO_XATTR).encode());
        structures.put("File inode", new Inode.RegularFile(basic, 0, 0, 0, 1, 0, 0, Inode.NO_XATTR).encode());
        structures.put(
                "Extended file inode", new Inode.RegularFile(extended, 0, 0, 0, 1, 0, 0, Inode.NO_XATTR).encode());
        structures.put("Symlink inode", new Inode.Symlink(basic, 1, 1, Inode.NO_XATTR).encode());
        structures.put("Device inode", new Inode.Device(basic, 1, 1, Inode.NO_XATTR).encode());
        structures.put("Extended device inode", new Inode.Device(extended, 1, 1, 0).encode());
        structures.put("Pipe and socket inode", new Inode.Ipc(basic, 1, Inode.NO_XATTR).encode());
        structures.put("Extended pipe and socket inode", new Inode.Ipc(extended, 1, 0).encode());
        structures.put("Attribute table", new XattrHeader(0, 1).encode());
        structures.put("Attribute set", new XattrSet(0, 1, 17).encode());
        structures.put("Attribute name", new XattrName(XattrName.SECURITY, 7).encode());
        structures.put("Directory header", new DirectoryHeader(1, 0, 1).encode());
        structures.put("Directory entry", new DirectoryEntry(0, 0, 1, 1).encode());
        structures.put("Directory index", new DirectoryIndex(0, 0, 1).encode());
        structures.put("Fragment entry", new FragmentEntry(0, SizeWord.HOLE).encode());
        return structures;
    }

    @TestFactory
    Stream<DynamicTest> documentedLayoutIsTheRealOne() throws Exception {
        Map<String, List<Field>> documented = documented();
        return structures().entrySet().stream()
                .map(structure -> DynamicTest.dynamicTest(
                        structure.getKey(),
                        () -> assertEquals(
                                documented.get(structure.getKey()),
                                structure.getValue().layout())));
    }

    @Test
    void everyTableBelongsToAStructure() throws Exception {
        assertEquals(structures().keySet(), documented().keySet());
    }

    private static Map<String, List<Field>> documented() throws Exception {
        Map<String, List<Field>> tables = new TreeMap<>();
        String title = "";
        for (String line : Files.readAllLines(Path.of("docs/formats/squashfs.md"))) {
            var heading = TITLE.matcher(line);
            var row = ROW.matcher(line);
            if (heading.matches()) {
                title = heading.group(1);
            } else if (row.matches()) {
                tables.computeIfAbsent(title, t -> new java.util.ArrayList<>())
                        .add(new Field(Integer.parseInt(row.group(1)), Integer.parseInt(row.group(2)), row.group(3)));
            }
        }
        return tables;
    }
}
