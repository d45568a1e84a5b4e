package dev.talosforge.cli.text;

import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The stream for results. It records write errors: Java's print streams ignore them, and a script would use half a
 * result as a complete one.
 */
public final class ResultStream extends OutputStream {
    /** A shell's exit code for a program that was ended by SIGPIPE. */
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

    /** After a failure, nothing more is written: output after a gap is useless. */
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

    /**
     * The exit code of a command if its result could not be written; a failure of the command itself takes precedence.
     */
    public synchronized Verdict verdict(int code) {
        IOException broken = failure;
        if (broken == null) {
            return new Verdict(code, null);
        }
        String why = String.valueOf(broken.getMessage());
        if (why.toLowerCase(Locale.ROOT).contains("broken pipe")) {
            return new Verdict(code == 0 ? READER_GONE : code, null); // as `| head` expects: no message
        }
        return new Verdict(
                code == 0 ? ENVIRONMENT : code,
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot write the result to standard output")
                        .because(why)
                        .trying("free space where the output is written, then run the same command again"));
    }

    /**
     * How a command ends.
     *
     * @param problem to report; null if there is none
     */
    public record Verdict(int code, @Nullable Problem problem) {}
}
