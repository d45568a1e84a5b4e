package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without the lab, which is another module: these tests do not know it. */
class NotInstalledTest {
    @TempDir
    private Path folder;

    private CommandLineRun run(String words) {
        Map<String, String> environment = Map.of(
                "HOME",
                folder.toString(),
                "TALOS_FORGE_LAB",
                folder.resolve("lab.jar").toString());
        return CommandLineRun.in(folder, environment, words.split(" ", -1)).withoutFolder(folder);
    }

    @Test
    void theLabIsReportedAsMissing() {
        for (String words : new String[] {"lab status --dir build/lab", "lab --help"}) {
            assertEquals(new CommandLineRun(5, "", """
                    error: cannot run talos-forge lab
                      why:   the lab, a separate part, is not installed: there is no lab.jar
                      try:   run make lab in the source tree of this version, then copy target/lab beside talos-forge.jar or export TALOS_FORGE_LAB=FILE
                    """), run(words), words);
        }
        assertEquals(5, run("boot --uefi talos.iso").code());
    }

    @Test
    void listsOfCommandsHaveIt() {
        String help = run("--help").out();
        assertTrue(help.contains("  lab  "), help);
        assertTrue(help.contains("  boot  "), help);
    }

    @Test
    void aJarThatIsInvalidIsReported() throws Exception {
        Files.writeString(folder.resolve("lab.jar"), "no jar");
        assertEquals(5, run("lab status").code());
    }
}
