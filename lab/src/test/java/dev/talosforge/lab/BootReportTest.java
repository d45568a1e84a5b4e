package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BootReportTest {
    private static final String GOOD = """
            BdsDxe: starting Boot0001\r
            \u001b[2Jtalos-forge-lab: stand-in for Talos\r
            talos-forge-lab: cmdline console=ttyS0 talos.platform=nocloud\r
            talos-forge-lab: microcode GenuineIntel 8 bytes\r
            talos-forge-lab: extension crun 1.24 mounted\r
            talos-forge-lab: extension frr v1.0.18 mounted\r
            talos-forge-lab: service frr started\r
            talos-forge-lab: service frr bgpd running\r
            talos-forge-lab: vtysh answers FRRouting 8.4.4 (host) on Linux(6.1).\r
            talos-forge-lab: program crun answers crun version 1.8.1\r
            talos-forge-lab: service frr running\r
            talos-forge-lab: service agent is still waiting for path /dev/agent, configuration\r
            """;

    @Test
    void readsAllThatIsReported() {
        BootReport report = BootReport.read(GOOD + "talos-forge-lab: ready extensions=2\r\n", 7);
        assertTrue(report.isReady());
        assertEquals("console=ttyS0 talos.platform=nocloud", report.kernelArguments());
        assertEquals(
                List.of(new BootReport.Extension("crun", "1.24"), new BootReport.Extension("frr", "v1.0.18")),
                report.extensions());
        assertEquals(List.of("frr bgpd", "frr"), report.running());
        assertEquals(List.of(new BootReport.Waiting("agent", "path /dev/agent, configuration")), report.waiting());
        assertEquals(
                List.of(
                        new BootReport.Answer("vtysh", "FRRouting 8.4.4 (host) on Linux(6.1)."),
                        new BootReport.Answer("crun", "crun version 1.8.1")),
                report.answers());
        assertEquals(
                List.of("stand-in for Talos", "microcode GenuineIntel 8 bytes", "service frr started"), report.notes());
        assertEquals(7, report.milliseconds());
    }

    @Test
    void isNotReadyWhileALineIsBeingWritten() {
        BootReport report = BootReport.read(GOOD + "talos-forge-lab: ready extensions=2", 1);
        assertFalse(report.complete());
        assertNull(report.failure());
    }

    @Test
    void takesNoExtensionForGranted() {
        BootReport report = BootReport.read(GOOD + "talos-forge-lab: ready extensions=5\r\n", 1);
        assertFalse(report.isReady());
        assertEquals("the machine reports 5 extensions but listed 2", report.failure());
    }

    @Test
    void reportsWhyItFailed() {
        BootReport report = BootReport.read("talos-forge-lab: failed service frr: bgpd does not answer\n", 1);
        assertFalse(report.isReady());
        assertTrue(report.complete());
        assertEquals("service frr: bgpd does not answer", report.failure());
    }
}
