package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.oci.Descriptor;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Uploads one blob: in one piece, in chunks if the server rejects a large piece, and in one piece again if it rejects a
 * second chunk. After a break it asks the server how much arrived and sends the rest.
 */
final class BlobUpload {
    private static final String OCTETS = "application/octet-stream";
    private static final long CHUNK = 8 << 20;

    /** Below the limits of proxies (nginx: one mebibyte by default), and small enough for an unstable link. */
    private static final long SMALLEST_CHUNK = 64 << 10;

    /** How often a server may say that a chunk is out of place. */
    private static final int MAX_LOOKS = 3;

    /** After this many breaks within a blob, the link will not carry it in one piece. */
    private static final int MAX_BREAKS = 2;

    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");

    private final Wire wire;
    private final Line line;
    private final URI uploads;
    private final URI there;
    private final Descriptor blob;
    private final ByteSource content;

    /** Where the upload continues; null before the first upload and after an abandoned one. */
    private @Nullable URI location;

    /** Bytes of the blob that the server has. */
    private long received;

    private long furthest;
    private long chunk = CHUNK;

    /** Only the last chunk may be smaller. */
    private long least = SMALLEST_CHUNK;

    private int breaks;
    private boolean begun;
    private boolean spoiled;
    private boolean whole;
    private boolean inChunks;
    private boolean resumable = true;

    /**
     * @param uploads the address where uploads start
     * @param there the address of the finished blob
     */
    BlobUpload(Wire wire, Line line, URI uploads, URI there, Descriptor blob, ByteSource content) {
        this.wire = wire;
        this.line = line;
        this.uploads = uploads;
        this.there = there;
        this.blob = blob;
        this.content = content;
    }

    /** The first success, or the server's final answer. */
    HttpAnswer run() throws IOException, InterruptedException {
        return wire.retries().run(() -> furthest, this::attempt);
    }

    private HttpAnswer attempt() throws IOException, InterruptedException {
        if (begun) {
            // perhaps only the answer to a success was lost
            HttpAnswer arrived = wire.once(line, HttpCall.head(there), null);
            if (arrived.succeeded() || RetryPolicy.isTransient(arrived.status())) {
                return arrived;
            }
            HttpAnswer unknown = look();
            if (unknown != null) {
                return unknown;
            }
        }
        begun = true;
        HttpAnswer answer = watched();
        if (RegistryErrors.spoiltOnTheWay(answer) && !spoiled) {
            spoiled = true;
            answer = again();
        }
        if (refusesTheWay(answer.status()) && inChunks && breaks >= MAX_BREAKS && !whole) {
            whole = true; // chunks were our choice, and the server takes none
            inChunks = false;
            answer = again();
        }
        if (refusesTheWay(answer.status()) && received > 0 && !inChunks) {
            resumable = false; // no second chunk: everything at once, from the start
            answer = again();
        }
        if (refusesTheWay(answer.status()) && !inChunks && !whole) {
            inChunks = true;
            answer = again();
        }
        return answer;
    }

    /** As {@link #transfer}; breaks make the chunks smaller, so that one gets through before the next break. */
    private HttpAnswer watched() throws IOException, InterruptedException {
        try {
            return transfer();
        } catch (IOException e) {
            if (Retries.isTransient(e) && ++breaks >= MAX_BREAKS && content.size() > least && !whole) {
                chunk = Math.max(least, inChunks ? chunk / 4 : Math.min(CHUNK, content.size()) / 2);
                inChunks = true;
            }
            throw e;
        }
    }

    private HttpAnswer again() throws IOException, InterruptedException {
        forget();
        return transfer();
    }

    private void forget() {
        location = null;
        received = 0;
    }

    /**
     * Asks how much of an upload arrived; an upload that the server no longer knows is dropped. The answer may change
     * over time.
     */
    private @Nullable HttpAnswer look() throws IOException, InterruptedException {
        URI upload = location;
        if (upload == null || !resumable) {
            forget();
            return null;
        }
        HttpAnswer status = wire.once(line, HttpCall.get(upload), null);
        if (RetryPolicy.isTransient(status.status())) {
            return status;
        }
        if (status.succeeded()) {
            moved(status, 0);
        } else {
            forget();
        }
        return null;
    }

    private HttpAnswer transfer() throws IOException, InterruptedException {
        if (location == null) {
            HttpAnswer started = wire.once(line, post(uploads), null);
            if (started.succeeded() && started.status() != 202) {
                throw new FormatException("registry", 0, started + ": an upload was requested but not started");
            }
            if (started.status() != 202) {
                return started;
            }
            least = Math.max(least, minimum(started));
            chunk = Math.max(chunk, least);
            location = UploadLocation.of(started, line.endpoint());
        }
        if (!inChunks && received == 0) {
            return put(content);
        }
        int looks = 0;
        while (received < content.size()) {
            long before = received;
            long end = inChunks ? Math.min(content.size(), before + chunk) : content.size();
            HttpAnswer answer = patch(before, end);
            if (answer.status() == 413 && inChunks && chunk / 4 >= SMALLEST_CHUNK) {
                chunk /= 4;
            } else if (answer.status() == 416 && looks++ < MAX_LOOKS) {
                HttpAnswer unknown = look();
                if (unknown != null) {
                    return unknown;
                }
                if (location == null || received == before) {
                    return answer;
                }
            } else if (!answer.succeeded()) {
                return answer;
            } else {
                moved(answer, end);
                if (received <= before) {
                    throw new IOException("%s: the registry accepted nothing of a chunk".formatted(answer));
                }
            }
        }
        return put(ByteSource.empty());
    }

    private HttpAnswer put(ByteSource last) throws IOException, InterruptedException {
        URI target = at();
        String separator = target.getRawQuery() == null ? "?" : "&";
        URI whole = URI.create(target + separator + "digest=" + blob.digest());
        return wire.once(line, HttpCall.of("PUT", whole).withBody(OCTETS, last), null);
    }

    private HttpAnswer patch(long from, long end) throws IOException, InterruptedException {
        HttpCall call = HttpCall.of("PATCH", at())
                .withBody(OCTETS, content.slice(from, end - from))
                .with("Content-Range", from + "-" + (end - 1));
        return wire.once(line, call, null);
    }

    private URI at() {
        if (location == null) {
            throw new IllegalStateException("no upload was started");
        }
        return location;
    }

    /**
     * Records where the upload is and how much arrived. The header names the last byte; 0-0 also stands for none.
     *
     * @param sent the position if the server does not give one
     */
    private void moved(HttpAnswer answer, long sent) throws IOException {
        if (answer.header("Location") != null) {
            location = UploadLocation.of(answer, line.endpoint());
        }
        String range = answer.header("Range");
        Matcher matcher = RANGE.matcher(range == null ? "" : range.strip());
        long end = matcher.matches() ? Long.parseLong(matcher.group(1)) + 1 : sent;
        if (end > content.size()) {
            throw new IOException("the registry has %d bytes of a blob of %d".formatted(end, content.size()));
        }
        received = end == 1 && content.size() > 1 ? 0 : end;
        furthest = Math.max(furthest, received);
    }

    private static long minimum(HttpAnswer started) {
        String value = started.header("OCI-Chunk-Min-Length");
        return value != null && value.strip().matches("\\d{1,10}") ? Long.parseLong(value.strip()) : 0;
    }

    private static boolean refusesTheWay(int status) {
        return switch (status) {
            case 404, 405, 411, 413, 415, 416, 501 -> true;
            default -> false;
        };
    }

    static HttpCall post(URI uri) {
        return HttpCall.of("POST", uri).withBody(OCTETS, ByteSource.empty());
    }
}
