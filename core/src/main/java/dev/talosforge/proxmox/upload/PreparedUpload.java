package dev.talosforge.proxmox.upload;

import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.session.ProxmoxSession;

/** A server that was checked and accepts such files. */
public final class PreparedUpload {
    private final ProxmoxSession session;
    private final PreflightResult preflight;

    public PreparedUpload(ProxmoxSession session, PreflightResult preflight) {
        this.session = session;
        this.preflight = preflight;
    }

    /** What the server said. */
    public PreflightResult ready() {
        return preflight;
    }

    /** What an upload would do now, without changing anything. */
    public Rehearsal rehearse(UploadRequest request) throws InterruptedException {
        return new Delivery(session, request, (_, _) -> {}, preflight).rehearse();
    }

    /** Uploads where needed, and proves that every online node sees the whole file. */
    public UploadResult upload(UploadRequest request, UploadProgress progress) throws InterruptedException {
        return new Delivery(session, request, progress, preflight).run();
    }
}
