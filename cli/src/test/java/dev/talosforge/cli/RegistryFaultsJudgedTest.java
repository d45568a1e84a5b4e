package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.testkit.FaultProxy;
import dev.talosforge.testkit.JudgedRegistry;
import dev.talosforge.testkit.RegistryTools;
import dev.talosforge.testkit.RegistryTools.Tool;
import dev.talosforge.testkit.TokenServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry of this year does against a client, or lets through: seen by the real clients, and by us. */
@Tag("conformance")
class RegistryFaultsJudgedTest {
    /** More than any client asks again. */
    private static final int MANY = 200;

    /** What other programs say of wrong bytes. */
    private static final Pattern MESSAGE = Pattern.compile("(?i)digest|checksum|unexpected media type");

    @TempDir
    private Path folder;

    private @Nullable JudgedRegistry running;
    private @Nullable FaultProxy between;

    @AfterEach
    void stop() throws IOException {
        if (between != null) {
            between.close();
        }
        if (running != null) {
            running.close();
        }
    }

    private JudgedRegistry registry() {
        assertNotNull(running);
        return running;
    }

    private FaultProxy proxy() {
        assertNotNull(between);
        return between;
    }

    /** A registry behind a proxy, and the login for it there. */
    private void start(JudgedRegistry.Kind kind) throws Exception {
        running = JudgedRegistry.start(kind, folder);
        between = FaultProxy.to(running.server().port());
        if (running.tokens() != null) {
            running.as(at(), JudgedRegistry.TESTER);
        }
    }

    /** The proxy's address; by the name that the token server has. */
    private String at() {
        return "localhost:" + proxy().port();
    }

    private NoteUnit note() {
        return new NoteUnit(registry(), at(), folder);
    }

    private RegistryTools tools() {
        return new RegistryTools(registry(), at(), folder);
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** In the manifest, or in the configuration and the layer. */
    @ParameterizedTest
    @ValueSource(strings = {"manifests/", "blobs/"})
    void oneFlippedBitIsSeenByEverybody(String what) throws Exception {
        start(JudgedRegistry.Kind.PLAIN);
        String image = NoteUnit.pinned(note().applied("hello", ""));
        for (int i = 0; i < MANY; i++) {
            proxy().fault("GET /v2/acme/note/" + what, FaultProxy.flip(40));
        }
        for (Tool tool : Tool.values()) {
            String command = switch (tool) {
                case CRANE -> "validate --remote " + image;
                case ORAS -> "cp --to-oci-layout " + image + " oras:v1";
                case REGCTL -> "image copy " + image + " ocidir://regctl:v1";
                case SKOPEO -> "copy -q docker://" + image + " oci:skopeo:v1";
            };
            String message = tools().refuses(tool, command.split(" "));
            assertTrue(MESSAGE.matcher(message).find(), () -> tool + " said:\n" + message);
        }
        delete(folder.resolve("store"));
        for (String name : List.of(image, note().image())) {
            CommandLineRun run = note().run(folder, "inspect", name);
            assertEquals(4, run.code(), run::toString);
            assertTrue(
                    run.err().matches("(?s).*: the content of sha256:\\S+ has the digest sha256:\\S+\n"),
                    run::toString);
        }
    }

    /** A validly signed one, whose time is over: the registry refuses it, at every kind of request. */
    @Test
    void aTokenThatRanOutOnTheWayIsRenewed() throws Exception {
        start(JudgedRegistry.Kind.TOKENS);
        TokenServer tokens = registry().tokens();
        assertNotNull(tokens);
        note().applied("before", "semantic_tags = false");
        int asked = tokens.asked().size();
        String expired = "Bearer " + tokens.expired("acme/note");
        List<String> starts = List.of(
                "HEAD /v2/acme/note/blobs/",
                "POST /v2/acme/note/blobs/uploads/",
                "PUT /v2/acme/note/blobs/uploads/",
                "PUT /v2/acme/note/manifests/v1",
                "GET /v2/acme/note/manifests/sha256");
        starts.forEach(start -> proxy().fault(start, FaultProxy.authorized(expired)));
        note().applied("after", "semantic_tags = false");
        assertEquals(0, proxy().left());
        // one for each, and the first one of this run; two blobs go at the same time, and may share theirs
        int renewed = tokens.asked().size() - asked;
        assertTrue(renewed > 1 + starts.size() - 3 && renewed <= 1 + starts.size(), tokens.asked()::toString);
    }

    /** As zot, Harbor and the large providers do it where tags are immutable. */
    @Test
    void aRepositoryThatKeepsItsTagsTakesTheSameImageAgain() throws Exception {
        start(JudgedRegistry.Kind.PLAIN);
        note().applied("hello", "semantic_tags = false");
        for (int i = 0; i < MANY; i++) {
            proxy().fault("PUT /v2/acme/note/manifests/v", FaultProxy.refusal(403, "DENIED", "tag is immutable"));
        }
        assertEquals("", noted(note().applied("hello", "semantic_tags = false")));
        for (Tool tool : List.of(Tool.CRANE, Tool.REGCTL)) { // as they have it
            String image = note().image();
            tools().output(
                            tool,
                            (tool == Tool.CRANE ? "copy %s %s" : "image copy %s %s")
                                    .formatted(image, image)
                                    .split(" "));
        }

        String digest = NoteUnit.pinned(note().applied("hello", "semantic_tags = false"))
                .replaceFirst(".*@", "");
        assertEquals("""
                warning: the registry does not allow the tag HOST/acme/note:v1.2 to name %1$s: DENIED: tag is immutable; \
                semantic_tags = false leaves such tags alone
                warning: the registry does not allow the tag HOST/acme/note:v1 to name %1$s: DENIED: tag is immutable; \
                semantic_tags = false leaves such tags alone
                """.formatted(digest), noted(note().applied("hello", "")));

        CommandLineRun moved = note().apply("other", "semantic_tags = false");
        assertEquals(6, moved.code(), moved::toString);
        assertEquals("""
                error: cannot push HOST/acme/note:v1.2.3
                  where: PUT http://HOST/v2/acme/note/manifests/v1.2.3 (403)
                  why:   DENIED: tag is immutable; the tag v1.2.3 names %s, and would name DIGEST
                  try:   choose another tag, or make the repository's tags mutable
                """.formatted(digest), error(moved).replaceFirst("name sha256:\\S+", "name DIGEST"));
    }

    private String noted(CommandLineRun run) {
        return run.err()
                .lines()
                .filter(line -> line.contains("warning:"))
                .map(line -> line.replaceFirst(".*?warning:", "warning:").replace(at(), "HOST") + "\n")
                .collect(Collectors.joining());
    }

    private String error(CommandLineRun run) {
        return run.err()
                .substring(run.err().indexOf("error:"))
                .replace(at(), "HOST")
                .replaceFirst("\\(/\\S+/config\\.json\\)", "(FILE)");
    }

    /** The others say no more than that it is not allowed. */
    @Test
    void aLoginThatMayOnlyReadIsReportedAsSuch() throws Exception {
        start(JudgedRegistry.Kind.TOKENS);
        note().applied("hello", "");
        registry().as(at(), JudgedRegistry.READER);
        String image = note().image();
        tools().output(Tool.CRANE, "validate", "--remote", image);
        CommandLineRun run = note().apply("other", "");
        assertEquals(6, run.code(), run::toString);
        assertEquals("""
                error: cannot push HOST/acme/note:v1.2.3
                  where: POST http://HOST/v2/acme/note/blobs/uploads/ (401)
                  why:   UNAUTHORIZED: authentication required; logged in as reader (FILE), without permission for this
                  try:   ask for access to HOST/acme/note, or log in as a user who has it: docker login HOST
                """, error(run));
        for (Tool tool : List.of(Tool.ORAS, Tool.REGCTL, Tool.SKOPEO)) {
            String command = switch (tool) {
                case REGCTL -> "image copy %s %s";
                case SKOPEO -> "copy docker://%s docker://%s";
                case ORAS, CRANE -> "copy %s %s";
            };
            String message = tools().refuses(
                            tool,
                            command.formatted(image, at() + "/acme/note:v2").split(" "));
            assertTrue(
                    message.contains("unauthorized") || message.contains("is denied"),
                    () -> tool + " said:\n" + message);
        }
    }

    @Test
    void aWrongPasswordReadsOtherwiseThanNone() throws Exception {
        start(JudgedRegistry.Kind.LOGIN);
        String start = """
                error: cannot look up HOST/acme/note:v1.2
                  where: GET http://HOST/v2/acme/note/manifests/v1.2 (401)
                  why:   UNAUTHORIZED: authentication required\
                """;
        CommandLineRun nobody = note().apply("hello", "");
        assertEquals(start + "\n  try:   run: docker login HOST\n", error(nobody));
        registry().as(at(), Base64.getEncoder().encodeToString("tester:top-secret".getBytes(UTF_8)));
        CommandLineRun wrong = note().apply("hello", "");
        assertEquals(
                start + "; logged in as tester (FILE)\n"
                        + "  try:   check that the password is still right, and log in again: docker login HOST\n",
                error(wrong));
        assertFalse(wrong.toString().contains("top-secret"));
    }
}
