package dev.talosforge.lab.pve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.proxmox.wire.ProxmoxTls;
import dev.talosforge.testkit.RequiredTool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in by itself: on a raw socket, and with curl as a judge from outside. */
@Tag("registry")
class PveEndpointTest {
    private static final String AUTH = "Authorization: PVEAPIToken=iso@pve!ci=" + PveBench.SECRET + "\r\n";
    private static final String CONTENT = part("content", "iso");
    private static final String ALGORITHM = part("checksum-algorithm", "md5");
    private static final String CHECKSUM = part("checksum", "900150983cd24fb0d6963f7d28e17f72"); // of "abc"
    private static final String TYPE = "\r\nContent-Type: application/octet-stream\r\n\r\n";
    private static final String END = "\r\n--B--\r\n";
    private static final String LOCALHOST = "/api2/json/nodes/localhost";

    @TempDir
    Path directory;

    private PveEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        endpoint = PveBench.start(
                directory, PveBench.world(PveBench.nodes(false), PveBench.resources(), PveBench.local()));
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
    }

    private static String part(String name, String value) {
        return "--B\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value);
    }

    private static String file(String name) {
        return "--B\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"%s\"".formatted(name);
    }

    private SSLSocket connect() throws IOException {
        return (SSLSocket) new ProxmoxTls.Authority(endpoint.authority())
                .context()
                .getSocketFactory()
                .createSocket("localhost", endpoint.uri().getPort());
    }

    /** Everything the server says to these writes, each of which is a TLS record of its own. */
    private String say(String... writes) throws IOException {
        try (SSLSocket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            for (String write : writes) {
                out.write(write.getBytes(ISO_8859_1));
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            try {
                in.transferTo(answer);
            } catch (IOException e) {
                answer.writeBytes("(reset)".getBytes(ISO_8859_1));
            }
            return answer.toString(ISO_8859_1);
        }
    }

    private String post(String storage, String auth, String... body) throws IOException {
        int length = List.of(body).stream().mapToInt(String::length).sum();
        String[] writes = new String[body.length + 1];
        writes[0] =
                "POST %s/storage/%s/upload HTTP/1.1\r\nHost: x\r\n%sContent-Type: multipart/form-data; boundary=B\r\nContent-Length: %d\r\n\r\n"
                        .formatted(LOCALHOST, storage, auth, length);
        System.arraycopy(body, 0, writes, 1, body.length);
        return say(writes);
    }

    private String get(String path) throws IOException {
        return say("GET /api2/json" + path + " HTTP/1.1\r\nHost: x\r\n" + AUTH + "Connection: close\r\n\r\n");
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static String status(String answer) {
        return answer.lines().findFirst().orElse("");
    }

    private JsonObject finished(String answer) throws IOException, InterruptedException {
        assertEquals("HTTP/1.1 200 OK", status(answer));
        String upid = String.valueOf(
                JsonReader.readObject("answer", body(answer).getBytes(UTF_8)).text("data"));
        assertTrue(upid.matches("UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8}:6B0383BF:imgcopy::iso@pve!ci:"), upid);
        while (true) {
            String status = body(get("/nodes/pve1/tasks/" + upid + "/status"));
            JsonObject data =
                    JsonReader.readObject("status", status.getBytes(UTF_8)).object("data");
            assertNotNull(data);
            if ("stopped".equals(data.text("status"))) {
                return data;
            }
            Thread.sleep(20);
        }
    }

    private byte[] stored(String name) throws IOException {
        Path iso = endpoint.isoDirectory("pve1", "resources");
        assertNotNull(iso);
        return Files.readAllBytes(iso.resolve(name));
    }

    @Test
    void storesWhatComesInTheRightOrder() throws Exception {
        String answer = post("resources", AUTH, CONTENT + ALGORITHM + CHECKSUM + file("a.iso") + TYPE, "abc", END);
        assertTrue(answer.contains("Connection: close\r\nConnection: close\r\n"), answer);
        assertEquals("OK", finished(answer).text("exitstatus"));
        assertEquals("abc", new String(stored("a.iso"), ISO_8859_1));
        assertEquals(0, endpoint.temporaryFiles("pve1"));
    }

    @Test
    void answersAnyOtherOrderWithAnEmpty400AndLeaksTheFile() throws Exception {
        int leaked = 0;
        for (String preamble : List.of(ALGORITHM + CONTENT, CHECKSUM + ALGORITHM, CONTENT + part("foo", "x"))) {
            String answer = post("resources", AUTH, preamble + file("a.iso") + TYPE + "abc" + END);
            assertEquals("HTTP/1.1 400 Bad Request", status(answer));
            assertEquals("", body(answer));
            assertEquals(++leaked, endpoint.temporaryFiles("pve1"));
        }
        String late = post("resources", AUTH, CONTENT + file("late.iso") + TYPE + "abc\r\n" + ALGORITHM + "--B--\r\n");
        assertEquals("OK", finished(late).text("exitstatus"));
        assertEquals("abc\r\n" + ALGORITHM.strip(), new String(stored("late.iso"), ISO_8859_1));
    }

    @Test
    void writesHeadersThatComeInALaterRecordIntoTheFile() throws Exception {
        String split = post("resources", AUTH, CONTENT + file("s.iso"), TYPE, "abc", END);
        assertEquals("OK", finished(split).text("exitstatus"));
        assertEquals(TYPE + "abc", new String(stored("s.iso"), ISO_8859_1));
        assertEquals(44, TYPE.length());
        String detected =
                post("resources", AUTH, CONTENT + ALGORITHM + CHECKSUM + file("s.iso") + "\r\n", TYPE, "abc", END);
        assertTrue(String.valueOf(finished(detected).text("exitstatus")).startsWith("checksum mismatch: got '"));
        String head = file("inside.iso");
        String inside = post(
                "resources",
                AUTH,
                CONTENT + head.substring(0, head.length() - 4),
                head.substring(head.length() - 4) + TYPE,
                "abc\r",
                "\n--B",
                "--\r\n");
        assertEquals("OK", finished(inside).text("exitstatus"));
        assertEquals("abc", new String(stored("inside.iso"), ISO_8859_1));
    }

    @Test
    void refusesUploadsFromTheHeadAlone() throws Exception {
        String body = CONTENT + file("a.iso") + TYPE + "abc" + END;
        String none = post("resources", "", body);
        assertEquals("HTTP/1.1 401 No ticket", status(none));
        assertEquals("", body(none));
        String stranger = AUTH.replace("!ci", "!bare");
        assertEquals(
                "HTTP/1.1 403 Permission check failed (/storage/resources, Datastore.AllocateTemplate)",
                status(post("resources", stranger, body)));
        assertEquals(
                "HTTP/1.1 401 Authentication failed!", status(post("resources", AUTH.replace("!ci", "!old"), body)));
        String large = say("POST " + LOCALHOST + "/storage/resources/upload HTTP/1.1\r\n" + stranger
                + "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 600000\r\n\r\n");
        assertEquals("", large);
        assertEquals(0, endpoint.temporaryFiles("pve1"));
    }

    @Test
    void endsIdleAndOddConnectionsWithoutAWord() throws Exception {
        assertEquals("", say("GET /api2/json/version HTTP/1.1\r\n"));
        assertEquals("", say("GET /api2/json/version HTTP/1.1\r\n" + "X: y\r\n".repeat(63) + "\r\n"));
        String head = "POST " + LOCALHOST + "/storage/resources/upload HTTP/1.1\r\n" + AUTH + "Content-Length: 300\r\n";
        assertEquals("", say(head + "Content-Type: multipart/form-data; boundary=B\r\n\r\n" + CONTENT));
        assertEquals("", say(head + "Content-Type: application/json\r\n\r\n"));
        assertEquals(0, endpoint.temporaryFiles("pve1"));
    }

    @Test
    void answersTheErrorTable() throws Exception {
        String end = " HTTP/1.1\r\n" + AUTH;
        assertEquals("HTTP/1.1 501 method 'HEAD' not available", status(say("HEAD /api2/json/version" + end + "\r\n")));
        assertEquals("HTTP/1.1 501 Method 'GET /nope' not implemented", status(get("/nope")));
        assertEquals("HTTP/1.1 500 no such file '/x'", status(say("GET /x" + end + "\r\n")));
        assertEquals("HTTP/1.1 595 Connection refused", status(get("/nodes/pve3/storage")));
        assertTrue(status(get("/nodes/pve9/storage")).startsWith("HTTP/1.1 500 hostname lookup 'pve9' failed"));
        assertEquals(
                "HTTP/1.1 403 Permission check failed (/storage/x, Datastore.Audit|Datastore.AllocateSpace)",
                status(get("/nodes/pve1/storage/x/status")));
        assertEquals(
                "HTTP/1.1 501 Unexpected content for method 'GET'",
                status(say("GET /api2/json/version" + end + "Content-Length: 1\r\n\r\nx")));
        assertEquals(
                "HTTP/1.1 501 chunked transfer encoding not supported",
                status(say("POST /api2/json/version" + end + "Transfer-Encoding: chunked\r\n\r\n")));
        String wrong = post("resources", AUTH, CONTENT + file("a.txt") + TYPE + "abc" + END);
        assertEquals("HTTP/1.1 400 Parameter verification failed.", status(wrong));
        assertTrue(body(wrong).contains("\"errors\":{\"filename\":\"wrong file extension\"}"), wrong);
        String field = post(
                "resources",
                AUTH,
                CONTENT + file("a.iso").replace("name=\"filename\";", "name=\"file\";") + TYPE + END);
        assertTrue(status(field).startsWith("HTTP/1.1 500 wrong field name 'file' for file upload"), field);
        assertTrue(status(post("resources", AUTH, CONTENT + file("a.iso") + TYPE + "abc"))
                .startsWith("HTTP/1.1 500 upload failed at "));
        assertEquals(3, endpoint.temporaryFiles("pve1"));
    }

    @Test
    void knowsATaskOnItsOwnNodeOnly() throws Exception {
        String answer = post("resources", AUTH, CONTENT + file("../dir\\a b.iso") + TYPE + "abc" + END);
        JsonObject task = finished(answer);
        assertEquals("abc", new String(stored("a_b.iso"), ISO_8859_1));
        String elsewhere = get("/nodes/pve2/tasks/" + task.text("upid") + "/status");
        assertEquals("HTTP/1.1 400 Parameter verification failed.", status(elsewhere));
        assertTrue(body(elsewhere).contains("no such task"));
        String log = body(get("/nodes/pve1/tasks/" + task.text("upid") + "/log"));
        assertTrue(log.contains("\"TASK OK\""), log);
    }

    @Test
    void listsAFileWhileItGrows() throws Exception {
        endpoint.faults().arm(PveFault.SLOW_COPY, 1);
        post("resources", AUTH, CONTENT + file("g.iso") + TYPE + "abcdefgh".repeat(100) + END);
        boolean grew = false;
        for (int look = 0; look < 200; look++) {
            List<Json> rows = JsonReader.readObject(
                            "listing",
                            body(get("/nodes/pve2/storage/resources/content")).getBytes(UTF_8))
                    .items("data");
            Long size = !rows.isEmpty() && rows.getFirst() instanceof JsonObject row ? row.whole("size") : null;
            if (size != null && size == 800) {
                break;
            }
            grew |= size != null && size > 0;
        }
        assertTrue(grew);
    }

    @Test
    void hidesTextsOfOldServersInTheStatusLine() throws Exception {
        PveSettings old = PveSettings.of(PveSettings.Release.OLD).with(PveBench.IDLE, PveBench.IDLE);
        try (PveEndpoint before = PveBench.start(
                directory.resolve("old"), PveBench.world(PveBench.nodes(true), PveBench.resources()), old)) {
            PveEndpoint current = endpoint;
            endpoint = before;
            try {
                String answer = get("/nope");
                assertEquals("HTTP/1.1 501 Method 'GET /nope' not implemented", status(answer));
                assertFalse(body(answer).contains("message"), answer);
                assertTrue(status(post("resources", AUTH, CONTENT + file("a.iso") + TYPE + "abc"))
                        .startsWith("HTTP/1.1 501 upload failed"));
            } finally {
                endpoint = current;
            }
        }
    }

    @Test
    void curlUploadsAndTrustsTheAuthority() throws Exception {
        RequiredTool curl = RequiredTool.named("curl", "curl");
        Path iso = directory.resolve("c.iso");
        byte[] content = PveBench.content(3_000_000).readAll("test", 3_000_000);
        Files.write(iso, content);
        String sum = dev.talosforge.bytes.Sha256.of(content).hex();
        String message = curl.run(
                directory,
                iso,
                "-sS",
                "--fail-with-body",
                "--cacert",
                endpoint.authority().toString(),
                "-H",
                AUTH.strip(),
                "-F",
                "content=iso",
                "-F",
                "checksum-algorithm=sha256",
                "-F",
                "checksum=" + sum,
                "-F",
                "filename=@" + iso,
                endpoint.uri() + LOCALHOST.substring(1) + "/storage/resources/upload");
        finished("HTTP/1.1 200 OK\r\n\r\n" + message);
        assertEquals(3_000_000, stored("c.iso").length);
        String plain = curl.run(
                directory,
                iso,
                "-sS",
                "-o",
                "out.txt",
                "-w",
                "%{http_code} %{redirect_url}",
                "http://127.0.0.1:" + endpoint.uri().getPort() + "/api2/json/version");
        assertEquals("301 " + endpoint.uri() + "api2/json/version", plain);
        for (String version : List.of("--tlsv1.3", "--tls-max=1.2")) {
            List<String> options = version.startsWith("--tls-max") ? List.of("--tls-max", "1.2") : List.of(version);
            String[] command = new java.util.ArrayList<>(List.of(
                            "-sS",
                            "--http1.1",
                            "--cacert",
                            endpoint.authority().toString(),
                            "-H",
                            AUTH.strip(),
                            options.getFirst(),
                            options.size() > 1 ? options.get(1) : "--tlsv1.3",
                            endpoint.uri() + "api2/json/version"))
                    .toArray(String[]::new);
            assertTrue(curl.run(directory, iso, command).contains("\"9.2.11\""));
        }
    }
}
