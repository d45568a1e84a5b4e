package dev.talosforge.proxmox.upload;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import dev.talosforge.problem.Where;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.api.UploadResult.How;
import dev.talosforge.proxmox.api.UploadResult.OnNode;
import dev.talosforge.proxmox.machine.Attachments;
import dev.talosforge.proxmox.machine.Machines;
import dev.talosforge.proxmox.session.Privileges;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.session.PvePath;
import dev.talosforge.proxmox.session.TaskWatch;
import dev.talosforge.proxmox.storage.Listing;
import dev.talosforge.proxmox.storage.Removal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An upload: check, decide, bring the file to each storage, check again. */
final class Delivery {
    private static final int LOOKS = 5;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final ProxmoxSession session;
    private final UploadRequest request;
    private final UploadProgress progress;
    private final PreflightResult preflight;
    private final ParallelTransfers parallel;
    private final List<UploadResult.Note> notes = new ArrayList<>();

    Delivery(ProxmoxSession session, UploadRequest request, UploadProgress progress, PreflightResult preflight) {
        this.session = session;
        this.request = request;
        this.progress = progress;
        this.preflight = preflight;
        this.parallel = new ParallelTransfers(progress);
    }

    private String what() {
        return "cannot upload %s to Proxmox storage %s".formatted(request.fileName(), request.storage());
    }

    private Contents look(boolean waits) throws InterruptedException {
        Earlier earlier = new Earlier(session, request, progress);
        earlier.settle(waits);
        return Contents.of(session, request, preflight, earlier);
    }

    /** What would stop it now, without changing anything. */
    Rehearsal rehearse() throws InterruptedException {
        Contents contents = look(false);
        NameChoice choice = NameChoice.of(request, contents, this::inUse);
        Room room = room(choice, contents);
        List<Problem> problems = new ArrayList<>(room.problems());
        if (choice instanceof NameChoice.Taken(String name)) {
            problems.add(taken(name));
        }
        return new Rehearsal(!transfers(choice, contents).isEmpty(), room.roomReported(), problems);
    }

    UploadResult run() throws InterruptedException {
        Contents contents = look(true);
        if (request.manner().verifies()) {
            verify(contents);
        }
        NameChoice choice = NameChoice.of(request, contents, this::inUse);
        List<Problem> lacking = room(choice, contents).problems();
        if (!lacking.isEmpty()) {
            throw new BuildException(lacking, null);
        }
        return switch (choice) {
            case NameChoice.There(String name) -> result(name, there(name, contents));
            case NameChoice.Free(String name, String note) -> {
                if (note != null) {
                    note(note);
                }
                yield result(name, everywhere(name, contents));
            }
            case NameChoice.Over(String name, String first) -> replace(name, first, contents);
            case NameChoice.Taken(String name) -> throw new BuildException(taken(name), null);
        };
    }

    private Problem taken(String name) {
        return Problem.failed(Kind.REFUSED, what())
                .because("%s exists with different or unknown content".formatted(request.volumeId(name)))
                .trying("choose another name, or remove it: pvesm free " + request.volumeId(name));
    }

    /** The nodes that a file goes to first. */
    private List<String> transfers(NameChoice choice, Contents contents) {
        return switch (choice) {
            case NameChoice.There ignored -> List.of();
            case NameChoice.Taken ignored -> List.of();
            case NameChoice.Free(String name, String _) -> lacking(name, contents);
            case NameChoice.Over(String name, String first) ->
                lacking(first, contents).isEmpty() ? lacking(name, contents) : lacking(first, contents);
        };
    }

    private List<String> lacking(String name, Contents contents) {
        List<String> lacking = preflight.online().stream()
                .filter(node -> !contents.isOn(node, name))
                .toList();
        return preflight.shared() ? lacking.stream().limit(1).toList() : lacking;
    }

    private Room room(NameChoice choice, Contents contents) throws InterruptedException {
        Room room = new Room(session, request, preflight.shared());
        List<String> nodes = transfers(choice, contents);
        long freed = 0;
        if (choice instanceof NameChoice.Over(String name, String first)
                && lacking(first, contents).isEmpty()) {
            freed = smallest(name, nodes, contents);
        }
        room.onStorages(nodes, freed);
        room.onTheWay(nodes);
        return room;
    }

    /** What overwriting a name frees everywhere. */
    private static long smallest(String name, List<String> nodes, Contents contents) {
        return nodes.stream()
                .mapToLong(node -> {
                    StoredFile file = contents.file(node, name);
                    return file == null ? 0 : file.size();
                })
                .min()
                .orElse(0);
    }

    /** A node of a shared storage that does not list the file yet is asked a few times. */
    private List<OnNode> there(String name, Contents contents) throws InterruptedException {
        List<OnNode> all = new ArrayList<>();
        for (String node : preflight.online()) {
            StoredFile file = contents.file(node, name);
            progress.stored(node, file == null ? seen(node, name) : file);
            all.add(on(node, name, How.SKIPPED, null));
        }
        return all;
    }

    private UploadResult result(String name, List<OnNode> nodes) {
        return new UploadResult(
                name,
                request.volumeId(name),
                request.content().size(),
                preflight.shared(),
                nodes,
                preflight.unasked(),
                notes);
    }

    private OnNode on(String node, String name, How how, @Nullable String warning) {
        return new OnNode(node, request.volumeId(name), how, warning);
    }

    /** Why the volume must not be replaced. */
    private @Nullable String inUse(String volumeId) throws InterruptedException {
        Attachments attachments = new Machines(session).attachments();
        String users = attachments.users(volumeId);
        if (users != null) {
            return "it is " + users;
        }
        return attachments.unknown() == null ? null : "it may be attached to a machine: " + attachments.unknown();
    }

    /** Asks the server itself what is stored under the names, until one has the content. */
    private void verify(Contents contents) throws InterruptedException {
        List<String> names = request.manner().naming() == UploadRequest.Naming.CONTENT
                ? List.of(request.contentName())
                : List.of(request.fileName(), request.contentName());
        for (String name : names) {
            if (contents.looksThere(name) && verified(name, contents)) {
                return;
            }
        }
    }

    private boolean verified(String name, Contents contents) throws InterruptedException {
        boolean known = contents.isThere(name);
        for (String node : preflight.shared() ? List.of(downloader(preflight.online())) : preflight.online()) {
            switch (Fetch.verify(session, request, name, node)) {
                case RIGHT -> {}
                case UNDECIDED -> {
                    note("%s on node %s was recognized by its name and size only: %s"
                            .formatted(
                                    request.volumeId(name),
                                    node,
                                    "the server could not check it, or was not allowed to"));
                    return known;
                }
                case OTHER -> {
                    if (known) {
                        note("%s on node %s has the wrong content".formatted(request.volumeId(name), node));
                    }
                    contents.recordAnswer(name, false);
                    return false;
                }
            }
        }
        contents.recordAnswer(name, true);
        return true;
    }

    /** First beside the old file, then in its place: at every moment one of the two is complete. */
    private UploadResult replace(String name, String first, Contents contents) throws InterruptedException {
        if (!lacking(first, contents).isEmpty()) {
            parallel.repeat();
        }
        List<OnNode> beside = everywhere(first, contents);
        // Somebody may have attached the old file while the copy was made.
        String because = inUse(request.volumeId(name));
        if (because != null) {
            note(NameChoice.beside(name, first, because));
            return result(first, beside);
        }
        List<OnNode> done;
        try {
            done = everywhere(name, contents);
        } catch (BuildException e) {
            note("%s could not be replaced; the new file is %s: %s"
                    .formatted(name, first, e.problems().getFirst().why()));
            return result(first, beside);
        }
        note(name + " was replaced; no virtual machine had it attached");
        remove(first);
        return result(name, done);
    }

    private void note(String text) {
        notes.add(new UploadResult.Note(text, null));
    }

    /** The copy that made the replacement safe; if the credentials may not delete it, prune finds it. */
    private void remove(String first) throws InterruptedException {
        if (!session.privileges("/storage/" + request.storage()).has(Privileges.REMOVE)) {
            notes.add(new UploadResult.Note(
                    "%s remains beside it: deleting it needs Datastore.Allocate".formatted(first),
                    Remedy.sentence("or run: ", Remedy.command(Verb.PRUNE).with(RunOption.DELETE))));
            return;
        }
        for (String node : preflight.shared() ? preflight.online().subList(0, 1) : preflight.online()) {
            try {
                new Removal(session, request.storage()).run(node, request.volumeId(first));
            } catch (BuildException e) {
                note("%s remains beside it: %s"
                        .formatted(first, e.problems().getFirst().why()));
            }
        }
    }

    /** One transfer for a shared storage, else one per node; none if the file is already complete there. */
    private List<OnNode> everywhere(String name, Contents contents) throws InterruptedException {
        List<String> lacking = lacking(name, contents);
        Set<String> alike = contents.alike();
        if (preflight.shared()) {
            if (lacking.isEmpty()) {
                return there(name, contents);
            }
            Place place = new Place(session.base(), receiver(preflight.online()), null, preflight.online());
            return parallel.run(List.of(progress -> deliver(place, name, !alike.contains(name), progress)));
        }
        List<OnNode> done = new ArrayList<>();
        List<ParallelTransfers.NodeTransfer> each = new ArrayList<>();
        for (String node : preflight.online()) {
            URI own = session.endpointOf(node);
            if (!lacking.contains(node)) {
                done.add(on(node, name, How.SKIPPED, null));
                continue;
            }
            Place place = own == null || request.from() != null
                    ? new Place(session.base(), node, null, List.of(node))
                    : new Place(own, PvePath.LOCALHOST, node, List.of(node));
            each.add(progress -> deliver(place, name, !alike.contains(name), progress));
        }
        done.addAll(parallel.run(each));
        done.sort(Comparator.comparingInt(one -> preflight.online().indexOf(one.node())));
        return done;
    }

    /** Download permissions are those at the node's own name, so it is named. */
    private String receiver(List<String> nodes) throws InterruptedException {
        return request.from() == null ? PvePath.LOCALHOST : downloader(nodes);
    }

    /** One of those that share a storage: any that may download will do. */
    private String downloader(List<String> nodes) throws InterruptedException {
        for (String node : nodes) {
            if (Fetch.may(session, node)) {
                return node;
            }
        }
        return nodes.getFirst();
    }

    /**
     * One storage.
     *
     * @param at the endpoint that receives the file
     * @param receiver the node in the address
     * @param owner the node that the endpoint must be; null if any will do
     * @param viewers nodes that must see the file afterwards
     */
    private record Place(URI at, String receiver, @Nullable String owner, List<String> viewers) {}

    private List<OnNode> deliver(Place place, String name, boolean sizeDecides, UploadProgress progress)
            throws InterruptedException {
        Transfer transfer = new Transfer(session, request, name, place.viewers.getFirst(), sizeDecides);
        TaskWatch.Outcome outcome = transfer.run(place.at, place.receiver, progress);
        String received = outcome.task().node();
        if (place.owner != null && !received.equals(place.owner)) {
            throw session.failure()
                    .problem(
                            Kind.INVALID_INPUT,
                            what(),
                            new Where.Remote("POST", place.at, 200),
                            "the host given for node %s is actually node %s".formatted(place.owner, received),
                            "correct the list of node host names");
        }
        List<OnNode> seen = new ArrayList<>();
        for (String viewer : place.viewers) {
            progress.stored(viewer, seen(viewer, name));
            seen.add(on(viewer, name, How.UPLOADED, outcome.warning()));
        }
        return seen;
    }

    /** The file as a node lists it. A cluster file system may show a new one a moment later. */
    private StoredFile seen(String node, String name) throws InterruptedException {
        long size = request.content().size();
        StoredFile found = null;
        Duration wait = LOOK_AGAIN;
        for (int look = 0; look < LOOKS; look++) {
            found = Listing.of(session, node, request.storage(), request.type())
                    .byName()
                    .get(name);
            if (found != null && found.size() == size) {
                return found;
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
                                : "node %s lists %s with %d bytes, not %d".formatted(node, volume, found.size(), size),
                        "check the storage on that node: pvesm list " + request.storage());
    }
}
