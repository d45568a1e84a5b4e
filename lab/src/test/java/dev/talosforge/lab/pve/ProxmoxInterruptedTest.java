package dev.talosforge.lab.pve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.BuildException;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.UploadHistory;
import dev.talosforge.proxmox.api.UploadRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is stopped anywhere: the storage is as it was, or it has the whole file. */
@Tag("registry")
class ProxmoxInterruptedTest {
    private static final int SIZE = 24 << 20;
    private static final int POINTS = 20;

    @TempDir
    Path directory;

    @Test
    void theStoreIsAsItWasOrComplete() throws Exception {
        ByteSource content = ByteSource.of(Files.write(directory.resolve("new.iso"), new byte[SIZE]));
        byte[] old = {1, 2, 3};
        Random random = new Random(20);
        int complete = 0;
        try (PveEndpoint endpoint =
                PveBench.start(directory, PveBench.world(PveBench.nodes(true), PveBench.resources()))) {
            Path iso = endpoint.isoDirectory("pve1", "resources");
            assertNotNull(iso);
            Files.createDirectories(iso);
            for (int i = 0; i < POINTS; i++) {
                Files.write(iso.resolve("talos.iso"), old);
                UploadRequest request = PveBench.request(
                        "resources",
                        "talos.iso",
                        content,
                        List.of(),
                        new UploadRequest.Manner(
                                i % 2 == 0 ? UploadRequest.Naming.CONTENT : UploadRequest.Naming.STABLE,
                                UploadRequest.Conflict.REPLACE,
                                UploadHistory.nothing(),
                                false));
                stop(endpoint, request, random.nextInt(SIZE + SIZE / 2));
                settle(endpoint);
                assertArrayEquals(old, Files.readAllBytes(iso.resolve("talos.iso")));
                Path own = iso.resolve(request.contentName());
                if (Files.exists(own)) {
                    assertEquals(request.sha256(), Sha256.of(ByteSource.of(own)));
                    Files.delete(own);
                    complete++;
                }
            }
        }
        assertTrue(complete < POINTS, "none was stopped in time");
    }

    /** Stops it when so many bytes are sent; beyond the size, so much later. */
    private static void stop(PveEndpoint endpoint, UploadRequest request, int point) throws InterruptedException {
        Thread uploading = new Thread(() -> {
            try {
                new ProxmoxClient(PveBench.settings(endpoint, PveBench.TOKEN)).upload(request, (sent, size) -> {
                    if (sent >= Math.min(point, size)) {
                        Thread self = Thread.currentThread();
                        long later = Math.max(0, point - size) / (SIZE / 200);
                        Thread.ofVirtual().start(() -> {
                            try {
                                Thread.sleep(Duration.ofMillis(later));
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            self.interrupt();
                        });
                    }
                });
            } catch (InterruptedException | BuildException e) {
                // as it should be; what matters is what is there
            }
        });
        uploading.start();
        uploading.join();
    }

    /** The server ends what it has begun. */
    private static void settle(PveEndpoint endpoint) throws Exception {
        for (int look = 0; look < 3000 && !(endpoint.isIdle() && endpoint.temporaryFiles("pve1") == 0); look++) {
            Thread.sleep(20);
        }
        assertTrue(endpoint.isIdle());
        assertEquals(0, endpoint.temporaryFiles("pve1"));
    }
}
