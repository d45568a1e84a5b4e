package dev.talosforge.proxmox;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.UploadResult.How;
import dev.talosforge.proxmox.UploadResult.OnNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file on its way: look, decide, bring it to each storage, look again. */
final class Delivery {
    private static final int LOOKS = 5;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final ProxmoxSession session;
    private final UploadRequest request;
    private final Readiness ready;
    private final Lanes lanes;
    private final SequencedMap<String, Listing> listings = new LinkedHashMap<>();
    /** Names under which a file of the same size lay before. */
    private final Set<String> alike = new HashSet<>();

    private final List<String> notes = new ArrayList<>();

    Delivery(ProxmoxSession session, UploadRequest request, UploadProgress progress, Readiness ready) {
        this.session = session;
        this.request = request;
        this.ready = ready;
        this.lanes = new Lanes(progress);
    }

    private String what() {
        return "cannot upload %s to Proxmox storage %s".formatted(request.fileName(), request.storage());
    }

    UploadResult run() throws InterruptedException {
        for (String node : ready.online()) {
            Listing listing = Listing.of(session, node, request.storage(), request.type());
            listings.put(node, listing);
            listing.byName().values().stream()
                    .filter(file -> file.size() == request.content().size())
                    .forEach(file -> alike.add(file.fileName()));
        }
        Placement decided = Placement.of(request, listings, ready.shared(), this::keeps);
        if (decided instanceof Placement.There(String name) && request.manner().verifies()) {
            decided = verified(name);
        }
        return switch (decided) {
            case Placement.There(String name) ->
                result(
                        name,
                        ready.online().stream()
                                .map(node -> on(node, name, How.SKIPPED, null))
                                .toList());
            case Placement.Free(String name, String note) -> {
                if (note != null) {
                    notes.add(note);
                }
                yield result(name, everywhere(name));
            }
            case Placement.Over(String name, String first) -> replace(name, first);
            case Placement.Taken(String name) ->
                throw session.failure()
                        .problem(
                                Kind.REFUSED,
                                what(),
                                null,
                                "%s exists with other or unknown content".formatted(request.volumeId(name)),
                                "choose another name, or remove it: pvesm free " + request.volumeId(name));
        };
    }

    private UploadResult result(String name, List<OnNode> nodes) {
        return new UploadResult(name, request.volumeId(name), request.content().size(), nodes, ready.offline(), notes);
    }

    private OnNode on(String node, String name, How how, @Nullable String warning) {
        return new OnNode(node, request.volumeId(name), how, warning);
    }

    /** Why the volume must not be replaced. */
    private @Nullable String keeps(String volumeId) throws InterruptedException {
        Attachments attachments = new Machines(session).attachments();
        List<String> machines = attachments.of(volumeId);
        if (!machines.isEmpty()) {
            return "it is attached to virtual machine " + String.join(", ", machines);
        }
        return attachments.unknown() == null ? null : "it may be attached to a machine: " + attachments.unknown();
    }

    /** What the server itself says of a file that seems to be there. */
    private Placement verified(String name) throws InterruptedException {
        for (String node : ready.shared() ? ready.online().subList(0, 1) : ready.online()) {
            switch (Fetch.verify(session, request, name, node)) {
                case RIGHT -> {}
                case NOT_TOLD ->
                    notes.add("%s on node %s was told by its name and size only: %s"
                            .formatted(
                                    request.volumeId(name),
                                    node,
                                    "the server was not allowed or not able to check it"));
                case OTHER -> {
                    String own = request.contentName();
                    notes.add("%s on node %s has other content than it should".formatted(request.volumeId(name), node));
                    if (name.equals(own)) {
                        listings.values().forEach(at -> at.byName().remove(own));
                        return new Placement.Free(own, null);
                    }
                    String because = keeps(request.volumeId(name));
                    return because == null
                            ? new Placement.Over(name, own)
                            : new Placement.Free(own, Placement.beside(name, own, because));
                }
            }
        }
        return new Placement.There(name);
    }

    /** First beside the old one, then in its place: at every moment one of the two is whole. */
    private UploadResult replace(String name, String first) throws InterruptedException {
        lanes.repeat();
        List<OnNode> beside = everywhere(first);
        listings.values().forEach(at -> at.byName().remove(name));
        List<OnNode> done;
        try {
            done = everywhere(name);
        } catch (BuildException e) {
            notes.add("%s could not be replaced, the new file is %s: %s"
                    .formatted(name, first, e.problems().getFirst().why()));
            return result(first, beside);
        }
        notes.add(name + " was replaced, no virtual machine had it attached");
        remove(first);
        return result(name, done);
    }

    /** The copy that made the replacement safe; where the credentials may not delete it, prune finds it. */
    private void remove(String first) throws InterruptedException {
        if (!session.privileges("/storage/" + request.storage()).contains(Removal.PRIVILEGE)) {
            notes.add("%s is left beside it: deleting takes Datastore.Allocate; or run: talos-forge prune --delete"
                    .formatted(first));
            return;
        }
        for (String node : ready.shared() ? ready.online().subList(0, 1) : ready.online()) {
            try {
                new Removal(session, request.storage()).run(node, request.volumeId(first));
            } catch (BuildException e) {
                notes.add("%s is left beside it: %s"
                        .formatted(first, e.problems().getFirst().why()));
            }
        }
    }

    /** One transfer for a shared storage, one per node otherwise; none where it is whole already. */
    private List<OnNode> everywhere(String name) throws InterruptedException {
        if (ready.shared()) {
            return lanes.run(
                    List.of(progress -> deliver(session.base(), "localhost", null, name, ready.online(), progress)));
        }
        List<OnNode> done = new ArrayList<>();
        List<Lanes.Lane> each = new ArrayList<>();
        for (String node : ready.online()) {
            URI own = session.endpointOf(node);
            if (isThere(node, name)) {
                done.add(on(node, name, How.SKIPPED, null));
            } else if (own == null || request.from() != null) {
                each.add(progress -> deliver(session.base(), node, null, name, List.of(node), progress));
            } else {
                each.add(progress -> deliver(own, "localhost", node, name, List.of(node), progress));
            }
        }
        done.addAll(lanes.run(each));
        done.sort(Comparator.comparingInt(one -> ready.online().indexOf(one.node())));
        return done;
    }

    private boolean isThere(String node, String name) {
        Listing at = listings.get(node);
        boolean whole = at != null && at.has(name, request.content().size());
        return whole
                && (name.equals(request.contentName())
                        || request.sha256().equals(request.manner().remembered().digest(node, name)));
    }

    /**
     * Brings it to one storage.
     *
     * @param at the endpoint that receives it
     * @param owner the node that the endpoint has to be; null when any will do
     * @param viewers nodes that have to see the file afterwards
     */
    private List<OnNode> deliver(
            URI at, String receiver, @Nullable String owner, String name, List<String> viewers, UploadProgress progress)
            throws InterruptedException {
        TaskWatch.Outcome outcome =
                new Transfer(session, request, name, !alike.contains(name)).run(at, receiver, progress);
        String received = outcome.task().node();
        if (owner != null && !received.equals(owner)) {
            throw session.failure()
                    .problem(
                            Kind.INVALID_INPUT,
                            what(),
                            new Where.Remote("POST", at, 200),
                            "the host given for node %s is node %s".formatted(owner, received),
                            "correct the list of node host names");
        }
        List<OnNode> seen = new ArrayList<>();
        for (String viewer : viewers) {
            verify(viewer, name);
            progress.stored(viewer, name);
            seen.add(on(viewer, name, How.UPLOADED, outcome.warning()));
        }
        return seen;
    }

    /** A cluster file system may show a new file a moment later. */
    private void verify(String node, String name) throws InterruptedException {
        long size = request.content().size();
        Long found = null;
        Duration wait = LOOK_AGAIN;
        for (int look = 0; look < LOOKS; look++) {
            found = Listing.of(session, node, request.storage(), request.type()).size(name);
            if (found != null && found == size) {
                return;
            }
            session.timing().pause().pause(wait);
            wait = wait.multipliedBy(2);
        }
        String volume = request.volumeId(name);
        throw session.failure()
                .problem(
                        Kind.UNAVAILABLE,
                        what(),
                        null,
                        found == null
                                ? "node %s does not list %s".formatted(node, volume)
                                : "node %s lists %s with %d bytes, not %d".formatted(node, volume, found, size),
                        "look at the storage on that node: pvesm list " + request.storage());
    }
}
