package dev.talosforge.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("boot")
class LabTest {
    /** Kept between runs, as the packages in it are fetched from the network. */
    private static final Path FOLDER = Path.of("target/lab-test");

    private final List<String> published = new ArrayList<>();
    private final List<String> variables = new ArrayList<>();

    /** A server that does nothing but listen: the registry's program once more. */
    private static final LabServer SERVER = new LabServer() {
        @Override
        public String identity() {
            return "test";
        }

        @Override
        public List<String> command(Path folder, int port) {
            Path config = folder.resolve("config.yml");
            try {
                Files.writeString(config, """
                        version: 0.1
                        storage: {inmemory: {}}
                        http: {addr: "127.0.0.1:%d"}
                        """.formatted(port));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return List.of("docker-registry", "serve", config.toString());
        }

        @Override
        public SequencedMap<String, String> environment(Path folder, int port) {
            SequencedMap<String, String> variables = new LinkedHashMap<>();
            variables.put("PROXMOX_VE_ENDPOINT", "https://127.0.0.1:" + port);
            return variables;
        }
    };

    @Test
    void comesUpTwiceAndGoesDown() throws IOException {
        RequiredTool.named("docker-registry", "docker-registry");
        Lab lab = new Lab(FOLDER, Path.of("/etc"));
        Files.deleteIfExists(FOLDER.resolve("registry/filled.json"));
        LabPublisher publisher = (registry, image) -> {
            published.add(image.reference());
            variables.addAll(image.environment());
            return Sha256.of(image.reference().getBytes(UTF_8));
        };
        try {
            LabStatus status = lab.up("v1.11.5", publisher, SERVER);
            assertTrue(status.registryRuns() && status.proxmoxRuns());
            List<String> wanted = List.of(
                    "ghcr.io/siderolabs/imager:v1.11.5",
                    "ghcr.io/siderolabs/installer-base:v1.11.5",
                    "ghcr.io/siderolabs/intel-ucode:20250812",
                    "ghcr.io/siderolabs/qemu-guest-agent:10.0.2",
                    "ghcr.io/siderolabs/crun:1.24",
                    "ghcr.io/siderolabs/ctr:v2.1.5",
                    "ghcr.io/siderolabs/extensions:v1.11.5");
            assertEquals(wanted, published);
            assertEquals(
                    List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                    variables,
                    "of the installer's base: without one the real installer finds no mkfs");
            assertEquals(wanted, status.filled());
            String environment = Files.readString(status.environmentFile());
            assertTrue(
                    environment.contains("export TALOS_FORGE_REGISTRIES='{\"ghcr.io\":[{\"url\":\"http://127.0.0.1:"));
            assertTrue(environment.contains("export PROXMOX_VE_ENDPOINT='https://127.0.0.1:"));

            LabStatus again = lab.up("v1.11.5", publisher, SERVER);
            assertEquals(status, again);
            assertEquals(wanted, published, "nothing is pushed a second time");
            assertEquals(environment, Files.readString(again.environmentFile()));
        } finally {
            lab.down();
        }
        assertFalse(lab.status().registryRuns() || lab.status().proxmoxRuns());
        assertFalse(lab.down());
    }
}
