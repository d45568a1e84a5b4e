package dev.talosforge.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives tokens of the distribution's token specification, signed by a key that a registry trusts by its certificate:
 * to {@code tester} (password {@code secret}, refresh token {@code identity}) for all that is asked for, to
 * {@code reader} (password {@code secret}) for pulling, to others none.
 */
public final class TokenServer implements AutoCloseable {
    public static final String SERVICE = "local";
    public static final String ISSUER = "tests";

    /** Of the year 2100, and of 2001, in seconds since the epoch: no clock decides what is good. */
    private static final long GOOD = 4_102_444_800L;

    private static final long EXPIRED = 1_000_000_000L;

    private final HttpServer server;
    private final Path certificate;
    private final PrivateKey key;
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    private TokenServer(HttpServer server, Path certificate, PrivateKey key) {
        this.server = server;
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Starts one with a key of its own.
     *
     * @param directory for the key
     */
    public static TokenServer start(Path directory) throws Exception {
        RequiredTool.named("openssl", "openssl")
                .run(
                        directory,
                        Path.of("/dev/null"),
                        "req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=tests -keyout key.pem -out tokens.pem"
                                .split(" "));
        PrivateKey key = KeyFactory.getInstance("RSA")
                .generatePrivate(
                        new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem(directory.resolve("key.pem")))));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TokenServer tokens = new TokenServer(server, directory.resolve("tokens.pem"), key);
        server.createContext("/token", tokens::answer);
        server.start();
        return tokens;
    }

    private static String pem(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("-----"))
                .collect(Collectors.joining());
    }

    /**
     * By name: current clients ask no token server at a loopback address, but of a registry of that name (crane, oras).
     */
    public String realm() {
        return "http://localhost:%d/token".formatted(server.getAddress().getPort());
    }

    public Path certificate() {
        return certificate;
    }

    /** Method, Authorization, and query or form of every request. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** A token that was good until 2001. */
    public String expired(String repository) throws IOException {
        return token(List.of(access(repository, "pull,push")), EXPIRED);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        String query = form.isEmpty() ? String.valueOf(exchange.getRequestURI().getRawQuery()) : form;
        asked.add(exchange.getRequestMethod() + " " + given + " " + query);
        String user = user(given, form);
        byte[] answer = (user != null
                        ? "{\"access_token\":\"%s\"}".formatted(token(asked(query, user.equals("reader")), GOOD))
                        : "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who are you\"}]}")
                .getBytes(UTF_8);
        exchange.sendResponseHeaders(user != null ? 200 : 401, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** Who comes with a password in the head or in the form, or with a refresh token. */
    private static @Nullable String user(@Nullable String given, String form) {
        for (String user : List.of("tester", "reader")) {
            String login = Base64.getEncoder().encodeToString((user + ":secret").getBytes(UTF_8));
            if (("Basic " + login).equals(given)
                    || (form.contains("password=secret") && form.contains("username=" + user))) {
                return user;
            }
        }
        return form.contains("refresh_token=identity") ? "tester" : null;
    }

    /**
     * What is granted of {@code scope=repository:NAME:ACTIONS}, which may come several times, or with several parts.
     */
    private static List<String> asked(String query, boolean reader) {
        List<String> granted = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            for (String scope : URLDecoder.decode(parameter, UTF_8).split("[ =]", -1)) {
                String[] parts = scope.split(":", -1);
                if (parts.length == 3) {
                    granted.add(access(parts[1], reader ? "pull" : parts[2]));
                }
            }
        }
        return granted;
    }

    private static String access(String repository, String actions) {
        return "{\"type\":\"repository\",\"name\":\"%s\",\"actions\":[%s]}"
                .formatted(
                        repository,
                        Arrays.stream(actions.split(",", -1))
                                .map(action -> "\"" + action + "\"")
                                .collect(Collectors.joining(",")));
    }

    private String token(List<String> access, long end) throws IOException {
        try {
            String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"%s\"]}".formatted(pem(certificate));
            String claims =
                    "{\"iss\":\"%s\",\"sub\":\"tester\",\"aud\":\"%s\",\"exp\":%d,\"nbf\":0,\"iat\":0,\"jti\":\"1\",\"access\":[%s]}"
                            .formatted(ISSUER, SERVICE, end, String.join(",", access));
            Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
            String content =
                    url.encodeToString(header.getBytes(UTF_8)) + "." + url.encodeToString(claims.getBytes(UTF_8));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content.getBytes(UTF_8));
            return content + "." + url.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
