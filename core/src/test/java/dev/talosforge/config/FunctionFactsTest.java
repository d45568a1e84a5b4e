package dev.talosforge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that Terraform's own functions were seen to give. */
class FunctionFactsTest {
    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("a.txt", "hello\n"),
            Map.entry("b.json", "x"),
            Map.entry("empty", ""),
            Map.entry("sub/c.txt", "y"),
            Map.entry("sub/deep/d.txt", "z"),
            Map.entry(".hid/e.txt", "h"),
            Map.entry("odd[1].txt", "[x]"),
            Map.entry("ä b.txt", "ä"),
            Map.entry("t.tpl", "${name} is ${join(\", \", list)}%{ if n > 1 } many%{ endif }\n"),
            Map.entry("one.tpl", "${v}"),
            Map.entry("bad.tpl", "${missing}"),
            Map.entry("rec.tpl", "${templatefile(\"one.tpl\", {v = v})}"),
            Map.entry("loop.tpl", "%{ for x in list ~}\n- ${x}\n%{ endfor ~}\n"));

    @TempDir
    Path folder;

    @Test
    void givesWhatTerraformGives() throws IOException {
        compare("/functions/facts.txt", 500);
    }

    @Test
    void readsFilesAsTerraformDoes() throws IOException {
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Files.write(folder.resolve("bin"), new byte[] {(byte) 0xFF, (byte) 0xFE});

        compare("/functions/file-facts.txt", 70);
    }

    private void compare(String resource, int least) throws IOException {
        List<String> differences = new ArrayList<>();
        List<String> facts = FunctionCalls.lines(resource);
        for (String fact : facts) {
            String call = fact.substring(0, fact.indexOf('\t'));
            String expected = fact.substring(fact.indexOf('\t') + 1);
            FunctionResult ours = FunctionResult.of(call, FunctionResult.functions(folder));
            boolean same = expected.equals("error")
                    ? ours.value() == null
                    : JsonReader.read("fact", expected.getBytes(StandardCharsets.UTF_8))
                            .equals(ours.value());
            if (!same) {
                differences.add("%s%n  Terraform %s%n  ours      %s".formatted(call, expected, ours));
            }
        }
        assertEquals("", String.join(System.lineSeparator(), differences));
        assertTrue(facts.size() > least, () -> "only %d facts".formatted(facts.size()));
    }
}
