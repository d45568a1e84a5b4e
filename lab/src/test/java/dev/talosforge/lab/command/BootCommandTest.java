package dev.talosforge.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.cli.CommandLineRun;
import dev.talosforge.cli.DocumentedJson;
import dev.talosforge.lab.BootReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootCommandTest {
    @TempDir
    private Path folder;

    private CommandLineRun run(String... args) {
        return CommandLineRun.in(folder, Map.of(), args).withoutFolder(folder);
    }

    @Test
    void aFileThatIsMissingIsReported() throws IOException {
        assertEquals(new CommandLineRun(2, "", """
                error: cannot boot talos.iso
                  why:   there is no such file
                """), run("boot", "talos.iso"));
        Files.createFile(folder.resolve("talos.iso"));
        assertEquals(new CommandLineRun(2, "", """
                error: cannot use machine.yaml for --user-data
                  why:   there is no such file
                """), run("boot", "talos.iso", "--user-data", "machine.yaml"));
        assertEquals(new CommandLineRun(2, "", """
                error: cannot use network.yaml for --network-config
                  why:   there is no such file
                """), run("boot", "talos.iso", "--network-config", "network.yaml"));
    }

    /** The lab's commands are found whatever other words are typed. */
    @Test
    void aFileMayHaveTheNameOfACommand() {
        assertEquals(new CommandLineRun(2, "", """
                error: cannot boot plan
                  why:   there is no such file
                """), run("boot", "plan"));
    }

    @Test
    void twoFirmwaresAreTwoRuns() throws IOException {
        Files.createFile(folder.resolve("talos.iso"));
        assertEquals(new CommandLineRun(2, "", """
                error: cannot boot talos.iso
                  why:   --bios and --uefi need separate runs
                """), run("boot", "talos.iso", "--bios", "--uefi"));
    }

    /** docs/cli.md lists the members of what is printed. */
    @Test
    void theReportIsDocumented() throws IOException {
        BootReport report = new BootReport(
                "quiet",
                List.of(new BootReport.Extension("a", "1")),
                List.of("frr"),
                List.of(new BootReport.Waiting("b", "configuration")),
                List.of(new BootReport.Answer("vtysh", "8.4")),
                List.of(),
                null,
                true,
                1);
        DocumentedJson.under("### `boot`").isWhatIsPrinted(BootCommand.json(report));
    }
}
