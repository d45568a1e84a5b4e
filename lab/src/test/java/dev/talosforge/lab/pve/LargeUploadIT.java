package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.wire.ProxmoxTls;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One GiB from a process that has a heap of 64 MiB. */
@Tag("registry")
class LargeUploadIT {
    private static final long SIZE = 1L << 30;

    @TempDir
    Path directory;

    /** The client's process: endpoint, authority, file. */
    public static void main(String[] arguments) throws Exception {
        var settings = PveBench.settings(
                List.of(URI.create(arguments[0])),
                new LinkedHashMap<>(),
                new ProxmoxTls.Authority(Path.of(arguments[1])),
                PveBench.TOKEN);
        ByteSource content = ByteSource.of(Path.of(arguments[2]));
        var result =
                new ProxmoxClient(settings).upload(PveBench.request("resources", "large.iso", content), (_, _) -> {});
        System.out.println(result.volumeId() + " " + (Runtime.getRuntime().maxMemory() >> 20));
    }

    @Test
    void aHeapOf64MebibytesIsEnough() throws Exception {
        Path file = directory.resolve("large.iso");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(SIZE);
        }
        try (PveEndpoint endpoint =
                PveBench.start(directory, PveBench.world(PveBench.nodes(true), PveBench.resources()))) {
            Process client = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LargeUploadIT.class.getName(),
                            endpoint.uri().toString(),
                            endpoint.authority().toString(),
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            String message = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(client.waitFor(60, TimeUnit.SECONDS), "it does not end");
            assertEquals(0, client.exitValue(), message);
            assertEquals("resources:iso/large.iso 61", message.strip());
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            assertEquals(SIZE, Files.size(iso.resolve("large.iso")));
        }
    }
}
