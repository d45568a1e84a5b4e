package dev.talosforge.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.Problem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Answers of the registries that people use, and what is said of each:
 * {@code core/src/test/resources/registry-answers.txt}. Those of docker-registry were captured from Debian's 2.8.2 with
 * curl. The others are reconstructed: ghcr.io's, Docker Hub's limits, Quay's, GitLab's, ECR's missing repository and
 * immutable tag, and Harbor's right to push and immutable tag from what users show in public issues; zot's, Harbor's
 * missing artifact, Docker Hub's two refusals and ECR's expired login from how these servers are known to answer,
 * without a source at hand. Headers that do not matter were left out.
 */
@Tag("registry")
class RegistryAnswersTest {
    private static final Path FILE = Path.of("core/src/test/resources/registry-answers.txt");

    /** One answer of the file and what is to be said of it. */
    private record Case(String origin, String reference, int status, List<String> headers, String body, String said) {
        static Case parse(String text) {
            List<String> lines = text.strip().lines().toList();
            List<String> headers = new ArrayList<>();
            StringBuilder body = new StringBuilder();
            StringBuilder said = new StringBuilder();
            for (String line : lines.subList(3, lines.size())) {
                if (line.startsWith("> ")) {
                    said.append(line.substring(2)).append('\n');
                } else if (line.startsWith("< ")) {
                    headers.add(line.substring(2));
                } else {
                    body.append(line);
                }
            }
            return new Case(
                    lines.get(0),
                    lines.get(1),
                    Integer.parseInt(lines.get(2)),
                    List.copyOf(headers),
                    body.toString(),
                    said.toString());
        }
    }

    @Test
    void eachIsReportedWithItsOwnWordsAndWhatToDo() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String text : Files.readString(FILE).split("\n\n", -1)) {
            if (!text.isBlank() && !text.startsWith("#")) {
                cases.add(Case.parse(text));
            }
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Case one = cases.get(
                    Integer.parseInt(exchange.getRequestURI().getPath().substring(1)));
            for (String header : one.headers()) {
                exchange.getResponseHeaders().add(header.split(": ", 2)[0], header.split(": ", 2)[1]);
            }
            byte[] body = one.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(one.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (HttpTransport transport = new HttpTransport(TransportSettings.usual())) {
            for (int i = 0; i < cases.size(); i++) {
                Case one = cases.get(i);
                HttpAnswer answer = transport.send(HttpCall.get(URI.create(
                        "http://127.0.0.1:%d/%d".formatted(server.getAddress().getPort(), i))));
                ImageReference reference = ImageReference.parse(one.reference());
                Endpoint endpoint =
                        RegistrySettings.none().endpoints(reference, true).getFirst();
                Problem problem = RegistryErrors.refused("cannot push", reference, endpoint, answer, null)
                        .problems()
                        .getFirst();
                String said = "%s %s\n".formatted(problem.kind(), problem.why());
                assertEquals(
                        one.said(),
                        problem.remedy() == null ? said : said + "try: " + problem.remedy() + "\n",
                        one.origin() + ", answer " + i);
            }
        } finally {
            server.stop(0);
        }
        assertTrue(cases.size() > 20, "answers: " + cases.size());
    }
}
