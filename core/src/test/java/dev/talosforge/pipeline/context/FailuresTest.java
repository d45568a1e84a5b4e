package dev.talosforge.pipeline.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.DamagedException;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.NewFileStream;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.net.IncomingFile;
import dev.talosforge.net.LocalFileException;
import dev.talosforge.net.NetworkProblem;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    private static String reported(Throwable e) {
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
                reported(new FormatException("PE header", 60, "too short")));
        assertEquals(
                "BAD_ARTIFACT: cannot write the result: cpio: a: too large\n",
                reported(new LimitException("cpio", "a", "too large")));
        assertEquals("ENVIRONMENT: cannot open a/b: there is no such file\n", reported(new NoSuchFileException("a/b")));
        assertEquals(
                "ENVIRONMENT: cannot use a/b: the operating system denies it; check the owner and mode of the file and of its folder\n",
                reported(new AccessDeniedException("a/b")));
        assertEquals(
                "ENVIRONMENT: cannot use a/b: Not a directory; a file is in the way of a folder: move it away\n",
                reported(new FileSystemException("a/b", null, "Not a directory")));
        assertEquals(
                "ENVIRONMENT: cannot go on: No space left on device\n",
                reported(new UncheckedIOException(new IOException("No space left on device"))));
        assertEquals("", reported(new IllegalStateException("ours")));
    }

    /** Open files tell no name: who writes adds it. */
    @Test
    void aFullDiskIsReportedWithTheFileAndHowFarItGot(@TempDir Path folder) throws Exception {
        Path target = folder.resolve("talos.iso");
        IOException full = assertThrows(IOException.class, () -> {
            try (NewFileStream out = NewFileStream.of(target, Path.of("/dev/full"))) {
                out.write(new byte[5000]);
            }
        });
        assertEquals(
                "ENVIRONMENT: cannot write TARGET: No space left on device after writing 0 bytes of it; without it N bytes are free"
                        + " in FOLDER; free up space there, or write elsewhere: store = DIR for the store, iso_output_dir for ISOs\n",
                reported(full)
                        .replace(target.toAbsolutePath().toString(), "TARGET")
                        .replaceAll("without it [0-9]+ bytes", "without it N bytes")
                        .replace(folder.toAbsolutePath().toString(), "FOLDER"));
        assertEquals(
                "ENVIRONMENT: cannot use /tree/unit/terraform.tfstate: Read-only file system; write elsewhere: results are recorded in the unit's folder, ISOs go to iso_output_dir; for the store: store = DIR\n",
                reported(new FileNotFoundException("/tree/unit/terraform.tfstate (Read-only file system)")));
        assertEquals(
                "ENVIRONMENT: cannot use /tree (1)/x: Permission denied; check the owner and mode of the file and of its folder\n",
                reported(new FileNotFoundException("/tree (1)/x (Permission denied)")));
    }

    /** While something is transferred it is told with what that was for. */
    @Test
    void aDiskThatIsFullDuringATransferLeadsOn() throws Exception {
        Path full = Path.of("/dev/full");
        LocalFileException failure = assertThrows(LocalFileException.class, () -> {
            try (OpenFile file = OpenFile.of(full, java.nio.file.StandardOpenOption.WRITE)) {
                new IncomingFile(file).write(new byte[10], 0, 10);
            }
        });
        Problem problem = NetworkProblem.explain("cannot pull a/b", "GET", URI.create("http://r.test/"), failure);
        assertEquals(
                "cannot pull a/b: /dev/full: No space left on device after writing 0 bytes of it; free up space there, or write elsewhere: store = DIR for the store, iso_output_dir for ISOs",
                String.valueOf(problem.what() + ": " + problem.why() + "; " + problem.remedy()));
        assertEquals(
                "ENVIRONMENT: cannot use /a: File too large; raise the shell's limit: ulimit -f; or write to a file system that allows larger files: store = DIR\n",
                reported(new FileSystemException("/a", null, "File too large")));
    }

    @Test
    void memoryThatDoesNotSufficeIsNoBug() {
        long megabytes = Runtime.getRuntime().maxMemory() >> 20;
        String heap =
                "ENVIRONMENT: cannot go on: it needs more memory than the program may use (%d MB); allow more: heap = %dg\n"
                        .formatted(megabytes, 1 + megabytes / 1024);
        assertEquals(heap, reported(new OutOfMemoryError("Java heap space")));
        assertEquals(heap, reported(new IllegalStateException("a worker", new OutOfMemoryError("Java heap space"))));
        assertEquals(
                "ENVIRONMENT: cannot go on: the operating system allows the program no more threads; end other programs, or raise the process limit: ulimit -u\n",
                reported(new OutOfMemoryError("unable to create native thread: possibly out of memory")));
        assertEquals(
                "ENVIRONMENT: cannot go on: values refer to each other, or are nested, deeper than the program's stack allows; make the chain shorter, or allow a deeper stack: stack = 16m\n",
                reported(new StackOverflowError()));
        BuildException named = assertThrows(
                BuildException.class,
                () -> Failures.named("cannot use extension a", () -> {
                    throw new OutOfMemoryError("Java heap space");
                }));
        assertEquals("cannot use extension a", named.problems().getFirst().what());
    }

    @Test
    void whatTheStoreDidIsNotBlamedOnAnImage() {
        assertEquals(
                "ENVIRONMENT: cannot use the results of earlier runs: the store's copy of sha256:1 is damaged; run it again: the damaged part was discarded and will be rebuilt\n",
                reported(new DamagedException("the store's copy of sha256:1 is damaged", null)));
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
                reported(e));
    }

    @Test
    void whatFailedAtTheSameTimeIsReportedToo() {
        BuildException first =
                new BuildException(Problem.failed(Kind.REFUSED, "a").because("b"));
        first.addSuppressed(new BuildException(
                List.of(
                        Problem.failed(Kind.UNAVAILABLE, "c").because("d"),
                        Problem.failed(Kind.REFUSED, "a").because("b")),
                null));
        first.addSuppressed(new IOException("closing"));
        assertEquals("REFUSED: a: b\nUNAVAILABLE: c: d\n", reported(first));
    }

    /** What runs side by side runs beside others again. */
    @Test
    void whatIsAttachedToAnAttachedFailureIsReportedToo() {
        BuildException first =
                new BuildException(Problem.failed(Kind.REFUSED, "a").because("b"));
        BuildException second =
                new BuildException(Problem.failed(Kind.REFUSED, "c").because("d"));
        second.addSuppressed(
                new BuildException(Problem.failed(Kind.REFUSED, "e").because("f")));
        first.addSuppressed(second);
        assertEquals("REFUSED: a: b\nREFUSED: c: d\nREFUSED: e: f\n", reported(first));
    }

    @Test
    void anInterruptIsNoFailure() {
        assertTrue(Failures.interrupted(new InterruptedException()));
        assertTrue(Failures.interrupted(new InterruptedIOException()));
        assertTrue(Failures.interrupted(new IOException(new ClosedByInterruptException())));
        assertTrue(Failures.interrupted(
                new BuildException(Problem.failed(Kind.UNAVAILABLE, "a").because("b"), new InterruptedException())));
        assertFalse(Failures.interrupted(new SocketTimeoutException()));
        assertFalse(Failures.interrupted(new IOException("x")));
    }
}
