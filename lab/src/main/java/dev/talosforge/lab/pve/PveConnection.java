package dev.talosforge.lab.pve;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One client connection: up to a hundred requests, each read as strictly as by the real server. */
final class PveConnection {
    private static final int MAX_REQUESTS = 100;
    private static final Duration LATE = Duration.ofMillis(330);
    private static final Pattern UPLOAD = Pattern.compile("/api2/json/nodes/([^/]+)/storage/([^/]+)/upload");
    private static final Pattern BOUNDARY =
            Pattern.compile("multipart/form-data\\s*;(?:.*;)?\\s*boundary=([^;\\s]+).*");

    private final String self;
    private final PveCluster cluster;
    private final PveApi api;
    private final InstantSource clock;
    private final Random random;
    private final PveInput in;
    private final OutputStream out;

    PveConnection(Socket socket, String self, PveCluster cluster, InstantSource clock, Random random)
            throws IOException {
        this.self = self;
        this.cluster = cluster;
        this.api = new PveApi(self, cluster);
        this.clock = clock;
        this.random = random;
        socket.setSoTimeout((int) cluster.settings().idle().toMillis());
        this.in = new PveInput(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Serves until either side has enough. */
    void serve() throws IOException, InterruptedException {
        try {
            for (int count = 1; count <= MAX_REQUESTS; count++) {
                List<String> lines = in.head();
                PveRequest request = lines == null ? null : PveRequest.parse(lines);
                if (request == null || !serve(request, count == MAX_REQUESTS)) {
                    return;
                }
            }
        } catch (PveInput.Unanswerable e) {
            Thread.sleep(cluster.settings().idle());
        } catch (SocketTimeoutException e) {
            // five seconds of silence: the connection closes silently
        }
    }

    private boolean serve(PveRequest request, boolean last) throws IOException, InterruptedException {
        Matcher upload = UPLOAD.matcher(request.path());
        if (upload.matches() && request.method().equals("POST")) {
            return send(
                    upload(request, PveRequest.decoded(upload.group(1)), PveRequest.decoded(upload.group(2))), true);
        }
        PveAnswer refused = layer(request);
        if (refused != null) {
            return send(refused, true);
        }
        byte[] body = in.body((int) Math.max(0, request.contentLength()));
        SequencedMap<String, String> form = PveRequest.form(new String(body, StandardCharsets.UTF_8));
        form.putAll(request.query());
        boolean close = request.headers().getOrDefault("connection", "").equalsIgnoreCase("close");
        if (request.method().equals("GET") && cluster.faults().strikes(PveFault.ANSWER_LATE)) {
            Thread.sleep(LATE);
        }
        return send(api.answer(request, form), last || close);
    }

    /** What the HTTP layer rejects before any handler sees it. */
    private @Nullable PveAnswer layer(PveRequest request) {
        String method = request.method();
        if (!List.of("GET", "POST", "PUT", "DELETE").contains(method)) {
            return PveAnswer.of(PveMessage.METHOD_NOT_AVAILABLE, method);
        }
        if (request.headers().containsKey("transfer-encoding")) {
            return PveAnswer.of(PveMessage.CHUNKED);
        }
        String type = request.headers().getOrDefault("content-type", "");
        long length = request.contentLength();
        if (length > 0 && (method.equals("GET") || method.equals("DELETE"))) {
            return PveAnswer.of(PveMessage.UNEXPECTED_CONTENT, method);
        }
        if (length > (cluster.settings().messages() ? 512 << 10 : 64 << 10)) {
            return PveAnswer.of(PveMessage.TOO_LARGE);
        }
        if (length > 0 && !type.isEmpty() && !type.matches("application/(x-www-form-urlencoded|json).*")) {
            return PveAnswer.of(PveMessage.CONTENT_TYPE, type);
        }
        return null;
    }

    /** False if the connection has to end. */
    private boolean send(PveAnswer answer, boolean last) throws IOException, InterruptedException {
        if (answer.status() == 0) {
            return false;
        }
        if (answer.delayed()) {
            holdBack();
        }
        boolean close = last || answer.status() >= 400;
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC));
        out.write(answer.encode(date, close, cluster.settings().messages(), random));
        out.flush();
        return !close;
    }

    private PveAnswer upload(PveRequest request, String node, String storage) throws IOException, InterruptedException {
        PveAccess.Identity identity = cluster.access().identify(request, false);
        PveAccess.Caller caller = identity.caller();
        if (caller == null) {
            return refusedUpload(request, PveAnswer.of(Objects.requireNonNull(identity.refusal())));
        }
        String privilege = "Datastore.AllocateTemplate";
        if (cluster.faults().strikes(PveFault.RIGHTS_GONE)
                || !cluster.access().any(caller, "/storage/" + storage, privilege)) {
            return refusedUpload(request, PveAnswer.of(PveMessage.UPLOAD_PERMISSION, "/storage/" + storage, privilege));
        }
        Matcher boundary = BOUNDARY.matcher(request.headers().getOrDefault("content-type", ""));
        if (!boundary.matches() || request.query().containsKey("tmpfilename")) {
            Thread.sleep(cluster.settings().idle());
            return PveAnswer.dropped();
        }
        if (boundary.group(1).startsWith("\"")) {
            return broken(PveMessage.BOUNDARY_IN_QUOTES);
        }
        String target = node.equals("localhost") ? self : node;
        Path temporary = cluster.uploads().newTemporary(self);
        var arrived = new PveUploads.Arrived(self, target, storage, temporary, caller);
        try {
            return receive(request, arrived, boundary.group(1));
        } catch (PveMultipart.Refused e) {
            return broken(e.message(), e.values());
        } catch (IOException e) {
            Files.deleteIfExists(temporary); // the client is gone
            throw e;
        }
    }

    /** Up to a limit the client is read to the end and answered after a delay; beyond it the connection just closes. */
    private PveAnswer refusedUpload(PveRequest request, PveAnswer answer) throws IOException, InterruptedException {
        if (request.contentLength() > cluster.settings().pendingBytes()) {
            return PveAnswer.dropped();
        }
        in.body((int) Math.max(0, request.contentLength()));
        holdBack();
        return answer;
    }

    private void holdBack() throws InterruptedException {
        cluster.heldBack().incrementAndGet();
        Thread.sleep(cluster.settings().refusalDelay());
    }

    private PveAnswer broken(PveMessage message, Object... values) {
        return PveAnswer.ofAge(cluster.settings().messages(), message, values);
    }

    private PveAnswer receive(PveRequest request, PveUploads.Arrived arrived, String boundary)
            throws IOException, InterruptedException, PveMultipart.Refused {
        PveFaults faults = cluster.faults();
        boolean cut = faults.strikes(PveFault.CUT_IN_BODY);
        long length = request.contentLength();
        PveMultipart parser;
        try (OutputStream file = cluster.uploads().open(arrived.temporary())) {
            parser = new PveMultipart(boundary, file);
            for (long left = length; left > 0 && parser.state() != PveMultipart.State.DONE; ) {
                byte[] record = in.next(left);
                if (record.length == 0) {
                    throw new IOException("the client left %d bytes before the end".formatted(left));
                }
                left -= record.length;
                PveAnswer full = feed(parser, record);
                if (full != null) {
                    return full;
                }
                if (cut && left < length / 2) {
                    throw new IOException("cut on purpose");
                }
            }
        }
        if (length >= 0 && parser.state() != PveMultipart.State.DONE) {
            return broken(PveMessage.UPLOAD_FAILED);
        }
        SequencedMap<String, String> fields = parser.values();
        fields.putAll(request.query());
        return answer(arrived, fields);
    }

    private @Nullable PveAnswer feed(PveMultipart parser, byte[] record) throws PveMultipart.Refused {
        try {
            parser.feed(record, 0, record.length);
            return null;
        } catch (IOException e) {
            return broken(PveMessage.TEMPORARY_FULL);
        }
    }

    private PveAnswer answer(PveUploads.Arrived arrived, SequencedMap<String, String> fields)
            throws IOException, InterruptedException {
        PveFaults faults = cluster.faults();
        if (faults.strikes(PveFault.BODY_REFUSED)) {
            return PveAnswer.of(PveMessage.BAD_REQUEST);
        }
        if (faults.strikes(PveFault.BODY_BROKEN)) {
            return broken(PveMessage.UPLOAD_FAILED);
        }
        if (faults.strikes(PveFault.UPLOAD_LOST)) {
            Files.deleteIfExists(arrived.temporary());
            return PveAnswer.dropped();
        }
        if (faults.strikes(PveFault.SLOW_ACTIVATION)) {
            Duration idle = cluster.settings().idle();
            Thread.sleep(idle);
            Files.deleteIfExists(arrived.temporary());
            cluster.uploads().ghost(arrived);
            return PveAnswer.dropped();
        }
        if (faults.strikes(PveFault.PROXY_REFUSES)) {
            Files.deleteIfExists(arrived.temporary());
            return PveAnswer.of(PveMessage.PROXY_TOO_LARGE);
        }
        PveAnswer answer = cluster.uploads().accept(arrived, fields);
        if (faults.strikes(PveFault.PROXY_TIMEOUT)) {
            return PveAnswer.of(PveMessage.PROXY_TIMED_OUT);
        }
        return faults.strikes(PveFault.ANSWER_LOST) ? PveAnswer.dropped() : answer;
    }
}
