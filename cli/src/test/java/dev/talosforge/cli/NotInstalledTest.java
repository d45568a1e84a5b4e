package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.session.CommandPack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without the lab, which is another module: these tests do not know it. */
@Tag("alone")
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
        assertEquals(unusable("it is damaged, or not the jar of a lab"), run("lab status"));
    }

    @Test
    void aJarWithoutItsClassesIsReported() throws Exception {
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(folder.resolve("lab.jar")))) {
            jar.putNextEntry(new ZipEntry("META-INF/services/" + CommandPack.class.getName()));
            jar.write("dev.talosforge.Nowhere\n".getBytes(UTF_8));
        }
        assertEquals(
                unusable("dev.talosforge.cli.session.CommandPack: Provider dev.talosforge.Nowhere not found"),
                run("lab status"));
    }

    private static CommandLineRun unusable(String why) {
        return new CommandLineRun(5, "", """
                error: cannot use the lab of lab.jar
                  why:   %s
                  try:   install the lab of version (development)
                """.formatted(why));
    }
}
