package dev.talosforge.proxmox;

/** A server that was asked, and takes such files. */
public final class Prepared {
    private final ProxmoxSession session;
    private final Readiness ready;

    Prepared(ProxmoxSession session, Readiness ready) {
        this.session = session;
        this.ready = ready;
    }

    /** What the server said. */
    public Readiness ready() {
        return ready;
    }

    /** What an upload would do now, changing nothing. */
    public Rehearsal rehearse(UploadRequest request) throws InterruptedException {
        return new Delivery(session, request, (_, _) -> {}, ready).rehearse();
    }

    /** Uploads where it is needed, and proves that every online node sees the whole file. */
    public UploadResult upload(UploadRequest request, UploadProgress progress) throws InterruptedException {
        return new Delivery(session, request, progress, ready).run();
    }
}
