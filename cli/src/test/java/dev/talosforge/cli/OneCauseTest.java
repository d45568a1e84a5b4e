package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.text.ProblemGroups;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.support.AnsweringServer;
import dev.talosforge.support.AnsweringServer.Answer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that does not answer is told once, with all that needed it; JSON has each by itself. */
class OneCauseTest {
    /** Nobody listens there, and nobody who is not root could. */
    private static final String REGISTRIES = "{\"ghcr.io\":[{\"url\":\"http://127.0.0.1:1\"}]}";

    @TempDir
    private Path folder;

    private static Problem unreachable(String image, String host) {
        return Problem.failed(Problem.Kind.UNAVAILABLE, "cannot resolve " + image)
                .because("the name %s does not resolve".formatted(host))
                .at(new Where.Remote("GET", URI.create("https://%s/v2/%s/manifests/v1".formatted(host, image)), 0))
                .trying("run: getent hosts " + host);
    }

    @Test
    void failuresOfOneServerAreReportedTogether() {
        Problem input =
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use x").because("it is wrong");
        ProblemGroups groups = new ProblemGroups();
        assertEquals(
                """
                error: cannot resolve a
                  where: GET https://one.lan/v2/a/manifests/v1 (no answer)
                  why:   the name one.lan does not resolve
                  also:  cannot resolve c
                         cannot resolve d
                  try:   run: getent hosts one.lan
                error: cannot use x
                  why:   it is wrong
                error: cannot resolve b
                  where: GET https://two.lan/v2/b/manifests/v1 (no answer)
                  why:   the name two.lan does not resolve
                  try:   run: getent hosts two.lan
                """,
                String.join(
                        "",
                        groups.render(List.of(
                                unreachable("a", "one.lan"),
                                input,
                                unreachable("b", "two.lan"),
                                unreachable("c", "one.lan"),
                                unreachable("d", "one.lan"),
                                unreachable("c", "one.lan")))));
        assertEquals(
                """
                error: cannot resolve e
                  why:   as above, the name one.lan does not resolve
                """,
                String.join(
                        "", groups.render(List.of(input, unreachable("a", "one.lan"), unreachable("e", "one.lan")))));
    }

    /** That something does not exist has another cause for each. */
    @Test
    void whatIsMissingIsReportedOneByOne() {
        List<Problem> missing = List.of("a", "b").stream()
                .map(image -> Problem.failed(Problem.Kind.INVALID_INPUT, "cannot resolve " + image)
                        .because("MANIFEST_UNKNOWN")
                        .at(new Where.Remote("GET", URI.create("https://one.lan/v2/" + image), 404)))
                .toList();
        assertEquals(2, new ProblemGroups().render(missing).size());
    }

    private CommandLineRun run(String... arguments) throws Exception {
        Path unit = Files.createDirectories(folder.resolve("tree/images"));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "../modules//talos_images" }
                inputs = {
                  talos_version       = "v1.11.5"
                  installer_registry  = "registry.lan/acme/installer"
                  official_extensions = ["ghcr.io/siderolabs/crun:1.24", "ghcr.io/siderolabs/ctr:v2"]
                  iso_output_dir      = "iso"
                }
                """);
        return CommandLineRun.in(
                unit,
                new java.util.TreeMap<>(Map.of(
                        "HOME",
                        folder.toString(),
                        "PATH",
                        "/usr/bin:/bin",
                        "TALOS_FORGE_STORE",
                        folder.resolve("store").toString(),
                        "TALOS_FORGE_REGISTRIES",
                        REGISTRIES)),
                arguments);
    }

    private static long errors(CommandLineRun run) {
        return run.err().lines().filter(line -> line.startsWith("error:")).count();
    }

    @Test
    void aRegistryThatIsDownIsReportedOnce() throws Exception {
        CommandLineRun plan = run("plan");
        assertEquals(7, plan.code(), plan::toString);
        assertEquals(1, errors(plan), plan::toString);
        for (String image : List.of("imager:v1.11.5", "installer-base:v1.11.5", "crun:1.24", "ctr:v2")) {
            assertTrue(plan.err().contains("cannot resolve ghcr.io/siderolabs/" + image), plan::toString);
        }
        CommandLineRun json =
                run("run-all", "plan", "--report", folder.resolve("report.json").toString());
        assertEquals(1, errors(json), json::toString);
        JsonObject report = JsonReader.readObject("report", Files.readAllBytes(folder.resolve("report.json")));
        assertTrue(report.get("units") instanceof JsonArray, report::compact);
        assertEquals(
                4,
                ((JsonObject) report.items("units").getFirst())
                        .items("problems")
                        .size(),
                report::compact);
    }

    @Test
    void aCheckOfTheLockAsksWhoDoesNotAnswerOnce() throws Exception {
        CommandLineRun making = run("lock");
        assertEquals(7, making.code(), making::toString);
        assertEquals(1, errors(making), making::toString);

        String pin = "\"ghcr.io/siderolabs/%s\": {\"digest\": \"sha256:" + "a".repeat(64) + "\", \"size\": 7}";
        String pins = Stream.of("imager:v1.11.5", "installer-base:v1.11.5", "crun:1.24", "ctr:v2")
                .map(pin::formatted)
                .collect(Collectors.joining(",\n"));
        Files.writeString(
                folder.resolve("tree/images/talos.lock.json"),
                "{\"format\": 1, \"talos\": {\"v1.11.5\": {%s}}}".formatted(pins));
        CommandLineRun check = run("lock", "--check");
        assertEquals(7, check.code(), check::toString);
        assertEquals("""
                error: cannot look up ghcr.io/siderolabs/crun:1.24@DIGEST
                  where: HEAD http://127.0.0.1:1/v2/siderolabs/crun/manifests/DIGEST (no answer)
                  why:   127.0.0.1:1 refused the connection
                  also:  cannot look up ghcr.io/siderolabs/ctr:v2@DIGEST
                         cannot look up ghcr.io/siderolabs/imager:v1.11.5@DIGEST
                         cannot look up ghcr.io/siderolabs/installer-base:v1.11.5@DIGEST
                  try:   check that the server is running and the port is right
                """, check.err().replaceAll("sha256:a+", "DIGEST"));
    }

    @Tag("registry")
    @Test
    void tagsAreListedByTheCommand() throws Exception {
        try (AnsweringServer server =
                new AnsweringServer(question -> question.path().equals("/v2/acme/app/tags/list")
                        ? Answer.of(200, "{\"tags\":[\"v1.10.0\",\"v1.9.0\",\"latest\"]}")
                        : Answer.error(404, "NAME_UNKNOWN"))) {
            String name = server.host() + "/acme/app";
            assertEquals("latest\nv1.9.0\nv1.10.0\n", run("tags", name + ":v7").out());
            assertEquals(
                    "{\"format\":1,\"name\":\"%s\",\"tags\":[\"latest\",\"v1.9.0\",\"v1.10.0\"]}\n".formatted(name),
                    run("tags", name, "--json").out());
            CommandLineRun unknown = run("tags", server.host() + "/acme/other");
            assertEquals(2, unknown.code(), unknown::toString);
            assertTrue(unknown.err().startsWith("error: cannot list the tags of " + server.host()), unknown::toString);
            CommandLineRun wrong = run("tags", "https://x/y");
            assertEquals(2, wrong.code(), wrong::toString);
        }
    }
}
