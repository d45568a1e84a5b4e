package dev.talosforge.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("registry")
class LabRegistryTest {
    @TempDir
    private Path folder;

    @Test
    void startsOnceAndKeepsItsAddress() throws IOException {
        RequiredTool.named("docker-registry", "docker-registry");
        LabRegistry registry = new LabRegistry(folder);
        try {
            URI address = registry.up();
            HttpURLConnection connection =
                    (HttpURLConnection) address.resolve("/v2/").toURL().openConnection();
            assertEquals(200, connection.getResponseCode());
            assertEquals(address, new LabRegistry(folder).up());
            assertTrue(new LabRegistry(folder).isRunning());

            assertTrue(registry.down());
            assertFalse(registry.down());
            assertFalse(registry.isRunning());
            assertEquals(address, registry.up());
        } finally {
            registry.down();
        }
    }
}
