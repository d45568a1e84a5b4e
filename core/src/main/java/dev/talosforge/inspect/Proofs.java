package dev.talosforge.inspect;

import dev.talosforge.inspect.Proof.Outcome;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Collects proofs. One whose input is unreadable or unreachable has failed; the others continue. */
final class Proofs {
    private final List<Proof> all = new ArrayList<>();

    /** Tries one proof and returns its finding. */
    @FunctionalInterface
    interface Attempt {
        Finding make() throws IOException, InterruptedException;
    }

    /** The result of one proof: its outcome and the evidence. */
    record Finding(Outcome outcome, String how) {
        static Finding ok(String how) {
            return new Finding(Outcome.OK, how);
        }

        static Finding failed(String how) {
            return new Finding(Outcome.FAILED, how);
        }

        static Finding skipped(String how) {
            return new Finding(Outcome.SKIPPED, how);
        }

        /** Proven if both are equal. */
        static Finding same(Object first, Object second, String difference) {
            return first.equals(second) ? ok(first.toString()) : failed(difference.formatted(first, second));
        }
    }

    void prove(String what, Attempt attempt) throws InterruptedException {
        Finding finding;
        try {
            finding = attempt.make();
        } catch (InterruptedIOException e) {
            InterruptedException interrupted = new InterruptedException("while proving");
            interrupted.initCause(e);
            throw interrupted;
        } catch (BuildException e) {
            finding = Finding.failed(e.problems().stream().map(Proofs::words).collect(Collectors.joining("; ")));
        } catch (IOException e) {
            finding = Finding.failed(String.valueOf(e.getMessage()));
        }
        all.add(new Proof(finding.outcome(), what, finding.how()));
    }

    private static String words(Problem problem) {
        return problem.what() + ": " + problem.why();
    }

    List<Proof> all() {
        return List.copyOf(all);
    }
}
