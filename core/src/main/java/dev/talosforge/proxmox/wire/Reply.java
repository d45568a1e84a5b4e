package dev.talosforge.proxmox.wire;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An HTTP answer with its reason phrase, which is where Proxmox explains itself. */
public final class Reply {
    private static final int HEAD_LIMIT = 64 << 10;
    private static final int BODY_LIMIT = 32 << 20;
    private static final int TEXT_LIMIT = 2000;
    private static final int TITLE_LIMIT = 80;

    private static final Pattern TITLE =
            Pattern.compile("<(title|h1)[^>]*>(.*?)</\\1>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final int status;
    private final String reason;
    private final @Nullable String location;
    private final byte[] body;

    private Reply(int status, String reason, @Nullable String location, byte[] body) {
        this.status = status;
        this.reason = reason;
        this.location = location;
        this.body = body;
    }

    /** An answer that Proxmox would not give: something else answers at its address. */
    public static final class Foreign extends IOException {
        private final int status;

        Foreign(int status, String message) {
            super(message);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    public int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /** Transient failures of the relay between nodes and daemons, and of proxies in front of them. */
    public boolean mayPass() {
        return isOfRelay() || status == 502 || status == 503 || status == 504 || (status >= 520 && status <= 527);
    }

    /** Whether the server could not reach another node or its own daemon. */
    public boolean isOfRelay() {
        return status >= 595 && status <= 599;
    }

    /** Whether something in front of the server answered, or another server: Proxmox sends us no pages. */
    public boolean isForeign() {
        return (status >= 300 && status < 400) || text().startsWith("<");
    }

    private String text() {
        return new String(body, StandardCharsets.UTF_8).strip();
    }

    /** What is known about who answered in its place. */
    public String foreign() {
        if (location != null) {
            return "it redirects to %s instead of answering".formatted(location);
        }
        Matcher title = TITLE.matcher(text());
        String shown = title.find()
                ? title.group(2).replaceAll("<[^>]*>|[\\p{Cntrl}\\s]+", " ").strip()
                : "";
        return shown.isEmpty()
                ? "it returned a web page, not an answer from Proxmox"
                : "it returned a web page titled \"%s\", not an answer from Proxmox"
                        .formatted(shown.substring(0, Math.min(shown.length(), TITLE_LIMIT)));
    }

    /** The {@code data} member of the answer. */
    public Json data() throws Foreign {
        JsonObject object = object();
        Json data = object == null ? null : object.get("data");
        if (data == null) {
            throw new Foreign(
                    status,
                    isForeign()
                            ? foreign()
                            : object == null
                                    ? "the answer is not JSON, so it is not from Proxmox"
                                    : "the answer has no member \"data\", so it is not from Proxmox");
        }
        return data;
    }

    private @Nullable JsonObject object() {
        try {
            return JsonReader.readObject("Proxmox answer", body);
        } catch (FormatException e) {
            return null;
        }
    }

    /** What the server says about a failure: the parameters at fault, its message, else the reason phrase. */
    public String explanation() {
        List<String> parts = new ArrayList<>();
        JsonObject object = object();
        JsonObject errors = object == null ? null : object.object("errors");
        if (errors != null) {
            new TreeMap<>(errors.members()).forEach((name, why) -> {
                if (why instanceof Json.JsonText(String text)) {
                    parts.add(name + ": " + text.strip());
                }
            });
        }
        if (parts.isEmpty()) {
            // a page is a proxy's, and says no more than its status line
            String message = object != null ? object.text("message") : isForeign() ? null : text();
            parts.add(message == null || message.isBlank() ? reason : message.strip());
        }
        String all = String.join("; ", parts).replaceAll("[\\p{Cntrl}]+", " ").strip();
        return status + " " + all.substring(0, Math.min(all.length(), TEXT_LIMIT));
    }

    /** Reads one answer. An end of the stream before it is an {@link EOFException}. */
    static Reply read(InputStream in) throws IOException {
        String[] head = head(in).split("\r?\n", -1);
        String[] first = head[0].split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[1-9][0-9]{2}")) {
            throw new FormatException("HTTP answer", 0, "has no status line");
        }
        SequencedMap<String, String> headers = new TreeMap<>();
        for (String line : List.of(head).subList(1, head.length)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return new Reply(
                Integer.parseInt(first[1]),
                first.length > 2 ? first[2] : "",
                headers.get("location"),
                body(in, headers));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int newlines = 0;
        while (newlines < 2) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended without an answer");
            }
            newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
            head.write(next);
            if (head.size() > HEAD_LIMIT) {
                throw new FormatException("HTTP answer", HEAD_LIMIT, "the head is longer than 65536 bytes");
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private static byte[] body(InputStream in, SequencedMap<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            return chunks(in);
        }
        String length = headers.get("content-length");
        if (length == null) {
            return limited(in.readNBytes(BODY_LIMIT + 1));
        }
        if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > BODY_LIMIT) {
            throw new FormatException(
                    "HTTP answer", 0, "Content-Length is %s, at most %d are read".formatted(length, BODY_LIMIT));
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new EOFException("the answer ended after %d of %s bytes".formatted(body.length, length));
        }
        return body;
    }

    /** A proxy in between may use them; Proxmox does not. */
    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = line(in).split(";", -1)[0].strip();
            if (!line.matches("[0-9A-Fa-f]{1,7}")) {
                throw new FormatException("HTTP answer", body.size(), "has a chunk without a length");
            }
            int size = Integer.parseInt(line, 16);
            if (size == 0) {
                return body.toByteArray();
            }
            body.write(in.readNBytes(size));
            limited(body.size());
            line(in);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > 200) {
                throw new EOFException("the answer ended within a chunk");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private static byte[] limited(byte[] body) throws FormatException {
        limited(body.length);
        return body;
    }

    private static void limited(int size) throws FormatException {
        if (size > BODY_LIMIT) {
            throw new FormatException("HTTP answer", BODY_LIMIT, "is too long");
        }
    }
}
