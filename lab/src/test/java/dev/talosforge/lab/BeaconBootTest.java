package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.debian.DebPackages;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.DiskTree;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.TreeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that is built from source, as a service of a booted machine. */
@Tag("boot")
class BeaconBootTest {
    private static final Path EXAMPLE = Path.of("examples/extensions/beacon");
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    private Path folder;

    @Test
    void whatWasBuiltRunsAsAService() throws Exception {
        RequiredTool.named("qemu-system-x86_64", "qemu-system-x86");
        RequiredTool.named("bwrap", "bubblewrap");
        Path unit = applied();
        RequiredTool.named("skopeo", "skopeo")
                .run(
                        unit,
                        NOTHING,
                        "--insecure-policy",
                        "--override-arch",
                        "amd64",
                        "copy",
                        "-q",
                        "oci:image:v1.0.0",
                        "oci:one:amd64");
        RequiredTool.named("umoci", "umoci")
                .run(unit, NOTHING, "raw", "unpack", "--rootless", "--image", "one:amd64", "unpacked");
        TreeBuilder root = new TreeBuilder(StandIns.MODIFIED);
        for (Entry entry : DiskTree.read(unit.resolve("unpacked/rootfs")).entries()) {
            root.add(entry.withAttributes(Attributes.root(entry.attributes().permissions(), StandIns.MODIFIED)));
        }

        DebPackages packages = StandInMachine.packages();
        BootMedium medium = new StandInMachine(folder)
                .layer("beacon", root.build())
                .medium(packages, null, "talos.platform=nocloud console=ttyS0");
        BootReport report = new QemuBoot(folder.resolve("boot"), InstantSource.system(), Hardware.of(1024))
                .boot(medium, Duration.ofMinutes(10));
        assertTrue(report.isReady(), report::toString);
        assertTrue(report.running().contains("beacon"), report::toString);
    }

    /** By the program itself, in a process of its own; packages and results are kept between runs. */
    private Path applied() throws Exception {
        Path unit = Files.createDirectory(folder.resolve("beacon")).toRealPath();
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = unit.resolve(EXAMPLE.relativize(file));
                Files.createDirectories(Objects.requireNonNull(to.getParent()));
                Files.copy(file, to);
            }
        }
        Path log = folder.resolve("apply.log");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.talosforge.cli.Main",
                        "-C",
                        unit.toString(),
                        "--store",
                        Path.of("target/test-store").toAbsolutePath().toString(),
                        "--var",
                        "extension_registry=oci:image",
                        "apply")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> {
            try {
                return Files.readString(log);
            } catch (java.io.IOException e) {
                return e.toString();
            }
        });
        return unit;
    }
}
