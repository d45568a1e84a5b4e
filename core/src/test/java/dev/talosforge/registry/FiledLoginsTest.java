package dev.talosforge.registry;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Logins as Docker, podman and other tools leave them on a machine: which one is taken for an image, and what is said
 * of one that cannot be used.
 */
class FiledLoginsTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    private Path home;

    private static String auth(String login) {
        return "{\"auth\":\"%s\"}"
                .formatted(Base64.getEncoder().encodeToString(login.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private Path write(String name, String content) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, content);
    }

    private CredentialSource filed(String config) throws IOException {
        return new DockerCredentials(write("config.json", config), Map.of(), LIMIT);
    }

    private Problem problem(CredentialSource source, String name) {
        return assertThrows(BuildException.class, () -> source.find(name))
                .problems()
                .getFirst();
    }

    /** The order in the file decides nothing: it is tried both ways. */
    @ParameterizedTest
    @CsvSource({
        "reg.lan/acme/app,       app",
        "reg.lan/acme/other,     acme",
        "reg.lan/acme/app/deep,  app",
        "reg.lan/acme/apple,     acme",
        "reg.lan/acmecorp/app,   host",
        "reg.lan/team/app,       host",
        "reg.lan,                host",
        "reg.lan:5000/acme/app,  port",
        "plain.lan/team/app,     address",
        "plain.lan/acme/x,       plain-acme",
        "slash.lan/a,            slash",
        "only.lan/acme/app,      only",
        "only.lan/team/app,      nobody",
        "only.lan,               nobody",
        "v2.lan/v2/app,          v2-namespace",
        "docker.io/library/alpine, hub",
        "docker.io/acme/app,     hub-acme",
        "index.docker.io/x/y,    hub",
        "quay.io/a/b,            nobody",
    })
    void theLongestNameThatFitsIsTaken(String name, String user) throws Exception {
        Map<String, String> entries = new TreeMap<>(Map.ofEntries(
                Map.entry("reg.lan/acme/app", "app"),
                Map.entry("reg.lan/acme", "acme"),
                Map.entry("reg.lan", "host"),
                Map.entry("reg.lan:5000", "port"),
                Map.entry("https://plain.lan/v2/", "address"),
                Map.entry("plain.lan/acme", "plain-acme"),
                Map.entry("slash.lan/", "slash"),
                Map.entry("only.lan/acme", "only"),
                Map.entry("v2.lan/v2", "v2-namespace"),
                Map.entry("https://index.docker.io/v1/", "hub"),
                Map.entry("docker.io/acme", "hub-acme")));
        List<String> members = new java.util.ArrayList<>();
        entries.forEach((key, login) -> members.add("\"%s\":%s".formatted(key, auth(login + ":secret"))));
        Credentials expected = user.equals("nobody") ? Credentials.anonymous() : new Credentials.Login(user, "secret");
        assertEquals(
                expected,
                filed("{\"auths\":{" + String.join(",", members) + "}}").of(name));
        assertEquals(
                expected,
                filed("{\"auths\":{" + String.join(",", members.reversed()) + "}}")
                        .of(name));
    }

    @Test
    void anEmptyEntryLeavesItToTheShorterName() throws Exception {
        CredentialSource source =
                filed("{\"auths\":{\"reg.lan/acme\":{},\"reg.lan\":%s}}".formatted(auth("host:secret")));
        assertEquals(new Credentials.Login("host", "secret"), source.of("reg.lan/acme/app"));
    }

    @Test
    void entriesAreReadAsDockerReadsThem() throws Exception {
        String wrapped = Base64.getMimeEncoder(8, new byte[] {'\n'})
                .encodeToString("ada:a long password".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .replace("\n", "\\n");
        String zeros = Base64.getEncoder().encodeToString(new byte[] {'u', ':', 'p', 0, 0});
        CredentialSource source = filed(
                """
                {"auths":{
                  "wrapped.lan":{"auth":"%s\\n"},
                  "zeros.lan":{"auth":"%s"},
                  "beside.lan":{"username":"","password":"","auth":"%s"},
                  "differs.lan":{"username":"other","password":"other","auth":"%s"},
                  "names.lan":{"username":"u","password":"p:q"},
                  "null.lan":{"username":"u","password":"p","auth":null},
                  "identity.lan":{"auth":"%s","identitytoken":"i"},
                  "access.lan":{"registrytoken":"r"},
                  "colon.lan":{"auth":"%s"}
                }}""".formatted(wrapped, zeros, encoded("u:p"), encoded("u:p"), encoded("<token>:x"), encoded("u:p:q:")));
        Credentials login = new Credentials.Login("u", "p");
        assertEquals(new Credentials.Login("ada", "a long password"), source.of("wrapped.lan"));
        assertEquals(login, source.of("zeros.lan"));
        assertEquals(login, source.of("beside.lan"));
        assertEquals(login, source.of("differs.lan"));
        assertEquals(new Credentials.Login("u", "p:q"), source.of("names.lan"));
        assertEquals(login, source.of("null.lan"));
        assertEquals(new Credentials.RefreshToken("i"), source.of("identity.lan"));
        assertEquals(new Credentials.AccessToken("r"), source.of("access.lan"));
        assertEquals(new Credentials.Login("u", "p:q:"), source.of("colon.lan"));
        assertEquals("AccessToken[***]", source.of("access.lan").toString());
    }

    private static String encoded(String login) {
        return Base64.getEncoder().encodeToString(login.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void unusableLoginsAreReportedWithTheirFileAndNeverShown() throws Exception {
        Path file = home.resolve("config.json");
        CredentialSource broken = filed("{\"auths\":{\"a.lan\":{\"auth\":\"no*base64\"},\"b.lan\":{\"auth\":\"%s\"},"
                        .formatted(encoded("hunter2"))
                + "\"c.lan\":{\"auth\":7},\"good.lan\":%s}}".formatted(auth("u:p")));
        String remedy = "correct it, or remove it and log in again";
        for (Map.Entry<String, String> expected : Map.of(
                        "a.lan", "its \"auth\" is not base64",
                        "b.lan", "its \"auth\" is not USER:PASSWORD in base64: it has no colon",
                        "c.lan", "its \"auth\" is not a text")
                .entrySet()) {
            assertEquals(
                    Problem.failed(
                                    Problem.Kind.INVALID_INPUT,
                                    "cannot use the login for %s in %s".formatted(expected.getKey(), file))
                            .because(expected.getValue())
                            .trying(remedy),
                    problem(broken, expected.getKey() + "/acme/app"));
        }
        assertEquals(new Credentials.Login("u", "p"), broken.of("good.lan"));

        Map.of(
                        "{\"auths\":[]}", "its \"auths\" is not an object",
                        "{\"credsStore\":{}}", "its \"credsStore\" is not a text",
                        "{\"credHelpers\":\"pass\"}", "its \"credHelpers\" is not an object",
                        "{\"credHelpers\":{\"a.lan\":7}}", "it is not a text",
                        "{\"auths\":{\"a.lan\":\"hunter2\"}}", "it is not an object",
                        "{\"auths\":{\"a.lan\":{\"username\":7,\"password\":\"p\"}}}", "its \"username\" is not a text",
                        "{\"auths\":{\"a.lan\":{\"identitytoken\":[\"hunter2\"]}}}",
                                "its \"identitytoken\" is not a text")
                .forEach((json, why) -> assertEquals(
                        why,
                        assertDoesNotThrow(() -> problem(filed(json), "a.lan")).why(),
                        json));
        assertEquals(
                Credentials.anonymous(),
                filed("{\"auths\":null,\"credHelpers\":null,\"credsStore\":null}")
                        .of("a.lan"));

        Problem noJson = problem(filed("{\"auths\": hunter2}"), "a.lan");
        assertEquals("cannot read the logins in " + file, noJson.what());
        assertEquals("it is not JSON", noJson.why());
        assertFalse(noJson.toString().contains("hunter2"), noJson::toString);
        assertEquals("it is not a JSON object", problem(filed("[]"), "a.lan").why());
        assertEquals(Credentials.anonymous(), filed(" \n").of("a.lan"));

        Problem folder = problem(
                DockerCredentials.in(CredentialFiles.of(Map.of("DOCKER_CONFIG", file.toString()), 0L), Map.of(), LIMIT),
                "a.lan");
        assertEquals(file + " is a file; expected a folder", folder.why());
        assertEquals("export DOCKER_CONFIG=" + home, String.valueOf(folder.remedy()));
    }

    @Test
    void aVariableHoldsLoginsToo() throws Exception {
        Path file =
                write("config.json", "{\"auths\":{\"a.lan\":%s,\"b.lan\":%s}}".formatted(auth("file:p"), auth("b:p")));
        CredentialSource source = new DockerCredentials(
                file, Map.of("DOCKER_AUTH_CONFIG", "{\"auths\":{\"a.lan\":%s}}".formatted(auth("variable:p"))), LIMIT);
        assertEquals(
                new CredentialSource.Filed(new Credentials.Login("variable", "p"), "DOCKER_AUTH_CONFIG"),
                source.find("a.lan/x"));
        assertEquals(
                new CredentialSource.Filed(new Credentials.Login("b", "p"), file.toString()), source.find("b.lan/x"));
        Problem broken = problem(new DockerCredentials(file, Map.of("DOCKER_AUTH_CONFIG", "e2F1dGhz"), LIMIT), "a.lan");
        assertEquals("cannot read the logins in DOCKER_AUTH_CONFIG", broken.what());
        assertFalse(broken.toString().contains("e2F1"), broken::toString);
    }

    @Test
    void filesAreLookedAtInPodmansOrder() throws Exception {
        String config = home.resolve("etc").toString();
        String run = home.resolve("run").toString();
        assertEquals(
                List.of(Path.of("/x/auth.json")),
                CredentialFiles.of(
                        Map.of("REGISTRY_AUTH_FILE", "/x/auth.json", "DOCKER_CONFIG", "/d", "HOME", "/h"), 7L));
        assertEquals(
                List.of(Path.of("/d/config.json")),
                CredentialFiles.of(Map.of("DOCKER_CONFIG", "/d", "HOME", "/h", "XDG_RUNTIME_DIR", run), 7L));
        assertEquals(
                List.of(
                        Path.of(run, "containers/auth.json"),
                        Path.of(config, "containers/auth.json"),
                        Path.of("/h/.docker/config.json")),
                CredentialFiles.of(Map.of("HOME", "/h", "XDG_RUNTIME_DIR", run, "XDG_CONFIG_HOME", config), 7L));
        assertEquals(
                List.of(
                        Path.of("/run/containers/7/auth.json"),
                        Path.of("/h/.config/containers/auth.json"),
                        Path.of("/h/.docker/config.json")),
                CredentialFiles.of(Map.of("HOME", "/h", "REGISTRY_AUTH_FILE", "", "DOCKER_CONFIG", ""), 7L));
        assertEquals(List.of(), CredentialFiles.of(Map.of(), null));

        Path podman = write("run/containers/auth.json", "{\"auths\":{\"a.lan/acme\":%s}}".formatted(auth("podman:p")));
        Path docker = write(
                "docker/config.json",
                "{\"auths\":{\"a.lan/acme/app\":%s,\"a.lan\":%s}}".formatted(auth("app:p"), auth("docker:p")));
        CredentialSource both = DockerCredentials.in(List.of(podman, home.resolve("none"), docker), Map.of(), LIMIT);
        assertEquals(new Credentials.Login("podman", "p"), both.of("a.lan/acme/app"));
        assertEquals(new Credentials.Login("docker", "p"), both.of("a.lan/team/app"));
    }

    private void helper(String name, String script) throws IOException {
        Files.setPosixFilePermissions(
                write("bin/docker-credential-" + name, "#!/bin/sh\necho asked >> $0.log\n" + script + "\n"),
                PosixFilePermissions.fromString("rwx------"));
    }

    private long asked(String name) throws IOException {
        return Files.readAllLines(home.resolve("bin/docker-credential-%s.log".formatted(name)))
                .size();
    }

    @Test
    void aFailingHelperIsReportedInItsOwnWordsAndOnce() throws Exception {
        helper("sso", "echo 'the SSO session has expired'; exit 1");
        helper("loud", "echo 'cannot open the keyring' >&2; exit 3");
        helper("odd", "echo 'hunter2 is the password'");
        helper("long", "head -c 1048577 /dev/zero | tr '\\0' ' '; echo '{\"Username\":\"u\",\"Secret\":\"p\"}'");
        helper("empty", "echo 'credentials not found in native keychain'; exit 1");
        Path config = write("config.json", """
                {"credHelpers":{"sso.lan":"sso","loud.lan":"loud","odd.lan":"odd","long.lan":"long","none.lan":"empty","file.lan":""},
                 "credsStore":"desktop.exe",
                 "auths":{"file.lan":%s}}""".formatted(auth("u:p")));
        CredentialSource source =
                new DockerCredentials(config, Map.of("PATH", home.resolve("bin") + ":/usr/bin:/bin"), LIMIT);
        Problem expired = problem(source, "sso.lan/acme/app");
        assertEquals(
                Problem.failed(
                                Problem.Kind.ENVIRONMENT,
                                "cannot ask the credential helper docker-credential-sso for the login at sso.lan")
                        .because("it exited with code 1: the SSO session has expired")
                        .trying(
                                "make it work: echo sso.lan | docker-credential-sso get; or remove it from \"credHelpers\" in %s and log in again: docker login sso.lan"
                                        .formatted(config)),
                expired);
        assertEquals(expired, problem(source, "sso.lan/acme/other"));
        assertEquals(1, asked("sso"));
        assertEquals(
                "it exited with code 3: cannot open the keyring",
                problem(source, "loud.lan/x").why());
        assertEquals(
                "its answer is not in the form of Docker's helpers",
                problem(source, "odd.lan/x").why());
        assertEquals(
                "its answer is longer than 1048576 bytes",
                problem(source, "long.lan/x").why());
        assertEquals(
                "it is not installed: not found in PATH",
                problem(source, "other.lan/x").why());
        assertEquals(new Credentials.Login("u", "p"), source.of("file.lan/x"), "an empty helper stands for the file");
        write("config.json", "{\"credHelpers\":{\"none.lan\":\"empty\"}}");
        assertEquals(Credentials.anonymous(), source.of("none.lan/x"));
    }
}
