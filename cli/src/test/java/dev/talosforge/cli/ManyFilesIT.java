package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.pipeline.ManyFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many files as an image may have, with the memory that the launcher gives. */
@Tag("reference")
class ManyFilesIT {
    private static final String HEAP = "256m";

    /** With their folders just below half a million. */
    private static final int FILES = 498_900;

    @Test
    void halfAMillionFilesAreBuiltAndBuiltAgainAndListed(@TempDir Path folder) throws Exception {
        Path unit = ManyFiles.unit(folder, FILES);
        Path store = folder.resolve("store");
        CommandLineRun first = SmallProcess.run(HEAP, unit, store, "apply");
        assertEquals(0, first.code(), first.err());
        CommandLineRun again = SmallProcess.run(HEAP, unit, store, "apply");
        assertEquals(0, again.code(), again.err());
        assertEquals(first.out(), again.out());
        assertTrue(again.err().contains("reused"), again.err());

        String last = "rootfs/usr/local/share/folder00997/file498899.txt";
        CommandLineRun text = SmallProcess.run(HEAP, folder, store, "inspect", "--files", "oci:many");
        assertEquals(0, text.code(), text.err());
        assertTrue(text.out().endsWith("  " + last + "\n"));
        CommandLineRun json = SmallProcess.run(HEAP, folder, store, "inspect", "--files", "--json", "oci:many");
        assertEquals(0, json.code(), json.err());
        assertTrue(json.out().contains("\"path\":\"" + last + "\""));
    }
}
