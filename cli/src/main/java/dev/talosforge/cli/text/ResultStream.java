package dev.talosforge.cli.text;

import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where results go, which remembers that it could not be written to: Java's own print streams swallow that, and a script
 * would take half a result for a whole one.
 */
public final class ResultStream extends OutputStream {
    /** What a shell says of a program that the signal for a closed pipe ended. */
    static final int READER_GONE = 141;

    private static final int ENVIRONMENT = ProblemText.exitCode(Problem.Kind.ENVIRONMENT);

    private final OutputStream out;
    private @Nullable IOException failure;

    public ResultStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    /** After a failure nothing more is written: what follows a gap is of no use. */
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (failure == null) {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (failure == null) {
            try {
                out.flush();
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    /** What the result's fate makes of a command's exit code; a failure of the command itself comes first. */
    public synchronized Verdict verdict(int code) {
        IOException broken = failure;
        if (broken == null) {
            return new Verdict(code, null);
        }
        String why = String.valueOf(broken.getMessage());
        if (why.toLowerCase(Locale.ROOT).contains("broken pipe")) {
            return new Verdict(code == 0 ? READER_GONE : code, null); // as `| head` expects it: no word
        }
        return new Verdict(
                code == 0 ? ENVIRONMENT : code,
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot write the result to standard output")
                        .because(why)
                        .trying("make room where it goes to, and run the same command again"));
    }

    /**
     * How a command ends.
     *
     * @param problem to be told; null when there is none
     */
    public record Verdict(int code, @Nullable Problem problem) {}
}
