package dev.talosforge.lab.pve;

import dev.talosforge.process.Output;
import dev.talosforge.process.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A throwaway certificate authority and one server certificate for all nodes, made once per directory with the JDK's
 * own {@code keytool}. Like a real node, the server sends only its own certificate, not the authority's.
 */
final class PveCertificates {
    /** Not a secret: the keys are for a stand-in on loopback, and only trusted by clients that were told to. */
    private static final String PASSWORD = "stand-in";

    private static final Duration KEYTOOL_LIMIT = Duration.ofSeconds(60);
    private static final int MAX_OUTPUT = 1 << 20;

    private final Path directory;

    private PveCertificates(Path directory) {
        this.directory = directory;
    }

    /** Makes what is missing in the directory. */
    static PveCertificates in(Path directory, List<String> nodes) throws IOException {
        Files.createDirectories(directory);
        PveCertificates certificates = new PveCertificates(directory);
        if (!Files.exists(certificates.server()) || !Files.exists(certificates.authority())) {
            certificates.make(nodes);
        }
        return certificates;
    }

    /** PEM of the authority, for clients. */
    Path authority() {
        return directory.resolve("pve-root-ca.pem");
    }

    private Path server() {
        return directory.resolve("server.p12");
    }

    private void make(List<String> nodes) throws IOException {
        Path ca = directory.resolve("ca.p12");
        Path key = directory.resolve("key.p12");
        Path request = directory.resolve("server.csr");
        Path leaf = directory.resolve("pve-ssl.pem");
        Files.deleteIfExists(ca);
        Files.deleteIfExists(key);
        List<String> names = new ArrayList<>(List.of("ip:127.0.0.1", "dns:localhost"));
        nodes.forEach(node -> names.add("dns:" + node));
        keytool(
                ca,
                "-genkeypair",
                "-alias",
                "ca",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "3650",
                "-dname",
                "CN=Stand-in Virtual Environment, O=Cluster Manager CA",
                "-ext",
                "bc:critical=ca:true",
                "-ext",
                "ku:critical=keyCertSign,cRLSign");
        keytool(
                key,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "700",
                "-dname",
                "CN=" + nodes.getFirst() + ", O=Stand-in Virtual Environment");
        keytool(key, "-certreq", "-alias", "server", "-file", request.toString());
        keytool(
                ca,
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                request.toString(),
                "-outfile",
                leaf.toString(),
                "-rfc",
                "-validity",
                "700",
                "-ext",
                "san=" + String.join(",", names),
                "-ext",
                "eku=serverAuth",
                "-ext",
                "ku:critical=digitalSignature,keyEncipherment");
        try {
            KeyStore bundle = KeyStore.getInstance("PKCS12");
            bundle.load(null, null);
            Certificate certificate;
            try (InputStream in = Files.newInputStream(leaf)) {
                certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
            }
            bundle.setKeyEntry(
                    "server",
                    open(key).getKey("server", PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    new Certificate[] {certificate});
            Path fresh = directory.resolve("server.p12.new");
            try (var out = Files.newOutputStream(fresh)) {
                bundle.store(out, PASSWORD.toCharArray());
            }
            Files.writeString(authority(), pem(open(ca).getCertificate("ca")));
            Files.move(fresh, server(), StandardCopyOption.ATOMIC_MOVE);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make the stand-in's certificate: " + e.getMessage(), e);
        }
    }

    private static String pem(Certificate certificate) throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    private static KeyStore open(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void keytool(Path store, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Output message = new Output(MAX_OUTPUT);
        try {
            int status = Program.inheriting(command, null).run(message, null, KEYTOOL_LIMIT);
            if (status != 0) {
                throw new IOException("keytool %s failed: %s"
                        .formatted(arguments[0], message.text().strip()));
            }
        } catch (TimeoutException e) {
            throw new IOException(
                    "keytool %s did not finish within %d s".formatted(arguments[0], KEYTOOL_LIMIT.toSeconds()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making a certificate", e);
        }
    }

    SSLContext context() throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(open(server()), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the stand-in's certificate: " + e.getMessage(), e);
        }
    }

    /** SHA-256 of the server certificate as Proxmox writes it: upper-case hexadecimal with colons. */
    String fingerprint() throws IOException {
        try {
            byte[] der = open(server()).getCertificate("server").getEncoded();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);
            return HexFormat.ofDelimiter(":").formatHex(digest).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the stand-in's certificate: " + e.getMessage(), e);
        }
    }
}
