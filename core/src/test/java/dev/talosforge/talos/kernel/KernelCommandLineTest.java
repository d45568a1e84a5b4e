package dev.talosforge.talos.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.kernel.KernelCommandLine.Target;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class KernelCommandLineTest {
    private static final String COMMON =
            "init_on_alloc=1 slab_nomerge pti=on consoleblank=0" + " nvme_core.io_timeout=4294967295 printk.devkmsg=on";
    private static final String IMA = " ima_template=ima-ng ima_appraise=fix ima_hash=sha512";
    private static final String D19 = COMMON + IMA;
    private static final String D111 = COMMON + " selinux=1";
    private static final String D112 = D111 + " module.sig_enforce=1";
    private static final String D113 = D112 + " proc_mem.force_override=never";
    private static final String D114 = "slab_nomerge pti=on consoleblank=0 printk.devkmsg=on selinux=1"
            + " module.sig_enforce=1 proc_mem.force_override=never";
    private static final String METAL = "talos.platform=metal console=tty0 ";
    private static final String METAL_ARM = "talos.platform=metal console=ttyAMA0 console=tty0 ";
    private static final String NOCLOUD = "talos.platform=nocloud console=tty1 console=ttyS0 net.ifnames=0 ";
    private static final String HALT = "talos.halt_if_installed=1 ";

    private static TalosVersion version(String text) {
        return Objects.requireNonNull(TalosVersion.parse(text));
    }

    private static String line(OutputKind kind, Platform platform, Architecture arch, String version, String... extra) {
        return KernelCommandLine.of(new Target(kind, platform, arch, version(version)), List.of(extra))
                .line();
    }

    @Test
    void installersOfEachVersion() {
        for (Map.Entry<String, String> golden : new TreeMap<>(Map.of(
                        "v1.8.0", D19,
                        "1.9.6", D19,
                        "v1.10.1", D19 + " selinux=1",
                        "v1.11.0", D111,
                        "v1.11.5", D111,
                        "v1.12.0", D112,
                        "v1.13.0", D113,
                        "v1.14.0", D114))
                .entrySet()) {
            assertEquals(
                    METAL + golden.getValue(),
                    line(OutputKind.INSTALLER, Platform.METAL, Architecture.AMD64, golden.getKey()));
            assertEquals(
                    METAL_ARM + golden.getValue(),
                    line(OutputKind.INSTALLER, Platform.METAL, Architecture.ARM64, golden.getKey()));
        }
        assertEquals(
                "talos.platform=metal console=ttyS0 console=tty0 " + D19,
                line(OutputKind.INSTALLER, Platform.METAL, Architecture.AMD64, "1.7.0"));
        assertEquals(METAL_ARM + D19, line(OutputKind.INSTALLER, Platform.METAL, Architecture.ARM64, "1.7.0"));
    }

    @Test
    void isosHaltWhereTalosIsInstalled() {
        assertEquals(METAL + HALT + D111, line(OutputKind.ISO, Platform.METAL, Architecture.AMD64, "v1.11.5"));
        assertEquals(METAL_ARM + HALT + D111, line(OutputKind.ISO, Platform.METAL, Architecture.ARM64, "v1.11.5"));
        for (Architecture arch : Architecture.values()) {
            assertEquals(NOCLOUD + HALT + D111, line(OutputKind.ISO, Platform.NOCLOUD, arch, "v1.11.5"));
            assertEquals(NOCLOUD + HALT + D112, line(OutputKind.ISO, Platform.NOCLOUD, arch, "1.12.0"));
            assertEquals(NOCLOUD + HALT + D113, line(OutputKind.ISO, Platform.NOCLOUD, arch, "1.13.0"));
            assertEquals(NOCLOUD + HALT + D114, line(OutputKind.ISO, Platform.NOCLOUD, arch, "1.14.0"));
            assertEquals(NOCLOUD + D111, line(OutputKind.INSTALLER, Platform.NOCLOUD, arch, "v1.11.5"));
        }
        assertEquals(
                "talos.platform=metal console=ttyS0 console=tty0 " + D19,
                line(OutputKind.ISO, Platform.METAL, Architecture.AMD64, "1.7.6"));
    }

    @Test
    void otherPlatforms() {
        String aws = "talos.platform=aws console=tty1 console=ttyS0 net.ifnames=0 ";
        assertEquals(
                aws + "nvme_core.io_timeout=4294967295 " + D114,
                line(OutputKind.INSTALLER, Platform.AWS, Architecture.AMD64, "1.14.0"));
        assertEquals(aws + D113, line(OutputKind.INSTALLER, Platform.AWS, Architecture.AMD64, "1.13.0"));
        assertEquals(
                "talos.platform=vmware " + D111,
                line(OutputKind.INSTALLER, Platform.VMWARE, Architecture.ARM64, "1.11.0"));
        assertEquals(
                "talos.platform=vmware talos.config=guestinfo console=tty0 console=ttyAMA0 net.ifnames=0 " + D111,
                line(OutputKind.INSTALLER, Platform.VMWARE, Architecture.ARM64, "1.11.1"));
        assertEquals(
                "talos.platform=equinixMetal console=ttyS1,115200n8 " + D111,
                line(
                        OutputKind.INSTALLER,
                        Objects.requireNonNull(Platform.of("packet")),
                        Architecture.AMD64,
                        "1.11.0"));
    }

    @Test
    void everyPlatformIsFoundByItsName() {
        for (Platform platform : Platform.values()) {
            assertEquals(platform, Platform.of(platform.label()));
        }
        assertEquals(null, Platform.of("moon"));
    }

    /** The reference would let the argument override the platform; here it is left out, and said so. */
    @Test
    void extraArgumentsOverrideAllButThePlatform() {
        KernelCommandLine line = KernelCommandLine.of(
                new Target(OutputKind.INSTALLER, Platform.METAL, Architecture.AMD64, version("v1.11.5")),
                List.of(
                        "console=ttyS0,115200",
                        "-selinux",
                        "foo",
                        "-init_on_alloc=1",
                        "talos.platform=nocloud",
                        "net.ifnames=0"));
        assertEquals(
                "talos.platform=metal console=ttyS0,115200 slab_nomerge pti=on consoleblank=0"
                        + " nvme_core.io_timeout=4294967295 printk.devkmsg=on foo net.ifnames=0",
                line.line());
        assertEquals(
                List.of("kernel argument talos.platform=nocloud is ignored: this artifact is built for platform metal"),
                line.notes());
    }

    @Test
    void itsOwnPlatformIsNothingToReport() {
        Target target = new Target(OutputKind.ISO, Platform.NOCLOUD, Architecture.AMD64, version("v1.11.5"));
        KernelCommandLine line = KernelCommandLine.of(target, List.of("talos.platform=nocloud"));
        assertEquals(NOCLOUD + HALT + D111, line.line());
        assertEquals(List.of(), line.notes());
        assertEquals(
                List.of("kernel argument -talos.platform is ignored: this artifact is built for platform nocloud"),
                KernelCommandLine.of(target, List.of("-talos.platform")).notes());
    }

    @Test
    void aSecondValueIsAddedUnlessTheFirstIsRemoved() {
        assertEquals(
                METAL + D111 + " module.sig_enforce=1 module.sig_enforce=0",
                line(OutputKind.INSTALLER, Platform.METAL, Architecture.AMD64, "1.12.0", "module.sig_enforce=0"));
        assertEquals(
                METAL + D111 + " module.sig_enforce=0",
                line(
                        OutputKind.INSTALLER,
                        Platform.METAL,
                        Architecture.AMD64,
                        "1.12.0",
                        "-module.sig_enforce",
                        "module.sig_enforce=0"));
    }

    @Test
    void metaValuesComeBehindTheDefaults() {
        TreeMap<Integer, String> meta = new TreeMap<>(Map.of(10, "foo", 11, "bar"));
        assertEquals(
                METAL + D111 + " talos.environment=INSTALLER_META_BASE64=MHhhPWZvbzsweGI9YmFy",
                KernelCommandLine.of(
                                new Target(
                                        OutputKind.INSTALLER,
                                        Platform.METAL,
                                        Architecture.AMD64,
                                        version("v1.11.5"),
                                        meta),
                                List.of())
                        .line());
    }

    @Test
    void longMetaValuesAreCompressedWhereThatIsUnderstood() throws Exception {
        TreeMap<Integer, String> meta = new TreeMap<>(Map.of(10, "foobar".repeat(256), 11, "baz".repeat(256)));
        String text = "0xa=" + "foobar".repeat(256) + ";0xb=" + "baz".repeat(256);
        String plain = MetaValues.encode(meta, false);
        assertEquals(3084, plain.length());
        assertEquals(text, new String(Base64.getDecoder().decode(plain), UTF_8));
        byte[] compressed = Base64.getDecoder().decode(MetaValues.encode(meta, true));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            assertEquals(text, new String(in.readAllBytes(), UTF_8));
        }
    }
}
