package dev.talosforge.talos.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.kernel.KernelArgumentReview.Remark;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said about kernel arguments, whole. */
class KernelArgumentReviewTest {
    private static void says(String version, List<String> arguments, String expected) {
        TalosVersion talos = TalosVersion.parse(version);
        assertNotNull(talos);
        StringBuilder text = new StringBuilder();
        for (Remark remark : KernelArgumentReview.of(
                arguments,
                List.of(
                        new KernelCommandLine.Target(OutputKind.INSTALLER, Platform.METAL, Architecture.AMD64, talos),
                        new KernelCommandLine.Target(OutputKind.ISO, Platform.NOCLOUD, Architecture.AMD64, talos)))) {
            text.append("%d %s\n  %s\n  %s\n  %s\n"
                    .formatted(remark.item(), remark.oddity(), remark.what(), remark.why(), remark.remedy()));
        }
        assertEquals(expected, text.toString());
    }

    @Test
    void soundArgumentsAreNotReported() {
        says(
                "v1.11.5",
                List.of(
                        "intel_iommu=on",
                        "intel_iommu=sm_on",
                        "-init_on_alloc",
                        "-slab_nomerge",
                        "-pti=on",
                        "pti=off",
                        "-net.ifnames",
                        "console=tty1",
                        "console=ttyS0,115200",
                        "ip=dhcp",
                        "ip=10.0.0.2::10.0.0.1",
                        "dyndbg=\"file a.c +p\""),
                "");
    }

    @Test
    void theOrderOfAContradictionDecides() {
        says("v1.11.5", List.of("init_on_alloc=0", "-init_on_alloc"), """
                1 CONTRADICTION
                  "-init_on_alloc" and "init_on_alloc=0" contradict each other
                  one removes what the other sets; in this order the command line has no init_on_alloc
                  keep one of them; to replace Talos' value, remove exactly that: -init_on_alloc=1
                """);
    }

    @Test
    void theVeryValueIsRemovedAndSet() {
        says("v1.11.5", List.of("-quiet=1", "quiet=1"), """
                0 CONTRADICTION
                  "-quiet=1" and "quiet=1" contradict each other
                  one removes what the other sets; in this order the command line has quiet=1
                  keep one of them
                """);
    }

    @Test
    void repetitions() {
        says("v1.11.5", List.of("quiet", "mitigations=off", "quiet", "mitigations=auto"), """
                2 REPETITION
                  "quiet" is given more than once
                  once is enough
                  keep one of them
                3 REPETITION
                  mitigations has several values: "mitigations=off", "mitigations=auto"
                  all of them are on the command line, and for most arguments the kernel takes the last
                  keep one of them
                """);
    }

    @Test
    void whatDoesNothing() {
        says("v1.14.0", List.of("-init_on_alloc", "", "-", "-pti=off"), """
                0 NO_EFFECT
                  "-init_on_alloc" removes nothing
                  Talos v1.14.0 does not set init_on_alloc
                  remove it, or write the argument as Talos does
                1 NO_EFFECT
                  "" is not an argument
                  it sets nothing
                  remove it
                2 NO_EFFECT
                  "-" is not an argument
                  it sets nothing
                  remove it
                3 NO_EFFECT
                  "-pti=off" removes nothing
                  Talos v1.14.0 sets pti=on
                  remove it, or write the argument as Talos does
                """);
    }

    @Test
    void consolesThatAreLost() {
        says("v1.11.5", List.of("console=ttyS1"), """
                0 CONSOLE_LOST
                  "console=ttyS1" replaces every console that Talos sets
                  installer loses tty0, ISO loses tty1
                  add the consoles to keep: console=tty0 for the screen, console=ttyS0 for the serial port
                """);
    }

    /** Whose console it is, where there are several architectures; what is the same for all is said once. */
    @Test
    void severalArchitecturesAreReported() {
        TalosVersion talos = TalosVersion.parse("v1.11.5");
        assertNotNull(talos);
        List<KernelCommandLine.Target> targets = new ArrayList<>();
        for (Architecture architecture : List.of(Architecture.AMD64, Architecture.ARM64)) {
            targets.add(new KernelCommandLine.Target(OutputKind.INSTALLER, Platform.METAL, architecture, talos));
            targets.add(new KernelCommandLine.Target(OutputKind.ISO, Platform.NOCLOUD, architecture, talos));
        }
        assertEquals(
                List.of(
                        "amd64 installer loses tty0, amd64 ISO loses tty1, arm64 installer loses ttyAMA0 and tty0, arm64 ISO loses tty1",
                        "each keeps its own platform (installer: metal, ISO: nocloud), so this one is ignored"),
                KernelArgumentReview.of(List.of("console=ttyS0", "talos.platform=nocloud"), targets).stream()
                        .map(Remark::why)
                        .toList());
    }

    @Test
    void theSharedPlatform() {
        says("v1.11.5", List.of("talos.platform=nocloud"), """
                0 SHARED_PLATFORM
                  "talos.platform=nocloud" is in arguments that several artifacts share
                  each keeps its own platform (installer: metal, ISO: nocloud), so this one is ignored
                  remove it; installer_platform and iso_platform choose platforms
                """);
    }

    @Test
    void severalArgumentsInOneAndNoPasswords() {
        says("v1.11.5", List.of("talos.config=https://ada:secret@example.net/a quiet"), """
                0 SEVERAL_IN_ONE
                  "talos.config=https://…@example.net/a quiet" contains more than one argument
                  only the first is seen when arguments are removed or consoles replaced
                  write each argument as a separate item
                """);
    }
}
