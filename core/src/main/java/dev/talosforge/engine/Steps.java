package dev.talosforge.engine;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.bytes.Turns;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Runs steps, or reuses an earlier result with the same identity from the store. */
public final class Steps {
    private static final int BUFFER = 1 << 16;

    private final Store store;
    private final Events events;
    private final boolean fresh;

    /** Only the results being made now: whoever wants the same one waits for it instead of making it again. */
    private final Turns<Sha256> making = new Turns<>();

    /**
     * A runner over a store.
     *
     * @param fresh whether to run every step even if there is a result
     */
    public Steps(Store store, Events events, boolean fresh) {
        this.store = store;
        this.events = events;
        this.fresh = fresh;
    }

    public Store store() {
        return store;
    }

    public Events events() {
        return events;
    }

    /** The step's result: read back if its identity is known, otherwise made, kept and returned. */
    public <T> T run(String unit, String name, Sha256 identity, Step<T> step) throws IOException {
        try {
            making.take(identity);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before " + name);
        }
        try {
            return runAlone(unit, name, identity, step);
        } finally {
            making.giveBack(identity);
        }
    }

    /** The number of results being made. */
    int making() {
        return making.size();
    }

    private <T> T runAlone(String unit, String name, Sha256 identity, Step<T> step) throws IOException {
        T earlier = fresh ? null : earlier(identity, step);
        if (earlier != null) {
            events.finished(unit, name, step.describe(earlier), true);
            return earlier;
        }
        if (Thread.interrupted()) {
            throw new InterruptedIOException("interrupted before " + name);
        }
        events.started(unit, name);
        T result = step.make(store);
        Sha256 made = digest(step, result);
        check(name, identity, made);
        store.keepMade(identity, made);
        store.keep(identity, out -> step.write(result, out));
        events.finished(unit, name, step.describe(result), false);
        return result;
    }

    private <T> @Nullable T earlier(Sha256 identity, Step<T> step) throws IOException {
        ByteSource left = store.result(identity);
        if (left == null) {
            return null;
        }
        try (InputStream in = new BufferedInputStream(left.open(), BUFFER)) {
            return step.read(in, store);
        } catch (FormatException | EOFException e) {
            return null; // of another format version
        }
    }

    private static <T> Sha256 digest(Step<T> step, T result) throws IOException {
        MessageDigest digest = Sha256.begin();
        OutputStream out =
                new BufferedOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest), BUFFER);
        step.write(result, out);
        out.flush();
        return Sha256.finish(digest);
    }

    /** The same inputs must give the same bytes; otherwise nobody can tell what an artifact is made of. */
    private void check(String name, Sha256 identity, Sha256 made) throws IOException {
        Sha256 before = store.made(identity);
        if (before != null && !before.equals(made)) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot trust the step \"%s\"".formatted(name))
                            .because("the same inputs gave another result than last time: then %s, now %s"
                                    .formatted(before, made))
                            .trying(Remedy.sentence("run it again with ", Remedy.give(RunOption.FRESH))
                                    .then("; if the result differs each time, a build's command is not repeatable, or"
                                            + " this machine's memory or disk is faulty; to accept the new result:"
                                            + " rm " + store.madeRecord(identity))));
        }
    }
}
