package dev.talosforge.extension;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.NetworkProblem;
import dev.talosforge.net.Retries;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Brings files with a known digest into the store, from a URL or a path. A stored file is not fetched again. Every file
 * is checked before use, so a URL without TLS is as good as one with it.
 */
public final class Downloads {
    /** Limit for one file. */
    static final long MAX_BYTES = 16L << 30;

    private final Store store;
    private final HttpTransport transport;
    private final Retries retries;

    public Downloads(Store store, HttpTransport transport, Retries retries) {
        this.store = store;
        this.transport = transport;
        this.retries = retries;
    }

    /** Whether the file is in the store, so that nothing has to be fetched. */
    public boolean has(Origin origin, String architecture) throws IOException {
        return store.find(origin.digest(architecture)) != null;
    }

    /**
     * The file, from the store.
     *
     * @param what cannot be done without it: "cannot use sources[1] (archive …) of frr"
     */
    public ByteSource fetch(String what, Origin origin, String architecture) throws IOException, InterruptedException {
        Sha256 wanted = origin.digest(architecture);
        ByteSource here = store.find(wanted);
        if (here != null) {
            return here;
        }
        if (origin.isRemote()) {
            remote(what, origin.address(architecture), wanted);
        } else {
            local(what, origin.path(architecture), wanted);
        }
        ByteSource found = store.find(wanted);
        if (found == null) {
            throw new IOException("the store lost " + wanted);
        }
        return found;
    }

    private void local(String what, Path path, Sha256 wanted) throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            throw new FormatException("file", 0, "%d bytes; the limit is %d".formatted(Files.size(path), MAX_BYTES));
        }
        Sha256 found = store.put(out -> {
            try (InputStream in = ByteSource.of(path).open()) {
                in.transferTo(out);
            }
        });
        if (!found.equals(wanted)) {
            throw other(what, path.toString(), found, wanted);
        }
    }

    private void remote(String what, URI uri, Sha256 wanted) throws IOException, InterruptedException {
        Path part = store.temporaryFile();
        try {
            Sha256 found;
            try (ResumedFile file = new ResumedFile(part, MAX_BYTES)) {
                HttpAnswer answer = transfer(uri, file);
                if (!answer.succeeded()) {
                    throw new BuildException(NetworkProblem.ofStatus(what, answer), null);
                }
                found = file.finish();
            } catch (FormatException e) {
                throw new BuildException(
                        Problem.failed(Problem.Kind.BAD_ARTIFACT, what).because(String.valueOf(e.getMessage())), e);
            } catch (IOException e) {
                if (isInterrupt(e)) {
                    throw e;
                }
                throw new BuildException(NetworkProblem.explain(what, "GET", uri, e), e);
            }
            if (!found.equals(wanted)) {
                throw other(what, uri.toString(), found, wanted);
            }
            store.adopt(part, found);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static boolean isInterrupt(IOException e) {
        return e instanceof java.io.InterruptedIOException && !(e instanceof java.net.SocketTimeoutException);
    }

    private HttpAnswer transfer(URI uri, ResumedFile file) throws IOException, InterruptedException {
        HttpCall call = HttpCall.get(uri);
        return retries.run(file::furthest, () -> {
            long have = file.position();
            if (have > 0) {
                HttpAnswer rest = transport.send(file.resuming(call), file);
                if (rest.status() != 416 && rest.status() != 412) {
                    return rest;
                }
                file.restart();
            }
            return transport.send(call, file);
        });
    }

    private static BuildException other(String what, String place, Sha256 found, Sha256 wanted) {
        return new BuildException(Problem.failed(Problem.Kind.BAD_ARTIFACT, what)
                .because("%s has the digest %s, but sha256 says %s".formatted(place, found, wanted))
                .trying("if the file was replaced on purpose, inspect it and update sha256; otherwise get it from"
                        + " another place"));
    }
}
