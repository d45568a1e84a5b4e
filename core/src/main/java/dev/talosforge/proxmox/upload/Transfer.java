package dev.talosforge.proxmox.upload;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.api.SentTask;
import dev.talosforge.proxmox.api.Upid;
import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.session.NodeCommands;
import dev.talosforge.proxmox.session.Privileges;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.PvePath;
import dev.talosforge.proxmox.session.TaskFault;
import dev.talosforge.proxmox.session.TaskWatch;
import dev.talosforge.proxmox.storage.Listing;
import dev.talosforge.proxmox.wire.HttpWire;
import dev.talosforge.proxmox.wire.Reply;
import dev.talosforge.proxmox.wire.UploadBody;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** One file to one node under one name: sent or fetched, with its task followed to the end. */
final class Transfer {
    private static final String LOCALHOST = PvePath.LOCALHOST;
    private static final int LOOKS = 5;
    private static final int ATTEMPTS = 2;

    private final ProxmoxSession session;
    private final UploadRequest request;
    private final String name;
    private final String node;
    private final boolean sizeDecides;
    private final String what;

    /**
     * A transfer.
     *
     * @param node whose storage gets the file; one of those that share it
     * @param sizeDecides whether a file of this name and size can only be the one that is sent
     */
    Transfer(ProxmoxSession session, UploadRequest request, String name, String node, boolean sizeDecides) {
        this.session = session;
        this.request = request;
        this.name = name;
        this.node = node;
        this.sizeDecides = sizeDecides;
        this.what = "cannot upload %s to Proxmox storage %s".formatted(name, request.storage());
    }

    /**
     * Brings it there.
     *
     * @param at the endpoint that receives it
     * @param receiver the node in the address: {@code localhost} for the endpoint itself
     * @return how the task ended, which was well
     */
    TaskWatch.Outcome run(URI at, String receiver, UploadProgress progress) throws InterruptedException {
        TaskWatch.Outcome outcome =
                request.from() == null ? send(at, receiver, progress) : fetch(request.from(), receiver, progress);
        if (outcome.killed() || outcome.forgotten()) {
            outcome = looked(outcome);
        }
        if (!outcome.good()) {
            progress.ended(sent(outcome.task()));
            throw failed(at, path(receiver, request.from() == null ? "upload" : "download-url"), outcome);
        }
        return outcome;
    }

    private String path(String receiver, String action) {
        return "/nodes/%s/storage/%s/%s"
                .formatted(PvePath.encoded(receiver), PvePath.encoded(request.storage()), action);
    }

    private SentTask sent(Upid task) {
        return new SentTask(task.text(), name, request.sha256(), node);
    }

    /** Reports the task before waiting for it: it continues without us. */
    private TaskWatch.Outcome follow(TaskWatch watch, Upid task, UploadProgress progress) throws InterruptedException {
        progress.started(sent(task));
        return watch.follow(task);
    }

    /** As long as it grows, somebody is writing it. */
    private @Nullable Long settled() throws InterruptedException {
        Long before = null;
        for (int look = 0; look < LOOKS; look++) {
            Long now =
                    Listing.of(session, node, request.storage(), request.type()).size(name);
            if (now != null && now >= request.content().size()) {
                return now;
            }
            if (!java.util.Objects.equals(now, before)) {
                look = 0;
                before = now;
            }
            session.timing().pause().pause(session.timing().poll());
        }
        return before;
    }

    /** The server no longer knows how the task ended; the file shows it. */
    private TaskWatch.Outcome looked(TaskWatch.Outcome outcome) throws InterruptedException {
        Long size = settled();
        if (size == null || size != request.content().size()) {
            return outcome;
        }
        return switch (Fetch.verify(session, request, name, node)) {
            case RIGHT -> outcome.settled("the server confirmed the file's checksum");
            case OTHER -> outcome;
            case UNDECIDED -> sizeDecides ? outcome.settled("the file has the right name and size") : outcome;
        };
    }

    /** The node downloads it itself, beside the target, and renames it once it is complete and correct. */
    private TaskWatch.Outcome fetch(URI from, String receiver, UploadProgress progress) throws InterruptedException {
        Upid task = Fetch.start(session, request, name, from, receiver);
        return follow(new TaskWatch(session, session.base()), task, progress);
    }

    private TaskWatch.Outcome send(URI at, String receiver, UploadProgress progress) throws InterruptedException {
        String path = path(receiver, "upload");
        String boundary = "forge" + request.sha256().hex().substring(0, 40);
        UploadBody body = new UploadBody(boundary, request.type(), name, request.content(), request.sha256());
        TaskWatch watch = new TaskWatch(session, at);
        SequencedSet<String> before = watch.copies(LOCALHOST);
        for (int attempt = 1; ; attempt++) {
            try {
                Reply reply = session.upload(at, path, boundary, body, progress);
                if (reply.mayPass()) { // a proxy knows nothing of the server behind it
                    TaskWatch.Outcome found = lookFor(watch, before, true, progress);
                    if (found != null) {
                        return found;
                    }
                    throw unknown(at, path, reply.status(), reply.explanation());
                }
                if (!reply.ok()) {
                    throw session.failure().answer(what, "POST", session.uri(at, path), reply, request.storage());
                }
                return follow(watch, Upid.of(reply.data()), progress);
            } catch (HttpWire.SourceBroken e) {
                throw session.failure()
                        .problem(Kind.ENVIRONMENT, what, null, "cannot read the file: " + e.getMessage(), null);
            } catch (HttpWire.AnswerLost e) {
                TaskWatch.Outcome found = lookFor(watch, before, e.whole(), progress);
                if (found != null) {
                    return found;
                }
                if (e.whole() || attempt >= ATTEMPTS) {
                    throw lost(at, path, e);
                }
            } catch (IOException e) {
                if (!(e instanceof HttpWire.Unreachable) || attempt >= ATTEMPTS) {
                    throw session.failure().connection(what, "POST", session.uri(at, path), e);
                }
            }
            session.timing().pause().pause(session.timing().poll());
        }
    }

    /** A task that was not there before and may be about our file. The server may be slow to start it. */
    private TaskWatch.@Nullable Outcome lookFor(
            TaskWatch watch, SequencedSet<String> before, boolean whole, UploadProgress progress)
            throws InterruptedException {
        TaskWatch.Outcome bad = null;
        for (int look = 0; look < (whole ? LOOKS : 1); look++) {
            session.timing().pause().pause(session.timing().poll());
            for (String id : watch.copies(LOCALHOST, whole ? session.timing().patience() : Duration.ZERO)) {
                if (before.add(id)) {
                    TaskWatch.Outcome outcome = follow(watch, id, progress);
                    if (outcome != null && outcome.good()) {
                        return outcome;
                    }
                    bad = outcome != null ? outcome : bad;
                }
            }
            if (bad != null) {
                return bad;
            }
        }
        return null;
    }

    private TaskWatch.@Nullable Outcome follow(TaskWatch watch, String id, UploadProgress progress)
            throws InterruptedException {
        Upid task;
        try {
            task = Upid.parse(id);
        } catch (FormatException e) {
            return null;
        }
        if (!watch.soFar(task).mayBeAbout(name, node)) {
            return null;
        }
        TaskWatch.Outcome outcome = watch.withLog(follow(watch, task, progress));
        if (outcome.mayBeAbout(name, node)) {
            return outcome;
        }
        progress.ended(sent(task));
        return null;
    }

    /** The server hangs up on those without permission instead of saying so, so that is checked first. */
    private BuildException lost(URI at, String path, HttpWire.AnswerLost e) throws InterruptedException {
        var granted = session.privileges("/storage/" + request.storage());
        if (!granted.missing(Privileges.STORE).isEmpty()) {
            return session.failure()
                    .problem(
                            Kind.REFUSED,
                            what,
                            new Where.Remote("POST", session.uri(at, path), 0),
                            "%s no longer has the rights to upload to /storage/%s"
                                    .formatted(session.login().named(), request.storage()),
                            NodeCommands.grantOnStorage(request.storage(), granted, session.login()));
        }
        String why = e.whole()
                ? "the connection ended after the last byte, and no task for it was found (%s)"
                : "the connection ended while sending the file (%s)";
        return unknown(at, path, 0, why.formatted(e.getMessage()));
    }

    private BuildException unknown(URI at, String path, int status, String why) {
        return session.failure()
                .problem(
                        Kind.UNAVAILABLE,
                        what,
                        new Where.Remote("POST", session.uri(at, path), status),
                        why,
                        "run the command again; if it happens every time: journalctl -u pveproxy -u pvedaemon on the node");
    }

    private BuildException failed(URI at, String path, TaskWatch.Outcome outcome) {
        TaskFault fault = TaskFault.of(outcome, request, name, at);
        return session.failure()
                .failure(
                        fault.kind(),
                        what,
                        new Where.Remote("POST", session.uri(at, path), 200),
                        "task %s: %s; its log: %s".formatted(outcome.task().text(), outcome.exit(), outcome.tail()),
                        fault.remedy());
    }
}
