package dev.talosforge.proxmox;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.machine.Attachments;
import dev.talosforge.proxmox.machine.Machine;
import dev.talosforge.proxmox.machine.Machines;
import dev.talosforge.proxmox.session.NodeCommands;
import dev.talosforge.proxmox.session.Privileges;
import dev.talosforge.proxmox.session.ProxmoxSession;
import dev.talosforge.proxmox.storage.Listing;
import dev.talosforge.proxmox.storage.Removal;
import dev.talosforge.proxmox.upload.PreflightCheck;
import dev.talosforge.proxmox.upload.PreflightResult;
import dev.talosforge.proxmox.upload.PreparedUpload;
import dev.talosforge.proxmox.upload.UploadTarget;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Delivers files to Proxmox VE. Failures are {@link BuildException}s; an interrupt ends any wait.
 *
 * <p>All calls go to the first endpoint that answers, with one login.
 */
public final class ProxmoxClient {
    private final ProxmoxSettings settings;

    private @Nullable ProxmoxSession opened;
    private @Nullable BuildException refused;

    public ProxmoxClient(ProxmoxSettings settings) {
        this.settings = settings;
    }

    /** Rejected credentials are not tried again: each rejection takes three seconds and is counted. */
    private synchronized ProxmoxSession session() throws InterruptedException {
        if (refused != null) {
            throw new BuildException(refused.problems(), refused);
        }
        ProxmoxSession session = opened;
        if (session != null) {
            return session.again();
        }
        try {
            session = ProxmoxSession.open(settings);
        } catch (BuildException e) {
            if (e.problems().getFirst().kind() == Problem.Kind.REFUSED) {
                refused = e;
            }
            throw e;
        }
        opened = session;
        return session;
    }

    /** Version of the server. Getting it proves address, trust and credentials. */
    public String version() throws InterruptedException {
        return session().version();
    }

    /** Preflight, the uploads that are needed, and proof that every online node sees the whole file. */
    public UploadResult upload(UploadRequest request, UploadProgress progress) throws InterruptedException {
        return prepare(UploadTarget.of(request)).upload(request, progress);
    }

    /**
     * The first part of an upload, which does not need the content's digest: it can be computed meanwhile. Reports
     * everything that is wrong with the file's name or missing on the server at once.
     */
    public PreparedUpload prepare(UploadTarget target) throws InterruptedException {
        List<Problem> problems = new ArrayList<>(target.objections());
        try {
            ProxmoxSession session = session();
            problems.addAll(target.objections(session.version()));
            PreflightCheck.Need need = new PreflightCheck.Need(
                    target.storage(),
                    target.type(),
                    target.fetched() ? PreflightCheck.Purpose.FETCH : PreflightCheck.Purpose.UPLOAD);
            PreflightResult preflight = new PreflightCheck(session, need).run(target.nodes());
            if (problems.isEmpty()) {
                return new PreparedUpload(session, preflight);
            }
        } catch (BuildException e) {
            if (problems.isEmpty()) {
                throw e;
            }
            problems.addAll(e.problems());
        }
        throw new BuildException(problems, null);
    }

    /** What a storage holds, by node, to clean it up. Offline nodes are left out. */
    public Stock stock(String storage, ContentType type, List<String> nodes) throws InterruptedException {
        return stock(new PreflightCheck.Need(storage, type, PreflightCheck.Purpose.CLEAN), nodes);
    }

    /** The same for another purpose. */
    public Stock stock(PreflightCheck.Need need, List<String> nodes) throws InterruptedException {
        ProxmoxSession session = session();
        PreflightResult preflight = new PreflightCheck(session, need).run(nodes);
        SequencedMap<String, List<StoredFile>> files = new LinkedHashMap<>();
        for (String node : preflight.online()) {
            files.put(
                    node,
                    List.copyOf(Listing.of(session, node, need.storage(), need.type())
                            .byName()
                            .values()));
        }
        return new Stock(
                preflight.shared(), files, List.copyOf(preflight.unasked().keySet()));
    }

    /** Which machines have which volumes. */
    public Attachments attachments() throws InterruptedException {
        return new Machines(session()).attachments();
    }

    /** A virtual machine, by number or name. */
    public Machine machine(String idOrName) throws InterruptedException {
        return new Machines(session()).find(idOrName);
    }

    /** Fails if the credentials may not delete from the storage. */
    public void checkRemoval(String storage) throws InterruptedException {
        ProxmoxSession session = session();
        Privileges held = session.privileges("/storage/" + storage);
        if (!held.has(Privileges.REMOVE)) {
            throw session.failure()
                    .problem(
                            Problem.Kind.REFUSED,
                            "cannot delete from Proxmox storage " + storage,
                            null,
                            "%s lacks %s on /storage/%s"
                                    .formatted(session.login().named(), Privileges.REMOVE, storage),
                            NodeCommands.grantRemoval(storage, held, session.login()));
        }
    }

    /** What lets the credentials see how much space nodes have for incoming uploads. */
    public String spoolRemedy() throws InterruptedException {
        return NodeCommands.seeRoom(session().privileges("/nodes"), settings.login());
    }

    /** Deletes a file of a storage as seen by the node, and waits until it is gone. */
    public void remove(String node, String storage, String volumeId) throws InterruptedException {
        new Removal(session(), storage).run(node, volumeId);
    }

    /**
     * What a storage holds.
     *
     * @param shared whether all nodes see the same files
     */
    public record Stock(boolean shared, SequencedMap<String, List<StoredFile>> byNode, List<String> offline) {
        /** The names of all files, wherever they are. */
        public Set<String> names() {
            Set<String> names = new java.util.TreeSet<>();
            byNode.values().forEach(files -> files.forEach(file -> names.add(file.fileName())));
            return names;
        }
    }
}
