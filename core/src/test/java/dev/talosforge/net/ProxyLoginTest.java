package dev.talosforge.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that wants a login, before a server with TLS. The server's name is known to nobody but the proxy. */
@Tag("registry")
class ProxyLoginTest {
    @TempDir
    private Path directory;

    private final List<String> heads = Collections.synchronizedList(new ArrayList<>());
    private final List<String> leaked = Collections.synchronizedList(new ArrayList<>());
    private HttpsServer server;
    private ServerSocket proxy;

    @BeforeEach
    void start() throws Exception {
        RequiredTool openssl = RequiredTool.named("openssl", "openssl");
        openssl.run(
                directory,
                Path.of("/dev/null"),
                "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=t -addext subjectAltName=DNS:registry.test -keyout key.pem -out cert.pem"
                        .split(" "));
        openssl.run(
                directory,
                Path.of("/dev/null"),
                "pkcs12 -export -inkey key.pem -in cert.pem -passout pass:secret -out store.p12".split(" "));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve("store.p12"))) {
            store.load(in, "secret".toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            leaked.add(String.valueOf(exchange.getRequestHeaders().getFirst("Proxy-Authorization")));
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.start();
        proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.stop(0);
    }

    private void accept() {
        while (!proxy.isClosed()) {
            try {
                Socket client = proxy.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket(
                        InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) client.getInputStream().read());
            }
            heads.add(head.substring(0, head.indexOf("\r\n")));
            boolean known = head.toString().contains("Proxy-Authorization: Basic bcOkOnBAc3M=\r\n");
            String answer = known
                    ? "200 OK\r\n\r\n"
                    : "407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n";
            client.getOutputStream().write(("HTTP/1.1 " + answer).getBytes(ISO_8859_1));
            if (known) {
                Thread.ofVirtual().start(() -> copy(client, upstream));
                copy(upstream, client);
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // one of them has gone
        }
    }

    private HttpTransport through(String login) throws IOException {
        ProxySettings proxies =
                ProxySettings.parse("http://%s127.0.0.1:%d".formatted(login, proxy.getLocalPort()), null, null);
        return new HttpTransport(
                TransportSettings.usual().with(proxies).with(TlsSettings.trusting(directory.resolve("cert.pem"))));
    }

    @Test
    void theLoginGoesToTheProxyAndNoFurther() throws Exception {
        try (HttpTransport transport = through("m%C3%A4:p%40ss@")) {
            HttpAnswer answer = transport.send(HttpCall.get(URI.create("https://registry.test/v2/")));
            assertEquals(401, answer.status());
            assertEquals("Basic realm=\"r\"", answer.header("WWW-Authenticate"));
            assertEquals(List.of("CONNECT registry.test:443 HTTP/1.1"), heads);
            assertEquals(List.of("null"), leaked);
        }
    }

    @Test
    void aProxyThatRefusesIsNamed() throws Exception {
        try (HttpTransport transport = through("")) {
            HttpAnswer answer = transport.send(HttpCall.get(URI.create("https://registry.test/v2/")));
            assertEquals(
                    "Problem[kind=REFUSED, what=cannot ask, where=Remote[method=GET, uri=https://registry.test/v2/,"
                            + " status=407], why=the server answered 407, remedy=check the user and the password in HTTPS_PROXY]",
                    NetworkProblem.ofStatus("cannot ask", answer).toString());
            assertEquals(List.of(), leaked);
        }
    }

    @Test
    void anotherTrustIsAnotherClient() throws Exception {
        try (HttpTransport transport = through("m%C3%A4:p%40ss@")) {
            HttpTransport trusting = transport.trusting(TlsSettings.trustingEverybody());
            assertEquals(
                    401,
                    trusting.send(HttpCall.get(URI.create("https://other.test/")))
                            .status());
            assertEquals(trusting, transport.trusting(TlsSettings.trustingEverybody()));
            Path none = directory.resolve("none.pem");
            assertEquals(
                    none + ": no such file, or it is not readable",
                    assertThrows(LocalFileException.class, () -> transport.trusting(TlsSettings.trusting(none)))
                            .getMessage());
            Files.writeString(none, "no certificate");
            assertThrows(LocalFileException.class, () -> transport.trusting(TlsSettings.trusting(none)));
        }
    }
}
