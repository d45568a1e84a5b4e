package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.talosforge.cli.RealImager.Kind;
import dev.talosforge.cli.RealImager.Order;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.kernel.KernelCommandLine;
import dev.talosforge.testkit.Judge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernel command lines beside those that the real imager prints: every platform, each with some of the arguments. */
@Tag("conformance")
class ImagerCommandLineTest {
    private static final List<List<String>> ARGUMENTS = List.of(
            List.of(),
            List.of("-console"),
            List.of("console=ttyS1,9600"),
            List.of("-console=tty0", "console=ttyS0,115200"),
            List.of("console=tty0", "console=ttyS0", "console=tty0"),
            List.of("console=tty0", "-console"),
            List.of("-selinux"),
            List.of("-selinux=1", "selinux=0"),
            List.of("selinux=0"),
            List.of("a=1", "a=1", "a=2", "b", "b"),
            List.of("a=1", "-a=1", "a=2"),
            List.of("-init_on_alloc", "init_on_alloc=0", "-slab_nomerge", "-pti=off"),
            List.of("-net.ifnames", "net.ifnames=0"),
            List.of("net.ifnames=0"),
            List.of("-talos.halt_if_installed"),
            List.of("talos.config=https://example.test/x?a=b&c=d", "ip=10.0.0.2::10.0.0.1:255.255.255.0::eth0:off"),
            List.of("a=", "b=c=d", "-nothing.of.that.name", "-"),
            List.of("intel_iommu=on iommu=pt", "hugepages=4"));

    @TempDir
    private @Nullable Path folder;

    /** One image. */
    private record Asked(
            String version, Platform platform, Architecture architecture, Kind kind, List<String> arguments) {
        String ours() {
            TalosVersion talos = Objects.requireNonNull(TalosVersion.parse(version));
            return platform.isKnownTo(talos)
                    ? KernelCommandLine.of(
                                    new KernelCommandLine.Target(
                                            kind == Kind.ISO ? OutputKind.ISO : OutputKind.INSTALLER,
                                            platform,
                                            architecture,
                                            talos),
                                    arguments)
                            .line()
                    : "unknown platform: \"%s\"".formatted(platform.label());
        }

        String theirs(RealImager imager, Path folder) throws Exception {
            return imager.commandLine(
                    kind,
                    new Order(
                            version, architecture.label(), platform.label(), arguments, "none.test/base:1", List.of()),
                    Files.createDirectories(folder));
        }
    }

    /**
     * An imager knows its own version; of those before it only what differs from it on the platforms that are in use.
     */
    @ParameterizedTest
    @CsvSource({"1.11.5,v1.11.0 v1.10.9 v1.9.6 v1.8.0", "1.14.1,v1.13.8 v1.12.0"})
    void areTheSame(String version, String before) throws Exception {
        RealImager imager =
                new RealImager(new Judge("talos", version), System.getenv("PATH"), Path.of("/nowhere"), "none.test", 0);
        List<Asked> all = new ArrayList<>();
        for (Platform platform : Platform.values()) {
            add(all, "v" + version, platform);
        }
        for (String older : before.split(" ", -1)) {
            add(all, older, Platform.METAL);
            add(all, older, Platform.NOCLOUD);
        }
        List<String> ours = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        for (Asked asked : all) {
            assertNotNull(folder);
            theirs.add(asked + ": " + asked.theirs(imager, folder.resolve(Integer.toString(theirs.size()))));
            ours.add(asked + ": " + asked.ours());
        }
        assertEquals(String.join("\n", theirs), String.join("\n", ours));
    }

    /** Both kinds for both architectures, each with the next arguments. */
    private static void add(List<Asked> all, String version, Platform platform) {
        for (Architecture architecture : Architecture.values()) {
            for (Kind kind : Kind.values()) {
                all.add(new Asked(version, platform, architecture, kind, ARGUMENTS.get(all.size() % ARGUMENTS.size())));
            }
        }
    }
}
