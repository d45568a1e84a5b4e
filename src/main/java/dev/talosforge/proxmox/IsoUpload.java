package dev.talosforge.proxmox;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.UploadResult.How;
import dev.talosforge.proxmox.UploadResult.OnNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** One ISO on its way: look, send, follow the task, look again. */
final class IsoUpload {
    private static final int LOOKS = 5;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int ATTEMPTS = 2;

    private final ProxmoxSession session;
    private final UploadRequest request;
    private final UploadProgress progress;
    private final String what;

    IsoUpload(ProxmoxSession session, UploadRequest request, UploadProgress progress) {
        this.session = session;
        this.request = request;
        this.progress = progress;
        this.what = "cannot upload %s to Proxmox storage %s".formatted(request.fileName(), request.storage());
    }

    /** One upload for a shared storage, one per node otherwise. */
    UploadResult run(Readiness ready) throws InterruptedException {
        List<OnNode> done = new ArrayList<>();
        if (ready.shared()) {
            done.addAll(deliver(session.base(), "localhost", null, ready.online()));
        } else {
            for (String node : ready.online()) {
                URI own = session.endpointOf(node);
                done.addAll(
                        own == null
                                ? deliver(session.base(), node, null, List.of(node))
                                : deliver(own, "localhost", node, List.of(node)));
            }
        }
        return new UploadResult(request.fileName(), request.content().size(), done, ready.offline());
    }

    /**
     * @param owner the node that the endpoint has to be; null when any will do
     * @param viewers nodes that have to see the file afterwards
     */
    private List<OnNode> deliver(URI at, String receiver, @Nullable String owner, List<String> viewers)
            throws InterruptedException {
        List<@Nullable Long> sizes = new ArrayList<>();
        for (String viewer : viewers) {
            sizes.add(stored(viewer));
        }
        long size = request.content().size();
        boolean same = sizes.stream().allMatch(found -> found != null && found == size);
        if (same && request.sha256().equals(request.remembered())) {
            return viewers.stream()
                    .map(node -> new OnNode(node, request.volumeId(), How.SKIPPED, null))
                    .toList();
        }
        // The place to ask whether a VM has the old file attached, before it is replaced.
        if (request.conflict() == UploadRequest.Conflict.REFUSE
                && sizes.stream().anyMatch(found -> found != null)) {
            throw session.failure()
                    .problem(
                            Kind.REFUSED,
                            what,
                            null,
                            "%s exists with other or unknown content".formatted(request.volumeId()),
                            "choose another name, or remove it: pvesm free " + request.volumeId());
        }
        TaskWatch.Outcome outcome = send(at, receiver);
        if (!outcome.good()) {
            throw failed(at, outcome);
        }
        String received = outcome.task().node();
        if (owner != null && !received.equals(owner)) {
            throw session.failure()
                    .problem(
                            Kind.INVALID_INPUT,
                            what,
                            new Where.Remote("POST", at, 200),
                            "the host given for node %s is node %s".formatted(owner, received),
                            "correct the list of node host names");
        }
        for (String viewer : viewers) {
            verify(viewer);
        }
        return viewers.stream()
                .map(node -> new OnNode(node, request.volumeId(), How.UPLOADED, outcome.warning()))
                .toList();
    }

    private TaskWatch.Outcome send(URI at, String receiver) throws InterruptedException {
        String path = "/nodes/%s/storage/%s/upload".formatted(receiver, ProxmoxSession.encoded(request.storage()));
        String boundary = "forge" + request.sha256().hex().substring(0, 40);
        UploadBody body = new UploadBody(boundary, request.fileName(), request.content(), request.sha256());
        TaskWatch watch = new TaskWatch(session, at);
        SequencedSet<String> before = watch.copies("localhost");
        for (int attempt = 1; ; attempt++) {
            try {
                Reply reply = session.upload(at, path, boundary, body, progress);
                if (!reply.ok()) {
                    throw session.failure().answer(what, "POST", session.uri(at, path), reply, request.storage());
                }
                return watch.follow(task(reply));
            } catch (Wire.SourceBroken e) {
                throw session.failure()
                        .problem(Kind.ENVIRONMENT, what, null, "the file could not be read: " + e.getMessage(), null);
            } catch (Wire.AnswerLost e) {
                TaskWatch.Outcome found = lookFor(watch, before, e.whole());
                if (found != null) {
                    return found;
                }
                if (e.whole() || attempt >= ATTEMPTS) {
                    throw lost(at, path, e);
                }
            } catch (IOException e) {
                if (!(e instanceof Wire.Unreachable) || attempt >= ATTEMPTS) {
                    throw session.failure().connection(what, "POST", session.uri(at, path), e);
                }
            }
            session.timing().pause().pause(session.timing().poll());
        }
    }

    private Upid task(Reply reply) throws FormatException {
        if (reply.data() instanceof Json.JsonText(String text)) {
            return Upid.parse(text);
        }
        throw new FormatException("Proxmox answer to an upload", 0, "names no task");
    }

    /** A task that was not there before and that may be about our file. The server may be slow to start it. */
    private TaskWatch.@Nullable Outcome lookFor(TaskWatch watch, SequencedSet<String> before, boolean whole)
            throws InterruptedException {
        TaskWatch.Outcome bad = null;
        for (int look = 0; look < (whole ? LOOKS : 1); look++) {
            session.timing().pause().pause(session.timing().poll());
            for (String id : watch.copies("localhost")) {
                if (before.add(id)) {
                    TaskWatch.Outcome outcome = follow(watch, id);
                    if (outcome != null && outcome.mayBeAbout(request.fileName())) {
                        if (outcome.good()) {
                            return outcome;
                        }
                        bad = outcome;
                    }
                }
            }
            if (bad != null) {
                return bad;
            }
        }
        return null;
    }

    private TaskWatch.@Nullable Outcome follow(TaskWatch watch, String id) throws InterruptedException {
        try {
            return watch.follow(Upid.parse(id));
        } catch (FormatException e) {
            return null;
        }
    }

    private BuildException lost(URI at, String path, Wire.AnswerLost e) {
        String why = e.whole()
                ? "the connection ended after the last byte, and no task of it is to be found (%s)"
                : "the connection ended while the file was sent (%s)";
        return session.failure()
                .problem(
                        Kind.UNAVAILABLE,
                        what,
                        new Where.Remote("POST", session.uri(at, path), 0),
                        why.formatted(e.getMessage()),
                        "run the command again; if it happens each time: journalctl -u pveproxy -u pvedaemon on the node");
    }

    private BuildException failed(URI at, TaskWatch.Outcome outcome) {
        boolean damaged = outcome.exit().contains("checksum mismatch");
        boolean full = outcome.exit().contains("No space left");
        return session.failure()
                .problem(
                        full ? Kind.REFUSED : Kind.UNAVAILABLE,
                        what,
                        new Where.Remote("POST", at, 200),
                        "task %s: %s; its log: %s".formatted(outcome.task().text(), outcome.exit(), outcome.tail()),
                        damaged
                                ? "the file changed on the way: connect to the node itself, not through a proxy"
                                : full ? "free space on the storage: pvesm list " + request.storage() : null);
    }

    /** Size in bytes of the file of our name as the node lists it; null without one. */
    private @Nullable Long stored(String node) throws InterruptedException {
        String path = "/nodes/%s/storage/%s/content?content=iso"
                .formatted(ProxmoxSession.encoded(node), ProxmoxSession.encoded(request.storage()));
        Json data = session.get(session.base(), path, "list what is stored", request.storage());
        if (data instanceof Json.JsonArray(List<Json> rows)) {
            for (Json row : rows) {
                if (row instanceof JsonObject file && request.volumeId().equals(file.text("volid"))) {
                    return file.whole("size");
                }
            }
        }
        return null;
    }

    /** A cluster file system may show a new file a moment later. */
    private void verify(String node) throws InterruptedException {
        Long found = null;
        Duration wait = LOOK_AGAIN;
        for (int look = 0; look < LOOKS; look++) {
            found = stored(node);
            if (found != null && found == request.content().size()) {
                return;
            }
            session.timing().pause().pause(wait);
            wait = wait.multipliedBy(2);
        }
        throw session.failure()
                .problem(
                        Kind.UNAVAILABLE,
                        what,
                        null,
                        found == null
                                ? "node %s does not list %s".formatted(node, request.volumeId())
                                : "node %s lists %s with %d bytes, not %d"
                                        .formatted(
                                                node,
                                                request.volumeId(),
                                                found,
                                                request.content().size()),
                        "look at the storage on that node: pvesm list " + request.storage());
    }
}
