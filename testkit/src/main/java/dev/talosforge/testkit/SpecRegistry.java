package dev.talosforge.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory as the distribution specification has it: it keeps what a broken upload brought, and refuses
 * what it is told to refuse. Its tokens are worth a number of requests.
 */
public final class SpecRegistry implements AutoCloseable {
    private record Rule(String start, long above, int status, AtomicInteger times) {}

    private static final Pattern SUBJECT = Pattern.compile("\"subject\":\\{[^}]*\"digest\":\"([^\"]*)\"");
    private static final Pattern ARTIFACT_TYPE = Pattern.compile("\"artifactType\":\"([^\"]*)\"");
    private static final Pattern ANNOTATIONS = Pattern.compile("\"annotations\":(\\{[^}]*})}$");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final List<Rule> rules = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger forgetful = new AtomicInteger();
    private final Map<String, List<String>> referrers = new ConcurrentHashMap<>();
    private volatile int page;
    private int worth;
    private int tokens;
    private int left;

    private SpecRegistry(HttpServer server) {
        this.server = server;
    }

    public static SpecRegistry start() throws IOException {
        SpecRegistry registry =
                new SpecRegistry(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        registry.server.setExecutor(registry.threads);
        registry.server.createContext("/", registry::serve);
        registry.server.start();
        return registry;
    }

    /** Requests that start so and bring more than so many bytes are refused so often. */
    public void refuse(String start, long above, int status, int times) {
        rules.add(new Rule(start, above, status, new AtomicInteger(times)));
    }

    /** The next so many chunks are kept by half, and nothing is said of it. */
    public void loseHalf(int chunks) {
        forgetful.set(chunks);
    }

    /** From now on it has the API of referrers, unfiltered, with so many on a page. Without it, clients use a tag. */
    public void listReferrers(int each) {
        page = each;
    }

    /** From now on a token is asked for, each worth so many requests. */
    public synchronized void tokensWorth(int requests) {
        worth = requests;
    }

    public synchronized int tokens() {
        return tokens;
    }

    /** Method, path, Content-Length and Content-Range of every request. */
    public List<String> seen() {
        return List.copyOf(seen);
    }

    public byte @Nullable [] content(String path) {
        return contents.get(path);
    }

    public void put(String path, byte[] content) {
        contents.put(path, content);
    }

    /** As if somebody had deleted it. */
    public void remove(String path) {
        contents.remove(path);
    }

    /** How many uploads were begun, and neither ended nor called off. */
    public int openUploads() {
        return uploads.size();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Host and port, as in a reference. */
    public String host() {
        return "127.0.0.1:" + port();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String request = exchange.getRequestMethod() + " " + path;
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        String range = exchange.getRequestHeaders().getFirst("Content-Range");
        seen.add("%s %s %s".formatted(request, length, range));
        if (path.equals("/token")) {
            answer(exchange, 200, "{\"token\":\"t%d\"}".formatted(newToken()).getBytes(UTF_8));
            return;
        }
        Integer refusal = refusal(request, length == null ? 0 : Long.parseLong(length));
        if (refusal != null || !mayPass(exchange)) {
            exchange.getRequestBody().readAllBytes();
            if (refusal == null || refusal == 401) {
                exchange.getResponseHeaders()
                        .set("WWW-Authenticate", "Bearer realm=\"http://%s/token\",service=\"spec\"".formatted(host()));
            }
            answer(exchange, refusal == null ? 401 : refusal, new byte[0]);
            return;
        }
        String digest = exchange.getRequestURI().getQuery();
        if (path.contains("/blobs/uploads/")) {
            upload(exchange, path, digest == null ? "" : digest.replaceFirst(".*digest=", ""), range);
        } else if (exchange.getRequestMethod().equals("PUT")) {
            byte[] manifest = exchange.getRequestBody().readAllBytes();
            contents.put(path, manifest);
            contents.put(path.replaceFirst("[^/]*$", digest(manifest)), manifest);
            String subject = page == 0 ? null : found(SUBJECT, manifest);
            if (subject != null) {
                refer(path.replaceFirst("manifests/[^/]*$", "referrers/" + subject), manifest);
                exchange.getResponseHeaders().set("OCI-Subject", subject);
            }
            answer(exchange, 201, new byte[0]);
        } else if (page > 0 && path.contains("/referrers/")) {
            list(exchange, path);
        } else {
            read(exchange, contents.get(path));
        }
    }

    private static @Nullable String found(Pattern pattern, byte[] manifest) {
        Matcher matcher = pattern.matcher(new String(manifest, UTF_8));
        return matcher.find() ? matcher.group(1) : null;
    }

    private void refer(String path, byte[] manifest) {
        String entry =
                "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"%s\",\"size\":%d,\"artifactType\":\"%s\",\"annotations\":%s}"
                        .formatted(
                                digest(manifest),
                                manifest.length,
                                found(ARTIFACT_TYPE, manifest),
                                Objects.requireNonNullElse(found(ANNOTATIONS, manifest), "{}"));
        List<String> all = referrers.computeIfAbsent(path, _ -> new CopyOnWriteArrayList<>());
        if (!all.contains(entry)) {
            all.add(entry);
        }
    }

    private void list(HttpExchange exchange, String path) throws IOException {
        List<String> all = referrers.getOrDefault(path, List.of());
        String last = String.valueOf(exchange.getRequestURI().getQuery()).replaceFirst("^.*last=", "");
        int from = last.matches("\\d+") ? Integer.parseInt(last) : 0;
        int to = Math.min(from + page, all.size());
        if (to < all.size()) {
            exchange.getResponseHeaders().set("Link", "<%s?last=%d>; rel=\"next\"".formatted(path, to));
        }
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.index.v1+json");
        String index =
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[%s]}"
                        .formatted(String.join(",", all.subList(from, to)));
        answer(exchange, 200, index.getBytes(UTF_8));
    }

    private static void read(HttpExchange exchange, byte @Nullable [] content) throws IOException {
        if (content != null) {
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest(content));
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        answer(exchange, content == null ? 404 : 200, content == null || head ? new byte[0] : content);
    }

    private void upload(HttpExchange exchange, String path, String digest, @Nullable String range) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            String location = path + numbers.incrementAndGet();
            uploads.put(location, new ByteArrayOutputStream());
            exchange.getResponseHeaders().set("Location", location);
            answer(exchange, 202, new byte[0]);
            return;
        }
        if (exchange.getRequestMethod().equals("DELETE")) {
            answer(exchange, uploads.remove(path) == null ? 404 : 204, new byte[0]);
            return;
        }
        ByteArrayOutputStream upload = uploads.get(path);
        if (upload == null) {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, 404, "{\"errors\":[{\"code\":\"BLOB_UPLOAD_UNKNOWN\"}]}".getBytes(UTF_8));
            return;
        }
        synchronized (upload) {
            if (range != null && Long.parseLong(range.substring(0, range.indexOf('-'))) != upload.size()) {
                exchange.getRequestBody().readAllBytes();
                answer(exchange, 416, new byte[0]);
                return;
            }
            boolean halved = exchange.getRequestMethod().equals("PATCH") && forgetful.getAndDecrement() > 0;
            byte[] before = upload.toByteArray();
            take(exchange.getRequestBody(), upload);
            if (halved) {
                int kept = (before.length + upload.size()) / 2;
                byte[] all = upload.toByteArray();
                upload.reset();
                upload.write(all, 0, kept);
            } else if (upload.size() > 0) {
                exchange.getResponseHeaders().set("Range", "0-" + (upload.size() - 1));
            }
            exchange.getResponseHeaders().set("Location", path);
            if (!exchange.getRequestMethod().equals("PUT")) {
                answer(exchange, exchange.getRequestMethod().equals("GET") ? 204 : 202, new byte[0]);
                return;
            }
            byte[] all = upload.toByteArray();
            boolean right = digest(all).equals(digest);
            if (right) {
                contents.put(path.replaceFirst("uploads/.*", digest), all);
                uploads.remove(path);
            }
            answer(exchange, right ? 201 : 400, new byte[0]);
        }
    }

    /** What comes before a break is kept. */
    private static void take(InputStream body, ByteArrayOutputStream upload) throws IOException {
        byte[] buffer = new byte[1 << 14];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            upload.write(buffer, 0, count);
        }
    }

    private @Nullable Integer refusal(String request, long length) {
        synchronized (rules) {
            for (Rule rule : rules) {
                if (request.startsWith(rule.start) && length > rule.above && rule.times.getAndDecrement() > 0) {
                    return rule.status;
                }
            }
        }
        return null;
    }

    private synchronized int newToken() {
        left = worth;
        return ++tokens;
    }

    private synchronized boolean mayPass(HttpExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        return worth == 0 || (("Bearer t" + tokens).equals(given) && left-- > 0);
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
