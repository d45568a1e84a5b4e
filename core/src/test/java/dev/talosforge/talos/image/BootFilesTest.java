package dev.talosforge.talos.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.pe.UkiAssembler.NewSection;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.kernel.KernelFile;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BootFilesTest {
    private static TalosVersion version(String text) {
        return Objects.requireNonNull(TalosVersion.parse(text));
    }

    @Test
    void osRelease() {
        assertEquals("""
                NAME="Talos"
                ID=talos
                VERSION_ID=v1.11.5
                PRETTY_NAME="Talos (v1.11.5)"
                HOME_URL="https://www.talos.dev/"
                BUG_REPORT_URL="https://github.com/siderolabs/talos/issues"
                VENDOR_NAME="Sidero Labs"
                VENDOR_URL="https://www.siderolabs.com/"
                """, BootFiles.osRelease(version("v1.11.5")));
        assertEquals(
                "ID=talos_new",
                BootFiles.osRelease("Talos New", "v1.0.0").lines().toList().get(1));
    }

    @Test
    void loaderConf() {
        assertEquals("# systemd-boot configuration\n\ntimeout 10\n\nsecure-boot-enroll off\n", BootFiles.loaderConf());
    }

    @Test
    void volumeIds() {
        assertEquals("TALOS_V1_7_6", BootFiles.volumeId("Talos-v1.7.6"));
        assertEquals("TALOS_V1_7_6_BETA_0", BootFiles.volumeId("Talos-v1.7.6-beta.0"));
        assertEquals("TALOS_V1_11_5", BootFiles.volumeId(BootFiles.volumeLabel(version("v1.11.5"))));
        assertEquals("Talos-v1.11.5.efi", BootFiles.ukiName(version("v1.11.5")));
        // behind a plus, systemd-boot reads how many attempts are left
        assertEquals("Talos-v1.11.5_3.efi", BootFiles.ukiName(version("v1.11.5+3")));
        assertNull(TalosVersion.parse("v1.11.5-" + "x".repeat(93)));
        assertEquals(32, BootFiles.volumeId("x".repeat(50)).length());
        assertEquals("A", BootFiles.volumeId("ä a+"));
    }

    @Test
    void grubQuoting() {
        assertEquals("", GrubConfig.quote(""));
        assertEquals("foo", GrubConfig.quote("foo"));
        assertEquals("foo\\\\", GrubConfig.quote("foo\\"));
        assertEquals("foo\\\\\\$", GrubConfig.quote("foo\\$"));
        assertEquals(
                "http://my-host/config.yaml?uuid=\\$\\{uuid\\}\\&serial=\\$\\{serial\\}\\&mac=\\$\\{mac\\}"
                        + "\\&hostname=\\$\\{hostname\\}",
                GrubConfig.quote("http://my-host/config.yaml?uuid=${uuid}&serial=${serial}&mac=${mac}"
                        + "&hostname=${hostname}"));
    }

    @Test
    void grubConfig() {
        String head = """
                set default=0
                set timeout=3

                insmod all_video

                terminal_input console
                terminal_output console

                menuentry "Talos ISO" {
                \tset gfxmode=auto
                \tset gfxpayload=text
                \tlinux /boot/vmlinuz a=\\$b
                \tinitrd /boot/initramfs.xz
                }
                """;
        assertEquals(head, GrubConfig.of("a=$b", version("1.3.7")));
        assertEquals(head + """

                menuentry "Reset Talos installation" {
                \tset gfxmode=auto
                \tset gfxpayload=text
                \tlinux /boot/vmlinuz a=\\$b talos.experimental.wipe=system
                \tinitrd /boot/initramfs.xz
                }
                """, GrubConfig.of("a=$b", version("v1.11.5")));
    }

    private static List<String> sections(OutputKind kind, String version) throws Exception {
        List<String> rows = new java.util.ArrayList<>();
        ByteSource blob = ByteSource.of("blob".getBytes(UTF_8));
        for (NewSection section :
                new UkiSections(version(version), "a=b", "6.12.57-talos", blob, blob, blob).of(kind)) {
            rows.add(section.name() + " " + new String(section.content().readAll("section", 1000), UTF_8));
        }
        return rows;
    }

    @Test
    void sectionsOfAUnifiedKernelImage() throws Exception {
        String release = ".osrel " + BootFiles.osRelease(version("v1.11.5"));
        assertEquals(
                List.of(
                        release,
                        ".cmdline a=b",
                        ".uname 6.12.57-talos",
                        ".splash blob",
                        ".linux blob",
                        ".initrd blob",
                        ".profile ID=main",
                        ".profile ID=reset\nTITLE=Reset system disk",
                        ".cmdline a=b talos.experimental.wipe=system"),
                sections(OutputKind.ISO, "v1.11.5"));
        assertEquals(
                List.of(
                        ".profile ID=reset-maintenance\nTITLE=Reset to maintenance mode",
                        ".cmdline a=b talos.experimental.wipe=system:EPHEMERAL,STATE"),
                sections(OutputKind.INSTALLER, "v1.11.5").subList(7, 9));
        assertEquals(6, sections(OutputKind.ISO, "v1.9.6").size());
    }

    private static byte[] kernel(int machine) {
        byte[] kernel = new byte[16384];
        kernel[0] = 'M';
        kernel[1] = 'Z';
        kernel[0x3c] = 0x40;
        kernel[0x40] = 'P';
        kernel[0x41] = 'E';
        kernel[0x44] = (byte) machine;
        kernel[0x45] = (byte) (machine >>> 8);
        kernel[0x1f1] = 16;
        put(kernel, 0x202, "HdrS");
        kernel[0x20f] = 0x10;
        put(kernel, 0x1200, "6.1.58-talos (root@buildkitsandbox)");
        return kernel;
    }

    private static void put(byte[] into, int at, String text) {
        System.arraycopy(text.getBytes(UTF_8), 0, into, at, text.length());
    }

    @Test
    void kernelVersionOfABzImage() throws Exception {
        assertEquals(
                new KernelFile(Architecture.AMD64, "6.1.58-talos"),
                KernelFile.read(ByteSource.of(kernel(0x8664)), Architecture.AMD64));
        assertEquals(
                new KernelFile(Architecture.ARM64, null),
                KernelFile.read(ByteSource.of(kernel(0xaa64)), Architecture.ARM64));
        assertArrayEquals(
                new int[] {0x8664, 0xaa64}, new int[] {Architecture.AMD64.peMachine(), Architecture.ARM64.peMachine()});
    }

    /** Also where it begins in one of the pieces that are searched and ends in the next. */
    @Test
    void kernelVersionOfAnArm64ImageIsWhatItSaysAtItsStart() throws Exception {
        for (int at : List.of(0x2000, (1 << 20) - 5, (1 << 20) - 40, 1 << 20)) {
            byte[] kernel = Arrays.copyOf(kernel(0xaa64), 2 << 20);
            put(kernel, 0x400, "Linux version %s (%s)");
            put(kernel, at, "Linux version 6.12.57-talos (root@buildkitsandbox) #1 SMP");
            assertEquals(
                    new KernelFile(Architecture.ARM64, "6.12.57-talos"),
                    KernelFile.read(ByteSource.of(kernel), Architecture.ARM64),
                    () -> "at " + at);
        }
    }

    private static String failure(byte[] kernel) {
        return String.valueOf(
                assertThrows(FormatException.class, () -> KernelFile.read(ByteSource.of(kernel), Architecture.AMD64))
                        .getMessage());
    }

    @Test
    void refusesAnotherMachinesKernel() {
        assertEquals(
                "Linux kernel at offset 0 (0x0): for machine 0xaa64, and amd64 is 0x8664", failure(kernel(0xaa64)));
        assertEquals(
                "Linux kernel at offset 0 (0x0): not a kernel that UEFI can start: not a PE file",
                failure(new byte[5000]));
        byte[] noMagic = kernel(0x8664);
        noMagic[0x202] = 0;
        assertEquals("Linux kernel at offset 514 (0x202): header is 0x53726400, expected 0x53726448", failure(noMagic));
        byte[] noVersion = kernel(0x8664);
        noVersion[0x20f] = 0;
        assertEquals(
                "Linux kernel at offset 526 (0x20e): kernel_version is 0x0, the setup code has 16 sectors",
                failure(noVersion));
    }

    @Test
    void brokenKernelsEndInAFormatException() {
        BrokenInput.feed(kernel(0x8664), 61, 0x220, source -> KernelFile.read(source, Architecture.AMD64));
    }
}
