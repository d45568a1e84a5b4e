package dev.talosforge.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.AnsweringServer;
import dev.talosforge.support.AnsweringServer.Answer;
import dev.talosforge.support.AnsweringServer.Question;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tags of a repository, in pages as registries make them, and in the order in which people read them. */
@Tag("registry")
class TagListTest {
    private static final String FIRST = "/v2/acme/app/tags/list?n=1000";

    private static Answer page(String... tags) {
        return Answer.of(200, "{\"name\":\"acme/app\",\"tags\":[\"%s\"]}".formatted(String.join("\",\"", tags)));
    }

    private static ImageReference image(AnsweringServer server) {
        return ImageReference.parse(server.host() + "/acme/app:v9");
    }

    private static List<String> tags(AnsweringServer server) throws InterruptedException {
        return server.client(_ -> Credentials.anonymous()).tags(image(server));
    }

    /** The second page of each, by what leads there. */
    private static Function<Question, Answer> linked(String link) {
        return question -> question.query().equals("n=1000") ? page("a", "b").with("Link", link) : page("c");
    }

    @Test
    void whatALinkLeadsToIsAskedForOnTheSameServer() throws Exception {
        for (String link : List.of(
                "</v2/acme/app/tags/list?last=b&n=1000>; rel=\"next\"",
                "<list?last=b&n=1000>; rel=next",
                "<https://inside.lan:5000/v2/acme/app/tags/list?last=b&n=1000>; title=\"x\"; rel=\"next\"",
                "</v2/first>; rel=\"first\", </v2/acme/app/tags/list?last=b&n=1000>; rel=\"next\"")) {
            try (AnsweringServer server = new AnsweringServer(linked(link))) {
                assertEquals(List.of("a", "b", "c"), tags(server), link);
                assertEquals(List.of("GET " + FIRST, "GET /v2/acme/app/tags/list?last=b&n=1000"), server.lines(), link);
            }
        }
        try (AnsweringServer server = new AnsweringServer(linked("<http://[>; rel=\"next\""))) {
            assertEquals(List.of("a", "b", "c"), tags(server));
            assertEquals(List.of("GET " + FIRST, "GET " + FIRST + "&last=b"), server.lines());
        }
        try (AnsweringServer server = new AnsweringServer(linked("</v2/first>; rel=\"first\""))) {
            assertEquals(List.of("a", "b"), tags(server), "no next one");
        }
    }

    @Test
    void aRepositoryWithoutTagsHasNone() throws Exception {
        for (String body : List.of("{\"name\":\"acme/app\",\"tags\":null}", "{\"tags\":[]}", "{}")) {
            try (AnsweringServer server = new AnsweringServer(_ -> Answer.of(200, body))) {
                assertEquals(List.of(), tags(server));
            }
        }
    }

    private static Problem refused(Function<Question, Answer> answers) throws Exception {
        try (AnsweringServer server = new AnsweringServer(answers)) {
            Problem problem = assertThrows(BuildException.class, () -> tags(server))
                    .problems()
                    .getFirst();
            assertEquals("cannot list the tags of " + image(server).name(), problem.what());
            return problem;
        }
    }

    @Test
    void pagesWithoutAnEndAreGivenUp() throws Exception {
        Problem circle = refused(_ -> page("a").with("Link", "<" + FIRST + ">; rel=\"next\""));
        assertEquals("list of tags: its pages form a loop", circle.why());
        Problem endless = refused(question -> page("a" + question.query())
                .with("Link", "<" + FIRST + "&last=x" + question.query().length() + ">; rel=\"next\""));
        assertEquals(Problem.Kind.BAD_ARTIFACT, endless.kind());
    }

    @Test
    void whatIsNotAListIsReported() throws Exception {
        assertEquals(
                "the server answered with a web page, which no registry does",
                refused(_ -> Answer.of(200, "<html>log in</html>").with("Content-Type", "text/html"))
                        .why());
        Problem unknown = refused(_ -> Answer.error(404, "NAME_UNKNOWN"));
        assertEquals(Problem.Kind.INVALID_INPUT, unknown.kind());
    }

    @Test
    void versionsAreInTheOrderOfTheirAge() {
        List<String> expected = List.of(
                "edge",
                "latest",
                "sha256-0a.sig",
                "0.9",
                "1",
                "v1",
                "v1.2",
                "v1.2.0-alpha.2",
                "v1.2.0-alpha.10",
                "v1.2.0-rc.1",
                "1.2.0",
                "v1.2.0",
                "v1.2.0.1",
                "v1.9.0",
                "v1.10.0-beta.0",
                "v1.10.0",
                "v1.10.0+build",
                "v1.11.5",
                "20240101");
        List<String> mixed = new ArrayList<>(expected);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(mixed, new Random(i));
            mixed.sort(new TagOrder());
            assertEquals(expected, mixed);
        }
    }
}
