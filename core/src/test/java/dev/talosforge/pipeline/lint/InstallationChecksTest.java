package dev.talosforge.pipeline.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.Workspace;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What survives an installation is told, by version and firmware; and kernel arguments that nothing can hand over are
 * refused.
 */
class InstallationChecksTest {
    private Path tree = Path.of("");

    @BeforeEach
    void inAFolder(@TempDir Path folder) throws Exception {
        tree = Files.createDirectories(folder.resolve("images"));
    }

    private void images(String version, String inputs) throws IOException {
        Files.writeString(tree.resolve("terragrunt.hcl"), """
                terraform { source = "modules//talos_images" }
                inputs = {
                  talos_version      = "%1$s"
                  installer_registry = "ghcr.io/acme/installer"
                  iso_name           = "talos-%1$s-{architecture}.iso"
                %2$s
                }
                """.formatted(version, inputs));
    }

    private void says(String expected) {
        assertEquals(
                expected,
                Linter.of(
                                Workspace.open(tree, EvaluationSettings.validating(Map.of()))
                                        .evaluateAll(),
                                new TreeMap<>())
                        .stream()
                        .filter(finding -> finding.check().isAboutInstallation())
                        .map(finding ->
                                "%s\n%s\n%s\n".formatted(finding.check().id(), finding.what(), finding.details()))
                        .collect(Collectors.joining("\n")));
    }

    private List<Problem> problems() {
        return assertThrows(
                        BuildException.class,
                        () -> Stage.of(
                                        Workspace.open(tree, EvaluationSettings.validating(Map.of()))
                                                .evaluate(tree),
                                        new TreeMap<>())
                                .check())
                .problems();
    }

    @Test
    void aNodeOfTheDefaultPlatformsLosesItsCardNameItsConsoleAndItsDrive() throws Exception {
        images("v1.11.5", "");
        says("""
                installed-otherwise
                installer_platform of images: a node started by UEFI changes when it is installed
                the ISO boots for nocloud, the installed system for metal:
                - network cards: eth0 becomes enp0s2 or the like (net.ifnames=0 is only in the ISO)
                - consoles: tty1 ttyS0 in the ISO, tty0 when installed; the others stay silent
                - configuration: the cloud-init drive is no longer read
                to keep everything: installer_platform = "nocloud"
                to stay with metal: installer_platform = "metal", and in kernel_args: "net.ifnames=0", "console=tty0", "console=ttyS0"
                """);
    }

    @Test
    void whatWasFixedAsSuggestedIsNotReportedAgain() throws Exception {
        images("v1.11.5", "  installer_platform = \"nocloud\"");
        says("");
        images("v1.13.0", "  iso_platform = \"metal\"\n  installer_platform = \"\"");
        says("");
        images(
                "v1.11.5",
                "  installer_platform = \"metal\"\n  kernel_args = [\"net.ifnames=0\", \"console=tty0\", \"console=ttyS0\"]\n  architecture = \"arm64\"");
        says("");
    }

    @Test
    void aPlatformThatNobodyWroteIsAskedFor() throws Exception {
        images(
                "v1.12.0",
                "  kernel_args = [\"net.ifnames=0\", \"console=tty0\", \"console=ttyS0\"]\n  architecture = \"arm64\"");
        says("""
                installed-otherwise
                installer_platform of images: a node started by UEFI (or a BIOS with machine.install.grubUseUKICmdline) changes when it is installed
                the ISO boots for nocloud, the installed system for metal:
                - configuration: the cloud-init drive is no longer read
                to keep everything: installer_platform = "nocloud"
                if the change is intended, write: installer_platform = "metal"
                """);
    }

    @Test
    void aBiosLosesKernelArgumentsUntilTheMachineConfigurationHasThem() throws Exception {
        images(
                "v1.11.5",
                "  iso_platform = \"metal\"\n  kernel_args = [\"talos.platform=metal\", \"intel_iommu=on\", \"-init_on_alloc\", \"talos.config=https://me:pw@host/\"]");
        says("""
                kernel-args-not-installed
                kernel_args of images: a node started by a BIOS does not keep them when it is installed
                GRUB's command line on the disk comes from the machine configuration, not from the installer:
                - removed: intel_iommu=on
                - restored: init_on_alloc=1
                add to the machine configuration:
                machine:
                  install:
                    extraKernelArgs:
                      - intel_iommu=on
                      - -init_on_alloc
                      - talos.config=https://…@host/
                """);
    }

    @Test
    void fromTalos112OnGrubCanTakeTheInstallersLine() throws Exception {
        images("v1.12.0", "  iso_platform = \"metal\"\n  kernel_args = [\"a=\\\"x y\\\"\", \"quiet\"]");
        says("""
                kernel-args-not-installed
                kernel_args of images: a node started by a BIOS does not keep them when it is installed
                GRUB's command line on the disk comes from the machine configuration, not from the installer, unless the configuration requests it (talosctl gen config does since v1.12, older clusters do not):
                - removed: "a=x y" quiet
                add to the machine configuration:
                machine:
                  install:
                    grubUseUKICmdline: true
                GRUB still splits these, as Talos quotes them: "a=x y"
                """);
    }

    @Test
    void severalArchitecturesAreOneFinding() throws Exception {
        images("v1.11.5", "  architectures = [\"amd64\", \"arm64\"]\n  iso_platform = \"gcp\"");
        says("""
                installed-otherwise
                iso_platform of images: a node started by UEFI changes when it is installed
                the ISO boots for gcp, the installed system for metal:
                - network cards: eth0 becomes enp0s2 or the like (net.ifnames=0 is only in the ISO)
                - consoles amd64: ttyS0 in the ISO, tty0 when installed; the others stay silent
                - configuration: it is read as on platform metal, no longer as on gcp
                - arguments only in the ISO amd64: talos.dashboard.disabled=1 sysctl.kernel.kexec_load_disabled=1
                - consoles arm64: ttyS0 in the ISO, ttyAMA0 tty0 when installed; the others stay silent
                - arguments only in the ISO arm64: talos.dashboard.disabled=1 sysctl.kernel.kexec_load_disabled=1
                to keep everything: installer_platform = "gcp"
                to stay with metal: installer_platform = "metal", and in kernel_args: "net.ifnames=0", "console=tty0", \
                "console=ttyS0", "talos.dashboard.disabled=1", "sysctl.kernel.kexec_load_disabled=1", "console=ttyAMA0"
                """);
    }

    @Test
    void whoIsStrictIsStoppedByWhatTheTreeCanFix() {
        assertTrue(LintRule.INSTALLED_OTHERWISE.isFixableInTree());
        assertTrue(!LintRule.KERNEL_ARGS_NOT_INSTALLED.isFixableInTree());
    }

    @Test
    void argumentsThatFirmwaresHandOverDifferentlyAreProblems() throws Exception {
        images(
                "v1.11.5",
                "  kernel_args = [\"quiet\", <<EOT\niommu=pt\nnosmt\nEOT\n  , \"a='b c'\", <<EOT\nfine\nEOT\n  ]");
        assertEquals(
                List.of(
                        "cannot use input \"kernel_args[1]\" of images",
                        "it contains a line break (LF), where GRUB ends its command: \"iommu=pt\\nnosmt\"",
                        "write each argument as a separate item: compact(split(\"\\n\", TEXT)) makes items of lines",
                        "cannot use input \"kernel_args[2]\" of images",
                        "it has a single quote; GRUB puts a backslash before it: \"a='b c'\"",
                        "remove it: the kernel only knows double quotes, NAME=\"VALUE WITH BLANKS\""),
                problems().stream()
                        .flatMap(problem -> java.util.stream.Stream.of(
                                problem.what(), problem.why(), String.valueOf(problem.remedy())))
                        .toList());
    }

    @Test
    void aLineLongerThanTheKernelTakesIsAProblem() throws Exception {
        int others = 257; // with BOOT_IMAGE=/boot/vmlinuz in front and talos.experimental.wipe=system behind
        images("v1.11.5", "  kernel_args = [\"%s\"]".formatted("x".repeat(2047 - others)));
        Stage.of(Workspace.open(tree, EvaluationSettings.validating(Map.of())).evaluate(tree), new TreeMap<>())
                .check();
        images("v1.11.5", "  kernel_args = [\"%s\"]".formatted("x".repeat(2048 - others)));
        assertEquals(
                "it makes a command line of 2048 bytes for amd64, including what Talos and boot loaders add; the kernel reads 2047,"
                        + " and drops the argument that exceeds the limit and all that follow",
                problems().getFirst().why());
        assertEquals(
                "shorten it by at least 1 bytes; pass a machine configuration by talos.config=URL or a cloud-init drive",
                String.valueOf(problems().getFirst().remedy()));
    }
}
