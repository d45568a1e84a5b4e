package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.lab.pve.PveEndpoint;
import dev.talosforge.lab.pve.PveSettings;
import dev.talosforge.lab.pve.PveWorld;
import dev.talosforge.testkit.SpecRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage that another program runs, against a registry and against Proxmox. */
@Tag("registry")
class StageRemoteTest {
    private static final String SECRET = "22222222-2222-4222-8222-222222222222";

    /** Of all endpoints: keys take a while. */
    @TempDir
    static Path certificates = Path.of("");

    @TempDir
    Path folder = Path.of("");

    private final SortedMap<String, String> environment = new TreeMap<>();

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        environment.put("SOURCE_DATE_EPOCH", "1735689600");
    }

    private CommandLineRun run(String stage, String action, String inputs, String record) {
        environment.put(
                "TALOS_FORGE_REQUEST",
                Json.object()
                        .put("inputs", inputs)
                        .put("record", record)
                        .build()
                        .compact());
        CommandLineRun run =
                CommandLineRun.in(folder, environment, "stage", stage, action).withoutFolder(folder);
        return new CommandLineRun(
                run.code(), run.out(), run.err().replaceAll("(https?)://(localhost|127\\.0\\.0\\.1):[0-9]+/", "URL/"));
    }

    private static JsonObject answer(CommandLineRun run) throws IOException {
        assertEquals(0, run.code(), run::err);
        return JsonReader.readObject("answer", run.out().getBytes(UTF_8));
    }

    @Test
    void aTagMayMoveOrGo() throws IOException {
        try (SpecRegistry registry = SpecRegistry.start()) {
            String place = registry.host() + "/acme/hello:v1";
            String inputs = """
                    {"name": "hello", "version": "v1", "extension_registry": "%s/acme/hello",
                     "sources": [{"files": {"usr/local/share/hello.txt": "one"}}]}
                    """.formatted(registry.host());
            String record =
                    String.valueOf(answer(run("extension", "apply", inputs, "")).text("record"));
            JsonObject there = answer(run("extension", "present", inputs, record));
            assertEquals("present", there.text("target " + place));
            String tag = "/v2/acme/hello/manifests/v1";
            registry.put(tag, "another".getBytes(UTF_8));
            JsonObject moved = answer(run("extension", "present", inputs, record));
            String other = "sha256:ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5";
            assertEquals("other " + other, moved.text("target " + place));
            String missing = String.valueOf(moved.text("missing"));
            assertTrue(missing.startsWith(place + " names sha256:ae448ac86c4e now, not sha256:"), missing);
            registry.remove(tag);
            JsonObject gone = answer(run("extension", "present", inputs, record));
            assertEquals("missing", gone.text("target " + place));
            assertEquals(place + " is missing", gone.text("missing"));
        }
    }

    /** The image is published: what is known of it must not be lost with a tag that follows it. */
    @Test
    void theAnswerIsKeptIfOnlyATagThatFollowsFails() throws IOException {
        Path file = folder.resolve("answer.json");
        try (SpecRegistry registry = SpecRegistry.start()) {
            environment.put("TALOS_FORGE_REQUEST", """
                    {"outputs_file": "%s", "inputs": {"name": "hello", "version": "v1.0.0",
                     "extension_registry": "%s/acme/hello", "extension_tag": "live",
                     "semantic_tags": true, "sources": [{"files": {"usr/local/share/hello.txt": "one"}}]}}
                    """.formatted(file, registry.host()));
            registry.refuse("PUT /v2/acme/hello/manifests/v1", -1, 401, 1000);
            CommandLineRun failed = CommandLineRun.in(folder, environment, "stage", "extension", "apply");
            assertEquals(6, failed.code(), failed::err);
            assertEquals("", failed.out());
            assertNotNull(registry.content("/v2/acme/hello/manifests/live"));
            assertEquals(null, registry.content("/v2/acme/hello/manifests/v1"));
            String kept = Files.readString(file);
            JsonObject answer = JsonReader.readObject("answer", kept.getBytes(UTF_8));
            assertTrue(String.valueOf(answer.text("outputs")).contains("\"extension_version\":\"v1.0.0\""), kept);
        }
    }

    private PveEndpoint start(boolean enabled, boolean secondOnline, boolean shared) throws Exception {
        return start(
                enabled,
                secondOnline,
                shared,
                Set.of("Datastore.AllocateTemplate", "Datastore.Audit", "Datastore.Allocate"));
    }

    private PveEndpoint start(boolean enabled, boolean secondOnline, boolean shared, Set<String> rights)
            throws Exception {
        PveWorld world = new PveWorld(
                List.of(new PveWorld.Node("pve1", true), new PveWorld.Node("pve2", secondOnline)),
                List.of(PveWorld.Storage.forIsos("resources", "dir", shared, 1L << 30)
                        .with(enabled, enabled)),
                List.of(new PveWorld.User("iso@pve", null, true)),
                List.of(new PveWorld.Token("iso@pve", "ci", SECRET, true, false)),
                Stream.of("iso@pve", "iso@pve!ci")
                        .flatMap(who -> Stream.of(
                                new PveWorld.Acl("/storage/resources", who, rights),
                                new PveWorld.Acl("/vms", who, Set.of("VM.Audit")),
                                new PveWorld.Acl("/access", who, Set.of("Sys.Audit"))))
                        .toList(),
                List.of());
        PveEndpoint endpoint = PveEndpoint.start(
                world,
                PveSettings.of(PveSettings.Release.CURRENT).with(Duration.ofSeconds(3), Duration.ofMillis(50)),
                new PveEndpoint.Place(folder.resolve("pve"), certificates, 0, InstantSource.system(), new Random(1)));
        environment.put("PROXMOX_VE_ENDPOINT", endpoint.uri().toString());
        environment.put("PROXMOX_VE_API_TOKEN", "iso@pve!ci=" + SECRET);
        environment.put("PROXMOX_VE_CA_FILE", endpoint.authority().toString());
        return endpoint;
    }

    private static final String UPLOAD = """
            {"iso_path": "talos.iso", "iso_name": "talos.iso", "proxmox_datastore_id": "resources",
             "proxmox_node_names": ["pve1", "pve2"]}
            """;
    private static final String ON = " resources:iso/talos.iso";

    private String states(String record) throws IOException {
        JsonObject answer = answer(run("proxmox_upload", "present", UPLOAD, record));
        return "%s, %s; %s"
                .formatted(answer.text("target pve1" + ON), answer.text("target pve2" + ON), answer.text("missing"));
    }

    private String uploaded() throws IOException {
        Files.writeString(folder.resolve("talos.iso"), "content");
        return String.valueOf(answer(run("proxmox_upload", "apply", UPLOAD, "")).text("record"));
    }

    private static Path stored(PveEndpoint endpoint, String node) {
        Path directory = endpoint.isoDirectory(node, "resources");
        assertNotNull(directory);
        return directory.resolve("talos.iso");
    }

    @Test
    void aFileMayBeReplacedOrGoOnOneNode() throws Exception {
        try (PveEndpoint endpoint = start(true, true, false)) {
            assertEquals(
                    "missing, missing; resources:iso/talos.iso on pve1 is missing; resources:iso/talos.iso on pve2 is missing",
                    states(""));
            String record = uploaded();
            assertEquals("present, present; ", states(record));
            Files.writeString(stored(endpoint, "pve1"), "of another size");
            Files.delete(stored(endpoint, "pve2"));
            String replaced = "other file, missing; resources:iso/talos.iso on pve1 is another file than was uploaded;"
                    + " resources:iso/talos.iso on pve2 is missing";
            assertEquals(replaced, states(record));
            // On another machine, with the ISO but without the record of uploads.
            Files.delete(folder.resolve("terraform.tfstate.uploads.json"));
            assertEquals(replaced, states(record));
        }
    }

    /** The unit has uploaded something else since the apply whose record it is. */
    @Test
    void aLaterUploadIsOtherContent() throws Exception {
        try (PveEndpoint _ = start(true, true, true)) {
            String record = uploaded();
            Files.writeString(folder.resolve("talos.iso"), "CONTENT");
            answer(run("proxmox_upload", "apply", UPLOAD, record));
            String other = "other sha256:65f23e22a9bfedda96929b3cfcb8b6d2fdd34a2e877ddb81f45d79ab05710e12";
            String contains = "resources:iso/talos.iso on %s contains sha256:65f23e22a9bf now, not sha256:ed7002b439e9";
            assertEquals(
                    "%s, %s; %s; %s".formatted(other, other, contains.formatted("pve1"), contains.formatted("pve2")),
                    states(record));
        }
    }

    /** In a tree, prune is named, which has none here. */
    @Test
    void warningsNameNoCommandOfATree() throws Exception {
        try (PveEndpoint _ = start(true, true, true, Set.of("Datastore.AllocateTemplate", "Datastore.Audit"))) {
            String record = uploaded();
            Files.writeString(folder.resolve("talos.iso"), "CONTENT");
            CommandLineRun run = run("proxmox_upload", "apply", UPLOAD, record);
            assertEquals(0, run.code(), run::err);
            assertTrue(run.err().contains(" remains beside it: deleting it needs Datastore.Allocate\n"), run::err);
        }
    }

    @Test
    void aNodeThatIsOfflineSaysNothing() throws Exception {
        String record;
        try (PveEndpoint _ = start(true, true, false)) {
            record = uploaded();
        }
        try (PveEndpoint _ = start(true, false, false)) {
            assertEquals("present, offline; ", states(record));
        }
    }

    @Test
    void aStorageThatIsDisabledCannotBeRead() throws Exception {
        try (PveEndpoint _ = start(false, true, false)) {
            assertEquals(new CommandLineRun(6, "", """
                    error: cannot list Proxmox storage resources
                      where: GET URL/api2/json/nodes/pve1/storage/resources/status (200)
                      why:   the storage is disabled
                      try:   pvesm set resources --disable 0
                    """), run("proxmox_upload", "present", UPLOAD, ""));
        }
    }

    @Test
    void anEndpointThatIsDownMayBeTriedAgain() throws Exception {
        start(true, true, false).close();
        CommandLineRun run = run("proxmox_upload", "present", UPLOAD, "");
        assertEquals(7, run.code(), run::err);
        assertEquals("", run.out());
        assertTrue(run.err().endsWith("\ntalos-forge-unavailable: running it again can help\n"), run::err);
    }

    private static String onAnotherMachine(String more) {
        return UPLOAD.strip().replaceFirst("}$", ", \"iso_sha256\": \"%s\"%s}".formatted(CONTENT, more));
    }

    /** SHA-256 of "content". */
    private static final String CONTENT = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";

    private void forget() throws IOException {
        Files.delete(folder.resolve("talos.iso"));
        Files.delete(folder.resolve("terraform.tfstate.uploads.json"));
    }

    private static final String NOT_KNOWN = """
            error: cannot upload talos.iso
              why:   there is no such file, and not every node is known to have its content already
              try:   correct iso_path
            """;

    /** The ISO was built and uploaded on another machine; its record is what the caller kept. */
    @Test
    void anApplyWithoutTheFileSucceedsIfNothingHasToBeSent() throws Exception {
        try (PveEndpoint endpoint = start(true, true, false)) {
            String record = uploaded();
            JsonObject before = answer(run("proxmox_upload", "output", UPLOAD, record));
            forget();
            JsonObject again = answer(run("proxmox_upload", "apply", onAnotherMachine(""), record));
            assertEquals(before.text("outputs"), again.text("outputs"));
            assertEquals(before.text("digest"), again.text("digest"));
            assertEquals(
                    before.text("digest"),
                    answer(run("proxmox_upload", "plan", onAnotherMachine(""), ""))
                            .text("digest"));
            assertEquals("present, present; ", states(record));
            CommandLineRun unknown = run("proxmox_upload", "apply", onAnotherMachine(""), "");
            assertEquals(
                    new CommandLineRun(2, "", NOT_KNOWN),
                    new CommandLineRun(unknown.code(), unknown.out(), unknown.err()));
            Files.delete(stored(endpoint, "pve2"));
            CommandLineRun gone = run("proxmox_upload", "apply", onAnotherMachine(""), record);
            assertEquals(new CommandLineRun(2, "", NOT_KNOWN), gone);
        }
    }

    /** No record is needed: the digest is in the name. */
    @Test
    void aNameByContentSaysWhatTheFileIs() throws Exception {
        String naming = ", \"proxmox_iso_name\": \"content\"";
        try (PveEndpoint _ = start(true, true, true)) {
            Files.writeString(folder.resolve("talos.iso"), "content");
            JsonObject sent = answer(run("proxmox_upload", "apply", onAnotherMachine(naming), ""));
            forget();
            JsonObject again = answer(run("proxmox_upload", "apply", onAnotherMachine(naming), ""));
            assertEquals(sent.text("outputs"), again.text("outputs"));
            // It got that name if the usual one was in use.
            JsonObject usual = answer(run("proxmox_upload", "apply", onAnotherMachine(""), ""));
            assertEquals(sent.text("outputs"), usual.text("outputs"));
        }
    }

    /** The state came here from another machine, and the ISO did not. */
    @Test
    void aTreeWithoutTheFileShowsNoChanges() throws Exception {
        Path unit = Files.createDirectories(folder.resolve("tree/registry"));
        Files.writeString(unit.resolve("talos.iso"), "content");
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "../modules/talos_proxmox_upload" }
                inputs = {
                  iso_path             = "talos.iso"
                  iso_name             = "talos.iso"
                  iso_sha256           = "%s"
                  proxmox_datastore_id = "resources"
                  proxmox_node_names   = ["pve1", "pve2"]
                }
                """.formatted(CONTENT));
        try (PveEndpoint _ = start(true, true, true)) {
            CommandLineRun applied = CommandLineRun.in(unit, environment, "apply");
            assertEquals(0, applied.code(), applied::err);
            Files.delete(unit.resolve("talos.iso"));
            Files.delete(unit.resolve("terraform.tfstate.uploads.json"));
            CommandLineRun plan = CommandLineRun.in(unit, environment, "plan", "--detailed-exitcode");
            assertEquals(0, plan.code(), plan::toString);
            CommandLineRun again = CommandLineRun.in(unit, environment, "apply");
            assertEquals(0, again.code(), again::err);
            assertTrue(again.err().contains("reused"), again::err);
        }
    }
}
