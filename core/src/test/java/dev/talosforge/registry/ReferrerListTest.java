package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.Parallel;
import dev.talosforge.net.Pauses;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Referrers;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.AnsweringServer;
import dev.talosforge.support.AnsweringServer.Answer;
import dev.talosforge.testkit.SpecRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Phaser;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Manifests that describe another one: by the API, and by the tag that stands for it. */
@Tag("registry")
class ReferrerListTest {
    private static final String TYPE = "application/vnd.acme.note+json";
    private static final Descriptor IMAGE = Descriptor.of(MediaType.OCI_INDEX, "an image".getBytes(UTF_8));
    private static final String TAG =
            "/v2/acme/app/manifests/sha256-" + IMAGE.digest().hex();

    private final List<Duration> waits = new ArrayList<>();
    private SpecRegistry registry;
    private HttpTransport transport;

    @BeforeEach
    void start() throws IOException {
        registry = SpecRegistry.start();
        transport = new HttpTransport(TransportSettings.usual());
    }

    @AfterEach
    void stop() {
        transport.close();
        registry.close();
    }

    private RegistryClient client(Pauses pauses) {
        return new RegistryClient(
                transport,
                new Retries(RetryPolicy.usual(), pauses, () -> 1),
                RegistrySettings.none(),
                _ -> Credentials.anonymous());
    }

    private ImageReference repository() {
        return ImageReference.parse(registry.host() + "/acme/app:v1");
    }

    private static Manifest note(String type, String text) {
        return Manifest.about(IMAGE, type, new TreeMap<>(Map.of("text", text)));
    }

    private void attach(Manifest manifest) throws InterruptedException {
        client(waits::add).attach(repository(), manifest, _ -> ByteSource.of(new byte[0]));
    }

    private List<String> notes() throws InterruptedException {
        return client(waits::add).referrers(repository(), IMAGE.digest(), TYPE).stream()
                .map(one -> String.valueOf(one.annotations().get("text")))
                .toList();
    }

    private List<String> written() {
        return registry.seen().stream()
                .filter(line -> !line.startsWith("GET") && !line.startsWith("HEAD"))
                .map(line -> line.replaceAll(" (null|\\d+) null$", ""))
                .toList();
    }

    @Test
    void byTheApiEachOnceAndOnlyOfTheTypeAcrossPages() throws Exception {
        registry.listReferrers(2);
        assertEquals(List.of(), notes());
        for (String text : List.of("one", "two", "three")) {
            attach(note(TYPE, text));
            attach(note("application/vnd.acme.other", text));
        }
        List<String> before = written();
        attach(note(TYPE, "two"));
        assertEquals(before, written(), "nothing is sent twice");
        assertEquals(List.of("one", "two", "three"), notes());
        assertNull(registry.content(TAG));
        assertEquals(List.of(), waits);
    }

    @Test
    void byTheTagEachOnceAndOnlyOfTheType() throws Exception {
        assertEquals(List.of(), notes());
        attach(note(TYPE, "one"));
        attach(note("application/vnd.acme.other", "one"));
        attach(note(TYPE, "two"));
        int before = written().size();
        int pauses = waits.size();
        attach(note(TYPE, "two"));
        assertEquals(before, written().size(), "nothing is sent twice");
        assertEquals(pauses, waits.size());
        assertEquals(List.of("one", "two"), notes());
        byte[] index = registry.content(TAG);
        assertNotNull(index);
        assertEquals(
                List.of(
                        note(TYPE, "one").entry(),
                        note("application/vnd.acme.other", "one").entry(),
                        note(TYPE, "two").entry()),
                Index.parse(index).manifests());
        assertEquals(
                List.of(
                        "PUT /v2/acme/app/manifests/"
                                + note(TYPE, "one").descriptor().digest(),
                        "PUT " + TAG),
                written().stream()
                        .filter(line -> line.contains("manifests"))
                        .limit(2)
                        .toList(),
                "the manifest, then the index");
    }

    /** Another writer has read the index before ours was in it. */
    @Test
    void whatAnotherWriterRemovesIsAddedAgain() throws Exception {
        byte[] theirs = Referrers.none().with(note(TYPE, "theirs").entry()).toBytes();
        RegistryClient client = client(length -> {
            waits.add(length);
            if (waits.size() <= 2) {
                registry.put(TAG, theirs);
            }
        });
        client.attach(repository(), note(TYPE, "ours"), _ -> ByteSource.of(new byte[0]));
        assertEquals(List.of("theirs", "ours"), notes());
        assertEquals(
                List.of(500L, 1000L, 2000L),
                waits.stream().map(Duration::toMillis).toList());
    }

    /** One that was there meanwhile kept ours, and another one, which is slower, may not. */
    @Test
    void afterAnotherWriterItIsReadAgain() throws Exception {
        Referrers theirs = Referrers.none().with(note(TYPE, "theirs").entry());
        RegistryClient client = client(length -> {
            waits.add(length);
            if (waits.size() == 1) {
                registry.put(TAG, theirs.with(note(TYPE, "ours").entry()).toBytes());
            } else if (waits.size() == 2) {
                registry.put(TAG, theirs.toBytes());
            }
        });
        client.attach(repository(), note(TYPE, "ours"), _ -> ByteSource.of(new byte[0]));
        assertEquals(List.of("theirs", "ours"), notes());
        assertEquals(3, waits.size());
    }

    /** Each has read the index before the others' entries are in it. A pause ends when everybody has written. */
    @Test
    void ofWritersAtTheSameTimeNoneIsLost() throws Exception {
        int writers = 8;
        Phaser pause = new Phaser(writers);
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            Manifest note = note(TYPE, "writer " + i);
            work.add(() -> {
                try {
                    client(_ -> pause.arriveAndAwaitAdvance())
                            .attach(repository(), note, _ -> ByteSource.of(new byte[0]));
                } finally {
                    pause.arriveAndDeregister();
                }
                return true;
            });
        }
        Parallel.all(work);
        assertEquals(
                IntStream.range(0, writers).mapToObj(i -> "writer " + i).toList(),
                notes().stream().sorted().toList());
    }

    @Test
    void anIndexThatIsChangedForEverIsGivenUp() {
        BuildException e = assertThrows(
                BuildException.class,
                () -> client(length -> {
                            waits.add(length);
                            registry.put(TAG, Referrers.none().toBytes());
                        })
                        .attach(repository(), note(TYPE, "ours"), _ -> ByteSource.of(new byte[0])));
        assertEquals(Problem.Kind.UNAVAILABLE, e.problems().getFirst().kind());
        assertEquals(
                "others keep changing the tag sha256-%s of %s"
                        .formatted(IMAGE.digest().hex(), repository().name()),
                e.problems().getFirst().why());
        assertEquals(20, waits.size());
    }

    @Test
    void aTagThatIsNoIndexStays() {
        byte[] image = note(TYPE, "an image of somebody").toBytes();
        registry.put(TAG, image);
        BuildException e = assertThrows(BuildException.class, () -> attach(note(TYPE, "ours")));
        assertEquals(Problem.Kind.BAD_ARTIFACT, e.problems().getFirst().kind());
        assertEquals(new String(image, UTF_8), new String(registry.content(TAG), UTF_8));
        assertEquals(List.of(), written());
    }

    @Test
    void anIndexThatIsFullStaysReadable() throws Exception {
        String entries = Stream.generate(
                        () -> note(TYPE, "theirs").entry().toJson().compact())
                .limit(4096)
                .collect(Collectors.joining(","));
        registry.put(
                TAG,
                "{\"schemaVersion\":2,\"manifests\":[%s]}".formatted(entries).getBytes(UTF_8));
        BuildException e = assertThrows(BuildException.class, () -> attach(note(TYPE, "ours")));
        assertEquals(
                "OCI index: more than 4096 manifests", e.problems().getFirst().why());
        assertEquals(List.of("theirs"), notes());
    }

    @Test
    void aServerThatAnswersEverythingWithSomethingHasNoApi() throws Exception {
        for (Answer answer : List.of(
                Answer.error(404, "NOT_FOUND"),
                Answer.of(404, "404 page not found"),
                Answer.error(400, "UNSUPPORTED"),
                Answer.of(405, ""),
                Answer.of(501, ""),
                Answer.of(200, "<html>").with("Content-Type", "text/html"),
                Answer.of(200, "{}").with("Content-Type", "application/json"))) {
            byte[] index = Referrers.none().with(note(TYPE, "kept").entry()).toBytes();
            try (AnsweringServer server =
                    new AnsweringServer(question -> question.path().contains("/referrers/")
                            ? answer
                            : Answer.of(200, new String(index, UTF_8)).with("Content-Type", MediaType.OCI_INDEX))) {
                ImageReference image = ImageReference.parse(server.host() + "/acme/app:v1");
                assertEquals(
                        1,
                        server.client(_ -> Credentials.anonymous())
                                .referrers(image, IMAGE.digest(), TYPE)
                                .size(),
                        answer::toString);
                assertEquals(
                        List.of(
                                "GET /v2/acme/app/referrers/%s?artifactType=application%%2Fvnd.acme.note%%2Bjson"
                                        .formatted(IMAGE.digest()),
                                "GET " + TAG),
                        server.lines());
            }
        }
    }

    /** A refusal is not an empty list: who asks has to know. */
    @Test
    void aRefusalAndPagesWithoutAnEndAreReported() throws Exception {
        try (AnsweringServer server = new AnsweringServer(_ -> Answer.error(403, "DENIED"))) {
            ImageReference image = ImageReference.parse(server.host() + "/acme/app:v1");
            BuildException e = assertThrows(
                    BuildException.class,
                    () -> server.client(_ -> Credentials.anonymous()).referrers(image, IMAGE.digest(), TYPE));
            assertEquals("DENIED", e.problems().getFirst().why());
        }
        String empty = new String(Referrers.none().toBytes(), UTF_8);
        try (AnsweringServer server = new AnsweringServer(question -> Answer.of(200, empty)
                .with("Content-Type", MediaType.OCI_INDEX)
                .with("Link", "<?n=%d>; rel=\"next\"".formatted(question.query().hashCode())))) {
            ImageReference image = ImageReference.parse(server.host() + "/acme/app:v1");
            BuildException e = assertThrows(
                    BuildException.class,
                    () -> server.client(_ -> Credentials.anonymous()).referrers(image, IMAGE.digest(), TYPE));
            assertEquals(
                    "list of referrers: more than 100 pages or 10000 manifests",
                    e.problems().getFirst().why());
        }
    }

    /** An API that is there, and forgets what it accepted. */
    @Test
    void aManifestThatIsNotListedAfterwardsIsReported() throws Exception {
        Manifest ours = note(TYPE, "ours");
        String empty = new String(Referrers.none().toBytes(), UTF_8);
        try (AnsweringServer server = new AnsweringServer(question -> switch (question.method()) {
            case "HEAD" -> Answer.of(200, "");
            case "PUT" -> Answer.of(201, "");
            default ->
                question.path().contains("/referrers/")
                        ? Answer.of(200, empty).with("Content-Type", MediaType.OCI_INDEX)
                        : Answer.of(200, new String(ours.toBytes(), UTF_8));
        })) {
            ImageReference image = ImageReference.parse(server.host() + "/acme/app:v1");
            BuildException e = assertThrows(
                    BuildException.class,
                    () -> server.client(_ -> Credentials.anonymous())
                            .attach(image, ours, _ -> ByteSource.of(new byte[0])));
            assertEquals(
                    "the registry accepted the manifest but does not list it under its subject",
                    e.problems().getFirst().why());
        }
    }

    @Test
    void tagsOfReferrersAreNoTagsOfImages() throws Exception {
        String hex = Sha256.of(new byte[0]).hex();
        try (AnsweringServer server = new AnsweringServer(_ -> Answer.of(
                200, "{\"tags\":[\"v1\",\"sha256-%1$s\",\"sha256-%1$s.sig\",\"sha256-12\"]}".formatted(hex)))) {
            assertEquals(
                    List.of("v1", "sha256-%s.sig".formatted(hex), "sha256-12"),
                    server.client(_ -> Credentials.anonymous())
                            .tags(ImageReference.parse(server.host() + "/acme/app:v1")));
        }
    }
}
