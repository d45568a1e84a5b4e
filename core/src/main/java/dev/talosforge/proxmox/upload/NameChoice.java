package dev.talosforge.proxmox.upload;

import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadRequest.Naming;
import org.jspecify.annotations.Nullable;

/** The name that a file gets, decided from what is there. */
sealed interface NameChoice {
    /** It is already there. */
    record There(String name) implements NameChoice {}

    /**
     * Under a name that nothing else of value has: nobody loses anything.
     *
     * @param note why the name is not the one asked for; null if it is
     */
    record Free(String name, @Nullable String note) implements NameChoice {}

    /**
     * In place of another file that nobody uses. The server destroys a file before it writes the next one over it, so
     * the new content is first completed under a name of its own.
     */
    record Over(String name, String first) implements NameChoice {}

    /** The name is taken and must not be replaced. */
    record Taken(String name) implements NameChoice {}

    /**
     * Decides.
     *
     * @param attachments read only if a file would be replaced
     */
    static NameChoice of(UploadRequest request, Contents contents, Lookup attachments) throws InterruptedException {
        String stable = request.fileName();
        String own = request.contentName();
        if (request.manner().naming() == Naming.CONTENT || own.equals(stable)) {
            return contents.isThere(own) ? new There(own) : new Free(own, null);
        }
        if (contents.isThere(stable)) {
            return new There(stable);
        }
        if (!contents.isTaken(stable)) {
            return new Free(stable, null);
        }
        if (request.manner().conflict() == UploadRequest.Conflict.REFUSE) {
            return new Taken(stable);
        }
        String because = attachments.inUse(request.volumeId(stable));
        if (because == null && request.from() != null) {
            because = "a node that downloads a file itself cannot replace one";
        }
        if (because == null) {
            return new Over(stable, own);
        }
        return contents.isThere(own) ? new There(own) : new Free(own, beside(stable, own, because));
    }

    static String beside(String stable, String own, String because) {
        return "%s is kept; the new file is %s: %s".formatted(stable, own, because);
    }

    /** Why a volume must not be replaced; null if nothing prevents it. */
    @FunctionalInterface
    interface Lookup {
        @Nullable
        String inUse(String volumeId) throws InterruptedException;
    }
}
