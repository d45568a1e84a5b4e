package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.AnsweringServer;
import dev.talosforge.support.AnsweringServer.Answer;
import dev.talosforge.support.AnsweringServer.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pull has is not pulled again: not in the next run, and not when an answer is short. */
@Tag("registry")
class PullGoesOnTest {
    private static final String CONTENT = "0123456789".repeat(20);
    private static final Descriptor BLOB = Descriptor.of(MediaType.OCI_LAYER, CONTENT.getBytes(ISO_8859_1));
    private static final String PART =
            ".pull-%s-200.part".formatted(BLOB.digest().hex());

    @TempDir
    private Path blobs;

    private final CredentialSource nobody = _ -> Credentials.anonymous();

    /** Gives what it is asked for, but no more than so many bytes at once. */
    private static Function<Question, Answer> pieces(int most) {
        return question -> {
            int start = question.range().isEmpty()
                    ? 0
                    : Integer.parseInt(question.range().replaceAll("\\D", ""));
            String piece = CONTENT.substring(start, Math.min(CONTENT.length(), start + most));
            return Answer.of(question.range().isEmpty() ? 200 : 206, piece)
                    .with("Content-Range", "bytes %d-%d/200".formatted(start, start + piece.length() - 1));
        };
    }

    private void pull(AnsweringServer server) throws InterruptedException {
        server.client(nobody)
                .pullBlob(ImageReference.parse(server.host() + "/acme/app:v1"), BLOB, blobs.resolve("layer"));
    }

    private Problem failed(AnsweringServer server) {
        return assertThrows(BuildException.class, () -> pull(server)).problems().getFirst();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(blobs)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> ranges(AnsweringServer server) {
        return server.asked().stream().map(Question::range).toList();
    }

    @Test
    void theNextRunContinuesWhereThisOneEnded() throws Exception {
        try (AnsweringServer server = new AnsweringServer(
                question -> question.range().isEmpty() ? pieces(90).apply(question) : Answer.error(403, "DENIED"))) {
            assertEquals(Problem.Kind.REFUSED, failed(server).kind());
        }
        assertEquals(List.of(PART), left());
        assertEquals(CONTENT.substring(0, 90), Files.readString(blobs.resolve(PART)));
        try (AnsweringServer server = new AnsweringServer(pieces(200))) {
            pull(server);
            assertEquals(List.of("bytes=90-"), ranges(server));
        }
        assertEquals(List.of("layer"), left());
        assertEquals(CONTENT, Files.readString(blobs.resolve("layer")));
    }

    @Test
    void aShortAnswerIsAskedForItsRest() throws Exception {
        try (AnsweringServer server = new AnsweringServer(pieces(80))) {
            pull(server);
            assertEquals(List.of("", "bytes=80-", "bytes=160-"), ranges(server));
        }
        assertEquals(List.of("layer"), left());
    }

    @Test
    void wrongContentIsPulledAgain() throws Exception {
        for (String there : List.of("other".repeat(10), "x".repeat(200), "y".repeat(300))) {
            Files.writeString(blobs.resolve(PART), there);
            Files.deleteIfExists(blobs.resolve("layer"));
            try (AnsweringServer server = new AnsweringServer(pieces(200))) {
                pull(server);
            }
            assertEquals(List.of("layer"), left());
            assertEquals(CONTENT, Files.readString(blobs.resolve("layer")));
        }
    }

    @Test
    void bytesThatArriveWrongAreAskedForAgain() throws Exception {
        AtomicInteger transfers = new AtomicInteger();
        String wrong = CONTENT.replace('3', '4');
        try (AnsweringServer server = new AnsweringServer(question -> transfers.incrementAndGet() == 1
                ? Answer.of(200, wrong)
                : pieces(200).apply(question))) {
            pull(server);
            assertEquals(2, transfers.get());
        }
        Files.delete(blobs.resolve("layer"));
        try (AnsweringServer server = new AnsweringServer(_ -> Answer.of(200, wrong))) {
            Problem problem = failed(server);
            assertEquals(Problem.Kind.BAD_ARTIFACT, problem.kind());
            assertTrue(problem.why().startsWith("blob: the content of " + BLOB.digest()), problem::why);
            assertEquals(2, server.asked().size());
        }
        assertEquals(List.of(), left());
    }

    @Test
    void aManifestThatArrivesWrongIsAskedForAgain() throws Exception {
        AtomicInteger transfers = new AtomicInteger();
        byte[] manifest = dev.talosforge.oci.Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, new byte[0]), List.of())
                .toBytes();
        String right = new String(manifest, ISO_8859_1);
        Function<Question, Answer> answers = _ -> Answer.of(
                        200, transfers.getAndIncrement() % 3 == 0 ? right.replace("\"size\":0", "\"size\":1") : right)
                .with(
                        "Docker-Content-Digest",
                        Descriptor.of(MediaType.OCI_MANIFEST, manifest).digest().toString());
        try (AnsweringServer server = new AnsweringServer(answers)) {
            ImageReference reference = ImageReference.parse(server.host() + "/acme/app:v1");
            Resolved resolved = server.client(nobody).resolve(reference, Platform.linux("amd64"));
            assertEquals(0, resolved.manifest().config().size());
            assertEquals(2, server.asked().size());
        }
    }

    @Test
    void twoAtOnceDoNotDisturbEachOther() throws Exception {
        Path target = blobs.resolve("layer");
        try (PartialFile first = PartialFile.of(BLOB, target);
                PartialFile second = PartialFile.of(BLOB, target)) {
            byte[] bytes = CONTENT.getBytes(ISO_8859_1);
            first.write(bytes, 0, 100);
            second.write(bytes, 0, 200);
            assertEquals(null, second.finish());
            first.write(bytes, 100, 100);
            assertEquals(null, first.finish());
        }
        assertEquals(List.of("layer"), left());
    }

    @Test
    void aMissingPartIsTheImagesFaultWhateverTheServerCallsIt() throws Exception {
        for (Answer answer : List.of(
                Answer.of(404, ""),
                Answer.of(404, "<html><title>404 Not Found</title></html>").with("Content-Type", "text/html"),
                Answer.error(404, "NOT_FOUND"),
                Answer.error(404, "BLOB_UNKNOWN"))) {
            try (AnsweringServer server = new AnsweringServer(_ -> answer)) {
                Problem problem = failed(server);
                assertEquals(Problem.Kind.BAD_ARTIFACT, problem.kind());
                assertEquals(
                        "a part of the image is missing there: publish it again, or use another tag",
                        String.valueOf(problem.remedy()));
            }
        }
        assertFalse(Files.exists(blobs.resolve("layer")));
    }
}
