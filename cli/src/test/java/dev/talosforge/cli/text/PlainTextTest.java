package dev.talosforge.cli.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.CommandLineRun;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.engine.Events;
import dev.talosforge.inspect.InspectSamples;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.talos.extension.ExtensionManifest;
import dev.talosforge.tree.TreeBuilder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row 9e: texts of others steer no terminal, and their line ends make no line of ours. */
class PlainTextTest {
    private static final String EVIL = "a\u001b[2J\r\u0085\u009b\u007f\u202e\u2066z\nerror: b\r\n\u0000";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ProcessEnvironment process() {
        PrintStream stream = new PrintStream(bytes, true, UTF_8);
        return new ProcessEnvironment(stream, stream, Map.of(), true);
    }

    @Test
    void byAnyPrinter() {
        PrintStream out = process().out();
        out.println(EVIL);
        out.print((Object) EVIL);
        out.printf("%s", EVIL);
        out.append(EVIL);
        out.println(EVIL.toCharArray());
        new IllegalStateException(EVIL).printStackTrace(out);
        String printed = bytes.toString(UTF_8);
        assertTrue(
                printed.startsWith("a\\u001b[2J\\u000d\\u0085\\u009b\\u007f\\u202e\\u2066z\nerror: b\n\\u0000\n"),
                printed);
        assertEquals(
                "",
                printed.replaceAll("[^\\p{Cc}\\p{Cf}\\u2028\\u2029]|[\n\t]", ""),
                "nothing that steers is left anywhere");
    }

    /** Row 11: as {@code printf} in a shell takes it; half of a pair with its other half is a character. */
    @Test
    void bytesOfNamesAreShown() {
        assertEquals("Z\\xfcrich \ud83d\udcfb", PlainText.of("Z\udcfcrich \ud83d\udcfb"));
    }

    @Test
    void whoSteersTheTerminalMay() {
        process().out().writeBytes("\u001b[J".getBytes(UTF_8));
        assertEquals("\u001b[J", bytes.toString(UTF_8));
    }

    /** What is escaped is the same text for a reader of JSON. */
    @Test
    void jsonSaysTheSame() throws Exception {
        String line = Json.object().put("name", EVIL).build().compact();
        process().out().println(line);
        assertEquals(
                EVIL,
                JsonReader.readObject("line", bytes.toString(UTF_8).strip().getBytes(UTF_8))
                        .text("name"));
        assertEquals(-1, bytes.toString(UTF_8).indexOf('\u202e'));
    }

    @Test
    void aNameIsOneLineOfTheProgress() {
        Events events = new TerminalEvents(process().err(), false, false, () -> 0);
        events.started("u", "squashfs a\nb");
        events.finished("u", "squashfs a\nb", "x\ny\u001b", false);
        events.warning("u", "first\nerror: second");
        assertEquals("""
                u            squashfs a\\nb                x\\ny\\u001b                                                  0.0 s
                u  warning: first
                         error: second
                """, bytes.toString(UTF_8));
    }

    @Test
    void aNameInAnArtifactIsOneCell(@TempDir Path folder) throws Exception {
        InspectSamples samples = new InspectSamples(folder);
        ExtensionManifest manifest = new ExtensionManifest("a\u001b[2J\nerror: b\u202e", "v1", "x\r", "", "", "");
        samples.extension(
                "odd",
                "v1",
                manifest,
                new TreeBuilder(0).file("usr/local/x\ny", 0644, "").build());
        CommandLineRun run =
                CommandLineRun.in(folder, Map.of("HOME", folder.toString()), "inspect", "oci:odd:v1", "--files");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("  a\\u001b[2J\\nerror: b\\u202e  v1       x"), run.out());
        assertTrue(run.out().contains("  rootfs/usr/local/x\\ny\n"), run.out());
    }
}
