package dev.talosforge.proxmox;

import dev.talosforge.problem.Problem;
import java.util.List;

/**
 * Delivers ISOs to Proxmox VE. Failures are {@link dev.talosforge.problem.BuildException}s; an interrupt ends any wait.
 *
 * <p>Each call opens its own session: the first endpoint that answers is used for all of the call.
 */
public final class ProxmoxClient {
    private final ProxmoxSettings settings;

    public ProxmoxClient(ProxmoxSettings settings) {
        this.settings = settings;
    }

    /** Version of the server; that it comes proves address, trust and credentials. */
    public String version() throws InterruptedException {
        return ProxmoxSession.open(settings).version();
    }

    /**
     * Whether a file could be uploaded now, changing nothing. All that is missing is reported at once.
     *
     * @param nodes that have to see the file; empty for all
     * @param size of the file in bytes
     */
    public Readiness preflight(String storage, List<String> nodes, long size) throws InterruptedException {
        return new PreflightCheck(ProxmoxSession.open(settings), storage, size).run(nodes);
    }

    /** Preflight, upload where it is needed, and the proof that every online node sees the whole file. */
    public UploadResult upload(UploadRequest request, UploadProgress progress) throws InterruptedException {
        checkLocally(request);
        ProxmoxSession session = ProxmoxSession.open(settings);
        Readiness ready =
                new PreflightCheck(session, request.storage(), request.content().size()).run(request.nodes());
        return new IsoUpload(session, request, progress).run(ready);
    }

    private void checkLocally(UploadRequest request) {
        String objection = IsoName.objection(request.fileName());
        if (objection == null && request.content().size() == 0) {
            objection = "the file is empty";
        }
        if (objection != null) {
            refuse(request, objection);
        }
        if (!request.storage().matches("[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]")) {
            refuse(request, "\"%s\" is no storage name".formatted(request.storage()));
        }
    }

    private void refuse(UploadRequest request, String why) {
        throw new Failure(settings.login())
                .problem(
                        Problem.Kind.INVALID_INPUT,
                        "cannot upload %s to Proxmox".formatted(request.fileName()),
                        null,
                        why,
                        null);
    }
}
