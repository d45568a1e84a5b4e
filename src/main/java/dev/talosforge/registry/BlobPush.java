package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.net.Hosts;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.Redaction;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Brings one blob out: not at all when it is there, by mounting when another repository has it, in one piece, and in
 * chunks where a server takes no large piece. Distribution specification 1.1, "Pushing blobs".
 */
final class BlobPush {
    private static final String OCTETS = "application/octet-stream";
    private static final long CHUNK = 8 << 20;
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");

    private final Wire wire;
    private final Wire.Line line;
    private final ImageReference reference;
    private final String what;

    BlobPush(Wire wire, Wire.Line line, ImageReference reference, String what) {
        this.wire = wire;
        this.line = line;
        this.reference = reference;
        this.what = what;
    }

    /** @param mountFrom repositories on the same registry that may have it */
    void push(Descriptor blob, ByteSource content, List<String> mountFrom) throws IOException, InterruptedException {
        if (exists(blob) || mounted(blob, mountFrom)) {
            return;
        }
        HttpAnswer answer = whole(blob, content);
        if (wantsChunks(answer.status())) {
            answer = chunks(blob, content);
        }
        if (!answer.succeeded()) {
            throw refused(answer);
        }
    }

    private boolean exists(Descriptor blob) throws IOException, InterruptedException {
        HttpAnswer answer = wire.ask(line, HttpCall.head(uri("blobs/" + blob.digest())));
        return answer.succeeded();
    }

    private boolean mounted(Descriptor blob, List<String> mountFrom) throws IOException, InterruptedException {
        for (String repository : mountFrom) {
            if (repository.equals(reference.repository())) {
                continue;
            }
            Wire.Line both =
                    new Wire.Line(line.endpoint(), line.registry(), line.scope().alsoPull(line.endpoint(), repository));
            URI uri = uri("blobs/uploads/?mount=%s&from=%s"
                    .formatted(blob.digest(), line.endpoint().name(repository)));
            HttpAnswer answer = wire.ask(both, post(uri));
            if (answer.status() == 201) {
                return true;
            }
            if (answer.status() == 202) {
                cancel(answer);
            }
        }
        return false;
    }

    /** The registry would keep an upload that nobody goes on with; whether it can forget it is its own affair. */
    private void cancel(HttpAnswer started) throws IOException, InterruptedException {
        URI location = location(started);
        wire.once(line, HttpCall.of("DELETE", location), null);
    }

    /** A new upload on each attempt: what a broken PUT left behind is not known. */
    private HttpAnswer whole(Descriptor blob, ByteSource content) throws IOException, InterruptedException {
        int[] attempts = {0};
        return wire.retries().run(() -> {
            if (attempts[0]++ > 0) {
                HttpAnswer there = wire.once(line, HttpCall.head(uri("blobs/" + blob.digest())), null);
                if (there.succeeded()) {
                    return there;
                }
            }
            HttpAnswer started = wire.once(line, post(uri("blobs/uploads/")), null);
            if (started.status() != 202) {
                return started.succeeded() || wantsChunks(started.status()) ? fail(started) : started;
            }
            URI target = withDigest(location(started), blob);
            return wire.once(line, HttpCall.of("PUT", target).withBody(OCTETS, content), null);
        });
    }

    private HttpAnswer chunks(Descriptor blob, ByteSource content) throws IOException, InterruptedException {
        HttpAnswer started = wire.ask(line, post(uri("blobs/uploads/")));
        if (started.status() != 202) {
            return started.succeeded() ? fail(started) : started;
        }
        long chunk = Math.max(CHUNK, minimum(started));
        URI location = location(started);
        long offset = 0;
        while (offset < content.size()) {
            long end = Math.min(content.size(), offset + chunk);
            HttpAnswer answer = chunk(location, content, offset, end);
            if (answer.status() != 202 && answer.status() != 204) {
                return answer;
            }
            location = location(answer);
            offset = received(answer, content.size());
        }
        URI target = withDigest(location, blob);
        return wire.ask(line, HttpCall.of("PUT", target).withBody(OCTETS, ByteSource.empty()));
    }

    /** One PATCH; after a break the server says how far it came. The answer's Range tells where to go on. */
    private HttpAnswer chunk(URI location, ByteSource content, long offset, long end)
            throws IOException, InterruptedException {
        int[] attempts = {0};
        return wire.retries().run(() -> {
            URI target = location;
            if (attempts[0]++ > 0) {
                HttpAnswer status = wire.once(line, HttpCall.get(location), null);
                if (!status.succeeded() || received(status, content.size()) > offset) {
                    return status;
                }
                target = location(status);
            }
            HttpCall call = HttpCall.of("PATCH", target)
                    .withBody(OCTETS, content.slice(offset, end - offset))
                    .with("Content-Range", offset + "-" + (end - 1));
            return wire.once(line, call, null);
        });
    }

    /** Bytes that the server has; the header names the last one, and is missing or 0-0 where there is none. */
    private long received(HttpAnswer answer, long size) throws IOException {
        String range = answer.header("Range");
        Matcher matcher = RANGE.matcher(range == null ? "" : range.strip());
        long end = matcher.matches() ? Long.parseLong(matcher.group(1)) + 1 : 0;
        if (end > size) {
            throw new IOException("the registry has %d bytes of a blob of %d".formatted(end, size));
        }
        return end == 1 && size > 1 ? 0 : end;
    }

    private static long minimum(HttpAnswer started) {
        String value = started.header("OCI-Chunk-Min-Length");
        return value != null && value.strip().matches("\\d{1,10}") ? Long.parseLong(value.strip()) : 0;
    }

    private static boolean wantsChunks(int status) {
        return switch (status) {
            case 404, 405, 411, 413, 415, 416, 501 -> true;
            default -> false;
        };
    }

    private HttpAnswer fail(HttpAnswer answer) {
        throw refused(answer);
    }

    private RuntimeException refused(HttpAnswer answer) {
        return RegistryErrors.refused(what, reference, line.endpoint(), answer);
    }

    private static HttpCall post(URI uri) {
        return HttpCall.of("POST", uri).withBody(OCTETS, ByteSource.empty());
    }

    private static URI withDigest(URI location, Descriptor blob) {
        return URI.create(location + (location.getRawQuery() == null ? "?" : "&") + "digest=" + blob.digest());
    }

    /** Where the upload goes on. A server behind a TLS proxy may say http of itself: that is mended, never obeyed. */
    private URI location(HttpAnswer answer) throws IOException {
        @Nullable String header = answer.header("Location");
        if (header == null) {
            throw new IOException("%s: an upload without a Location".formatted(answer));
        }
        URI base = line.endpoint().base();
        URI location;
        try {
            location = answer.uri().resolve(header);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: a Location that is not an address".formatted(answer), e);
        }
        if (location.getHost() == null) {
            throw new IOException("%s: a Location that is not an address".formatted(answer));
        }
        if ("https".equals(base.getScheme()) && "http".equals(location.getScheme())) {
            if (!location.getHost().equals(base.getHost())) {
                throw new IOException("the upload would go to an address without TLS: " + Redaction.of(location));
            }
            String rest = location.toString().substring(location.toString().indexOf('/', "http://".length()));
            return URI.create(base.getScheme() + "://" + base.getRawAuthority() + rest);
        }
        if (!"https".equals(location.getScheme()) && !Hosts.sameOrigin(base, location)) {
            throw new IOException("the upload would go to another address without TLS: " + Redaction.of(location));
        }
        return location;
    }

    private URI uri(String rest) {
        return line.endpoint().uri(reference.repository(), rest);
    }
}
