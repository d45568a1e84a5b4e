package dev.talosforge.lab.pve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.talosforge.proxmox.wire.ProxmoxTls;
import dev.talosforge.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the stand-in says to everything that the HTTP layer of the real server refuses, of either age: status line, what
 * the body is, and whether it is held back. Each line is a row of the table that was measured there.
 */
@Tag("registry")
class PveErrorTableTest {
    private static final String TOKEN = "Authorization: PVEAPIToken=iso@pve!ci=" + PveBench.SECRET + "\r\n";
    private static final String PASSWORD = "username=iso%40pve&password=pass%20word%2B1";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String MULTIPART = "Content-Type: multipart/form-data; boundary=B\r\n";
    private static final String CONTENT = "--B\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\niso\r\n";
    private static final String FILE =
            "--B\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"a.iso\"\r\n\r\nabc";
    private static final String END = "\r\n--B--\r\n";
    private static final String UPLOAD = "/nodes/localhost/storage/resources/upload";
    private static final Duration DELAY = Duration.ofMillis(20);

    @TempDir
    Path directory;

    private final List<String> lines = new ArrayList<>();

    private static String request(String method, String path, String headers, String body) {
        return "%s /api2/json%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%s\r\n%s"
                .formatted(
                        method, path, headers, body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n", body);
    }

    private static String say(PveEndpoint endpoint, String request) throws IOException {
        try (SSLSocket socket = (SSLSocket) new ProxmoxTls.Authority(endpoint.authority())
                .context()
                .getSocketFactory()
                .createSocket("localhost", endpoint.uri().getPort())) {
            socket.startHandshake();
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try (InputStream in = socket.getInputStream()) {
                in.transferTo(answer);
            } catch (IOException e) {
                return answer.toString(ISO_8859_1); // sent away
            }
            return answer.toString(ISO_8859_1);
        }
    }

    private void row(PveEndpoint endpoint, String title, String request) throws IOException {
        int before = endpoint.heldBack();
        String answer = say(endpoint, request);
        boolean late = endpoint.heldBack() > before;
        String reported = "no answer";
        if (!answer.isEmpty()) {
            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            String kind = !answer.contains("Content-Type: application/json")
                    ? body.isEmpty() ? "empty" : "text"
                    : body.contains("\"errors\"")
                            ? "JSON with errors"
                            : body.contains("\"message\"") ? "JSON with message" : "JSON";
            reported = "%s; body: %s%s".formatted(answer.lines().findFirst().orElse(""), kind, late ? "; late" : "");
        }
        lines.add(title + ": " + reported);
    }

    /** A ticket and no more, so that a request that changes something lacks its prevention token. */
    private static String cookie(PveEndpoint endpoint) throws IOException {
        String answer = say(endpoint, request("POST", "/access/ticket", FORM, PASSWORD));
        String ticket = answer.replaceAll("(?s).*\"ticket\":\"([^\"]*)\".*", "$1");
        return "Cookie: PVEAuthCookie=" + ticket.replace("+", "%2B") + "\r\n";
    }

    private void rows(PveEndpoint endpoint) throws IOException {
        String other = TOKEN.replace("!ci", "!bare");
        row(endpoint, "no credentials", request("GET", "/version", "", ""));
        row(endpoint, "unknown scheme", request("GET", "/version", "Authorization: Bearer x\r\n", ""));
        row(endpoint, "wrong token", request("GET", "/version", TOKEN.replace("2222", "3333"), ""));
        row(endpoint, "expired token", request("GET", "/version", TOKEN.replace("!ci", "!old"), ""));
        row(endpoint, "bad ticket", request("GET", "/version", "Cookie: PVEAuthCookie=PVE:x\r\n", ""));
        row(
                endpoint,
                "no CSRF token",
                request("DELETE", "/nodes/pve1/storage/resources/content/x", cookie(endpoint), ""));
        row(endpoint, "login failed", request("POST", "/access/ticket", FORM, "username=iso%40pve&password=x"));
        row(endpoint, "ticket with a token", request("POST", "/access/ticket", TOKEN + FORM, PASSWORD));
        row(endpoint, "upload without right", request("POST", UPLOAD, other + MULTIPART, CONTENT + FILE + END));
        row(
                endpoint,
                "upload without right, large",
                request("POST", UPLOAD, other + MULTIPART + "Content-Length: 600000\r\n", ""));
        row(endpoint, "other right", request("GET", "/nodes/pve1/storage/resources/status", other, ""));
        row(endpoint, "right of a node", request("GET", "/nodes/pve1/status", TOKEN, ""));
        row(
                endpoint,
                "parameter",
                request("POST", UPLOAD, TOKEN + MULTIPART, CONTENT + FILE.replace(".iso", ".txt") + END));
        row(endpoint, "upload without a length", request("POST", UPLOAD, TOKEN + MULTIPART, ""));
        row(endpoint, "order of fields", request("POST", UPLOAD, TOKEN + MULTIPART, CONTENT + CONTENT + FILE + END));
        row(endpoint, "handler dies", request("GET", "/nodes/pve1/storage/resources/content/iso/x.iso", TOKEN, ""));
        row(endpoint, "multipart broken", request("POST", UPLOAD, TOKEN + MULTIPART, CONTENT + FILE));
        row(
                endpoint,
                "quoted boundary",
                request("POST", UPLOAD, TOKEN + MULTIPART.replace("=B", "=\"B\""), CONTENT + FILE + END));
        row(
                endpoint,
                "field name",
                request(
                        "POST",
                        UPLOAD,
                        TOKEN + MULTIPART,
                        CONTENT + FILE.replace("=\"filename\";", "=\"file\";") + END));
        row(endpoint, "unknown path", request("GET", "/nope", TOKEN, ""));
        row(endpoint, "chunked", request("POST", "/version", TOKEN + "Transfer-Encoding: chunked\r\n", ""));
        row(endpoint, "HEAD", request("HEAD", "/version", TOKEN, ""));
        row(endpoint, "GET with a body", request("GET", "/version", TOKEN, "x"));
        row(endpoint, "too large", request("POST", "/version", TOKEN + FORM + "Content-Length: 600000\r\n", ""));
        row(endpoint, "multipart elsewhere", request("POST", UPLOAD + "/", TOKEN + MULTIPART, CONTENT + FILE + END));
        row(endpoint, "elsewhere", "GET /x HTTP/1.1\r\nConnection: close\r\n" + TOKEN + "\r\n");
        row(endpoint, "node unreachable", request("GET", "/nodes/pve3/storage", TOKEN, ""));
        row(endpoint, "node unknown", request("GET", "/nodes/pve9/storage", TOKEN, ""));
        row(endpoint, "idle", "GET /api2/json/version HTTP/1.1\r\n");
        row(
                endpoint,
                "content type of an upload",
                request("POST", UPLOAD, TOKEN + "Content-Type: application/json\r\n", "{}"));
        row(
                endpoint,
                "tmpfilename",
                request("POST", UPLOAD + "?tmpfilename=x", TOKEN + MULTIPART, CONTENT + FILE + END));
        row(endpoint, "too many headers", request("GET", "/version", TOKEN + "X: y\r\n".repeat(62), ""));
        row(endpoint, "too large headers", request("GET", "/version", TOKEN + "X: " + "y".repeat(8200) + "\r\n", ""));
        for (PveFault fault : List.of(
                PveFault.RELAY_TIMEOUT,
                PveFault.RELAY_REFUSED,
                PveFault.RELAY_BROKEN,
                PveFault.RELAY_LOST,
                PveFault.HANDLER_DIES)) {
            endpoint.faults().arm(fault, 1);
            row(endpoint, fault.name(), request("GET", "/nodes/pve1/storage", TOKEN, ""));
        }
        endpoint.faults().arm(PveFault.TEMP_FULL, 1);
        row(endpoint, "TEMP_FULL", request("POST", UPLOAD, TOKEN + MULTIPART, CONTENT + FILE + "x".repeat(200) + END));
    }

    @Test
    void everyRowIsAnsweredAsTheRealServerDoes() throws Exception {
        for (PveSettings.Release release : List.of(PveSettings.Release.CURRENT, PveSettings.Release.OLD)) {
            lines.add("== " + release);
            PveSettings settings = PveSettings.of(release).with(Duration.ofMillis(1500), DELAY);
            PveWorld world =
                    PveBench.world(PveBench.nodes(false), PveBench.resources().withContent(Set.of("iso")));
            try (PveEndpoint endpoint = PveBench.start(directory.resolve(release.name()), world, settings)) {
                rows(endpoint);
            }
        }
        Golden.check("pve-errors", lines);
    }
}
