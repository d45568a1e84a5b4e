package dev.talosforge.lab.pve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.wire.ProxmoxTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are not believed: what is wrong with them and what to do, in words that are no class names. */
@Tag("registry")
class ProxmoxTrustTest {
    private static final Path SAMPLES = Path.of("lab/src/test/resources/proxmox");
    private static final ProxmoxTls.Authority OURS = new ProxmoxTls.Authority(SAMPLES.resolve("ca.pem"));
    private static final char[] PASSWORD = "secret-of-no-worth".toCharArray();

    @TempDir
    Path directory;

    /** Shows a certificate to each that comes, and says nothing. */
    private static final class Shown implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

        /** @param sample null to speak no TLS */
        Shown(@Nullable String sample) throws Exception {
            SSLContext tls = sample == null ? null : context(sample);
            Thread.ofPlatform().daemon().start(() -> {
                while (!listener.isClosed()) {
                    try (Socket socket = listener.accept()) {
                        if (tls == null) {
                            socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(US_ASCII));
                            socket.getInputStream().read();
                        } else {
                            ((SSLSocket) tls.getSocketFactory().createSocket(socket, null, true)).startHandshake();
                        }
                    } catch (IOException e) {
                        // The client left, as it has to.
                    }
                }
            });
        }

        private static SSLContext context(String sample) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(SAMPLES.resolve(sample + ".p12"))) {
                store.load(in, PASSWORD);
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static String refused(@Nullable String sample, ProxmoxTls tls) throws Exception {
        try (Shown shown = new Shown(sample)) {
            int port = shown.listener.getLocalPort();
            var settings = PveBench.settings(
                    List.of(URI.create("https://localhost:" + port + "/")), new LinkedHashMap<>(), tls, PveBench.TOKEN);
            BuildException e = assertThrows(BuildException.class, () -> new ProxmoxClient(settings).version());
            Problem problem = e.problems().getFirst();
            String text = problem.kind() + " " + problem.why() + "\n" + problem.remedy();
            assertFalse(text.contains("Exception") || text.contains("sun."), text);
            return text.replace(String.valueOf(port), "PORT").replaceAll("(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", "SHA256");
        }
    }

    @Test
    void theNamesInTheCertificateAreReported() throws Exception {
        assertEquals(
                "ENVIRONMENT localhost:PORT is not trusted: its certificate is for pve1.example, pve1, 10.0.0.1, not"
                        + " localhost\nuse a host name of the certificate in PROXMOX_VE_ENDPOINT or"
                        + " proxmox_node_hostnames; or, if pvenode cert info on the node says the same: export"
                        + " PROXMOX_VE_FINGERPRINT=SHA256",
                refused("names", OURS));
    }

    @Test
    void anAuthorityThatIsNotGiven() throws Exception {
        assertEquals(
                "ENVIRONMENT localhost:PORT is not trusted: its certificate is signed by \"Sample Cluster Authority\","
                        + " which is not an authority that this machine knows\nuse the cluster's own, from"
                        + " /etc/pve/pve-root-ca.pem of any node: export PROXMOX_VE_CA_FILE=…/pve-root-ca.pem; or, if"
                        + " pvenode cert info on the node says the same: export PROXMOX_VE_FINGERPRINT=SHA256",
                refused("names", new ProxmoxTls.SystemTrust()));
        try (PveEndpoint endpoint =
                PveBench.start(directory, PveBench.world(PveBench.nodes(true), PveBench.resources()))) {
            assertTrue(refused("names", new ProxmoxTls.Authority(endpoint.authority()))
                    .contains("which is not an authority in " + endpoint.authority()
                            + "\nuse the one of this cluster, from /etc/pve/pve-root-ca.pem"));
        }
    }

    @Test
    void aClockThatIsWrongOrACertificateThatIsOver() throws Exception {
        String remedy =
                "\nset the clock if it is wrong: timedatectl; otherwise renew the certificate, on the node: pvecm"
                        + " updatecerts --force && systemctl reload pveproxy";
        String now = " UTC, but this machine's clock says 2026-11-23 00:07 UTC";
        assertEquals(
                "ENVIRONMENT localhost:PORT is not trusted: its certificate is valid from 2001-01-01 14:18 UTC to 2002-01-01"
                        + " 14:18" + now + remedy,
                refused("over", OURS));
        assertEquals(
                "ENVIRONMENT localhost:PORT is not trusted: its certificate is valid from 2190-01-01 14:18 UTC to 2191-01-01"
                        + " 14:18" + now + remedy,
                refused("early", OURS));
    }

    @Test
    void aFingerprintOfAnotherCertificate() throws Exception {
        assertEquals(
                "ENVIRONMENT localhost:PORT is not trusted: the SHA-256 of its certificate is SHA256, not"
                        + " PROXMOX_VE_FINGERPRINT\ncompare it with pvenode cert info on the node; Proxmox renews"
                        + " certificates, and PROXMOX_VE_CA_FILE stays valid when it does",
                refused("names", new ProxmoxTls.Fingerprint("A".repeat(64))));
    }

    @Test
    void aPortThatSpeaksNoTls() throws Exception {
        assertEquals(
                "INVALID_INPUT localhost:PORT does not speak TLS\nProxmox does, on port 8006: export"
                        + " PROXMOX_VE_ENDPOINT=https://HOST:8006/",
                refused(null, OURS));
    }

    @Test
    void aFileOfAuthoritiesThatIsInvalid() throws Exception {
        Path junk = Files.writeString(directory.resolve("junk.pem"), "-----BEGIN CERTIFICATE-----\nnone\n");
        for (Path file : List.of(junk, directory.resolve("none.pem"))) {
            var settings = PveBench.settings(
                    List.of(URI.create("https://localhost:1/")),
                    new LinkedHashMap<>(),
                    new ProxmoxTls.Authority(file),
                    PveBench.TOKEN);
            Problem problem = assertThrows(BuildException.class, () -> new ProxmoxClient(settings).version())
                    .problems()
                    .getFirst();
            assertEquals(
                    file.equals(junk) ? junk + " contains no certificate in PEM format" : "there is no file " + file,
                    problem.why());
            assertEquals(
                    "copy /etc/pve/pve-root-ca.pem from any node, then: export PROXMOX_VE_CA_FILE=…",
                    String.valueOf(problem.remedy()));
        }
    }
}
