package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static String told(Throwable e) {
        StringBuilder text = new StringBuilder();
        for (Problem problem : Failures.problems(e)) {
            text.append("%s: %s: %s%s%n"
                    .formatted(
                            problem.kind(),
                            problem.what(),
                            problem.why(),
                            problem.remedy() == null ? "" : "; " + problem.remedy()));
        }
        return text.toString();
    }

    @Test
    void filesAndFormatsAreExplained() {
        assertEquals(
                "BAD_ARTIFACT: cannot read PE header: PE header at offset 60 (0x3c): too short\n",
                told(new FormatException("PE header", 60, "too short")));
        assertEquals(
                "BAD_ARTIFACT: cannot write what was asked for: cpio: a: too large\n",
                told(new LimitException("cpio", "a", "too large")));
        assertEquals("ENVIRONMENT: cannot open a/b: there is no such file\n", told(new NoSuchFileException("a/b")));
        assertEquals(
                "ENVIRONMENT: cannot use a/b: the operating system denies it; check owner and mode of the file and the folder it is in\n",
                told(new AccessDeniedException("a/b")));
        assertEquals(
                "ENVIRONMENT: cannot use a/b: Not a directory\n",
                told(new FileSystemException("a/b", null, "Not a directory")));
        assertEquals(
                "ENVIRONMENT: cannot go on: No space left on device\n",
                told(new UncheckedIOException(new IOException("No space left on device"))));
        assertEquals("", told(new IllegalStateException("ours")));
    }

    @Test
    void anArtifactIsNamed() {
        BuildException e = assertThrows(
                BuildException.class,
                () -> Failures.named("cannot use extension ghcr.io/a/b:1", () -> {
                    throw new FormatException("tar header", 512, "bad checksum");
                }));
        assertEquals(
                "BAD_ARTIFACT: cannot use extension ghcr.io/a/b:1: tar header at offset 512 (0x200): bad checksum\n",
                told(e));
    }

    @Test
    void whatFailedAtTheSameTimeIsToldToo() {
        BuildException first = new BuildException(new Problem(Kind.REFUSED, "a", null, "b", null), null);
        first.addSuppressed(new BuildException(
                List.of(
                        new Problem(Kind.UNAVAILABLE, "c", null, "d", null),
                        new Problem(Kind.REFUSED, "a", null, "b", null)),
                null));
        first.addSuppressed(new IOException("closing"));
        assertEquals("REFUSED: a: b\nUNAVAILABLE: c: d\n", told(first));
    }

    @Test
    void anInterruptIsNoFailure() {
        assertTrue(Failures.interrupted(new InterruptedException()));
        assertTrue(Failures.interrupted(new InterruptedIOException()));
        assertTrue(Failures.interrupted(new IOException(new ClosedByInterruptException())));
        assertTrue(Failures.interrupted(
                new BuildException(new Problem(Kind.UNAVAILABLE, "a", null, "b", null), new InterruptedException())));
        assertFalse(Failures.interrupted(new SocketTimeoutException()));
        assertFalse(Failures.interrupted(new IOException("x")));
    }
}
