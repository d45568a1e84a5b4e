package dev.talosforge.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.AnsweringServer;
import dev.talosforge.support.AnsweringServer.Answer;
import dev.talosforge.support.AnsweringServer.Question;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A login that is wrong is sent once, however many images need it; one that lacks a right is no wrong one. */
@Tag("registry")
class WrongLoginTest {
    private static final String ADA = "Basic YWRhOnNlY3JldA=="; // ada:secret
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final CredentialSource SOURCE = new CredentialSource() {
        @Override
        public Credentials of(String name) {
            return new Credentials.Login("ada", "secret");
        }

        @Override
        public Filed find(String name) {
            return new Filed(of(name), "/home/ada/.docker/config.json");
        }
    };

    private static ImageReference image(AnsweringServer server, String repository) {
        return ImageReference.parse("%s/%s:v1".formatted(server.host(), repository));
    }

    private static Problem refused(RegistryClient client, ImageReference image) {
        return assertThrows(BuildException.class, () -> client.digest(image))
                .problems()
                .getFirst();
    }

    private static long sent(AnsweringServer server, String path) {
        return server.asked().stream()
                .filter(question -> question.path().startsWith(path)
                        && question.authorization().equals(ADA))
                .count();
    }

    @Test
    void aTokenServerIsAskedOnce() throws Exception {
        try (AnsweringServer server =
                new AnsweringServer(question -> question.path().equals("/token")
                        ? Answer.error(401, "UNAUTHORIZED")
                        : Answer.error(401, "UNAUTHORIZED")
                                .with("WWW-Authenticate", "Bearer realm=\"/token\",service=\"s\""))) {
            RegistryClient client = server.client(SOURCE);
            Problem first = refused(client, image(server, "acme/app"));
            assertEquals("UNAUTHORIZED; logged in as ada (/home/ada/.docker/config.json)", first.why());
            Problem second = refused(client, image(server, "acme/other"));
            assertEquals(first.why(), second.why());
            assertEquals("cannot look up " + image(server, "acme/other"), second.what());
            assertEquals(1, sent(server, "/token"));
        }
    }

    @Test
    void aHelperThatFailsEndsItAtOnce() throws Exception {
        BuildException missing = new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, "cannot ask the helper")
                .because("it is not installed"));
        try (AnsweringServer server = new AnsweringServer(basic(true, List.of()))) {
            RegistryClient client = server.client(_ -> {
                throw missing;
            });
            assertEquals(missing.problems().getFirst(), refused(client, image(server, "acme/app")));
            assertEquals(List.of("HEAD /v2/acme/app/manifests/v1"), server.lines());
        }
    }

    /** GitLab's answers 403 to everything that it does not like. */
    @Test
    void aTokenServerThatSays403IsAskedWhetherItKnowsTheLogin() throws Exception {
        for (boolean known : List.of(false, true)) {
            try (AnsweringServer server = new AnsweringServer(question -> {
                if (!question.path().equals("/token")) {
                    return Answer.error(401, "UNAUTHORIZED")
                            .with("WWW-Authenticate", "Bearer realm=\"/token\",service=\"s\"");
                }
                boolean scoped = question.query().contains("scope=");
                return known && !scoped
                        ? Answer.of(200, "{\"token\":\"t\"}")
                        : Answer.of(403, "HTTP Basic: Access denied");
            })) {
                RegistryClient client = server.client(SOURCE);
                for (String repository : List.of("acme/app", "acme/other", "acme/third")) {
                    assertTrue(refused(client, image(server, repository))
                            .why()
                            .startsWith("the server answered 403: HTTP Basic: Access denied; logged in as ada"));
                }
                long scoped = server.asked().stream()
                        .filter(question -> question.query().contains("scope="))
                        .map(Question::query)
                        .distinct()
                        .count();
                assertEquals(known ? 3 : 1, scoped, server.asked()::toString);
            }
        }
    }

    private static Function<Question, Answer> basic(boolean right, List<String> allowed) {
        return question -> {
            boolean known = question.authorization().equals(ADA) && right;
            boolean may = question.path().equals("/v2/")
                    || allowed.stream().anyMatch(path -> question.path().startsWith("/v2/" + path));
            return known && may
                    ? Answer.of(200, "").with("Docker-Content-Digest", DIGEST)
                    : Answer.error(401, "UNAUTHORIZED").with("WWW-Authenticate", "Basic realm=\"r\"");
        };
    }

    @Test
    void aPasswordThatOpensNothingIsSentOnce() throws Exception {
        try (AnsweringServer server = new AnsweringServer(basic(false, List.of()))) {
            RegistryClient client = server.client(SOURCE);
            for (String repository : List.of("acme/app", "acme/other", "team/app")) {
                Problem problem = refused(client, image(server, repository));
                assertEquals("UNAUTHORIZED; logged in as ada (/home/ada/.docker/config.json)", problem.why());
                assertEquals(
                        "check that the password is still right, and log in again: docker login " + server.host(),
                        String.valueOf(problem.remedy()));
            }
            assertEquals(1, sent(server, "/v2/acme/app/"));
            assertEquals(1, sent(server, "/v2/") - sent(server, "/v2/acme/app/"), server.asked()::toString);
        }
    }

    /** Some registries say 401 to those whom they know, too. */
    @Test
    void aMissingPermissionInOneRepositoryDoesNotStopOthers() throws Exception {
        try (AnsweringServer server = new AnsweringServer(basic(true, List.of("acme/")))) {
            RegistryClient client = server.client(SOURCE);
            refused(client, image(server, "team/app"));
            assertEquals(DIGEST, String.valueOf(client.digest(image(server, "acme/app"))));
            assertEquals(DIGEST, String.valueOf(client.digest(image(server, "acme/app"))));
        }
    }

    @Test
    void eachRepositoryIsAskedForByItsOwnLogin() throws Exception {
        try (AnsweringServer server = new AnsweringServer(basic(true, List.of("acme/")))) {
            Map<String, String> logins = Map.of(server.host() + "/acme/app", "ada", server.host() + "/team/app", "eve");
            RegistryClient client =
                    server.client(name -> new Credentials.Login(logins.getOrDefault(name, "nobody"), "secret"));
            refused(client, image(server, "team/app"));
            assertEquals(DIGEST, String.valueOf(client.digest(image(server, "acme/app"))));
            assertEquals(0, sent(server, "/v2/team/"));
        }
    }
}
