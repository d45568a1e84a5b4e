package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.session.OpenTransports;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.StandardInput;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage as a Terraform module runs it: a request in, an object of texts out. */
class StageCommandTest {
    @TempDir
    Path folder = Path.of("");

    private final SortedMap<String, String> environment = new TreeMap<>();

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
        environment.put("TALOS_FORGE_STORE", folder.resolve("store").toString());
        environment.put("SOURCE_DATE_EPOCH", "1735689600");
        // Terragrunt sets these for the program that it runs.
        environment.put("TF_VAR_name", "other");
        environment.put("TF_WORKSPACE", "other");
        environment.put("TG_WORKING_DIR", "/nowhere");
    }

    private CommandLineRun run(String stdin, String... args) {
        return run(new StandardInput(new ByteArrayInputStream(stdin.getBytes(UTF_8)), false), args);
    }

    private CommandLineRun run(StandardInput in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                args,
                new ProcessEnvironment(
                        in,
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        environment,
                        false,
                        new OpenTransports()));
        return new CommandLineRun(code, out.toString(UTF_8), err.toString(UTF_8)).withoutFolder(folder);
    }

    private String request(String text, Json.Builder more) {
        String inputs = """
                {"name": "hello", "extension_version": "v1.0.0", "extension_registry": "oci:out", "extension_tag": "live",
                 "sources": [{"files": {"usr/local/share/hello.txt": "%s"}, "dir": null}]}
                """.formatted(text);
        return more.put("inputs", inputs)
                .put("folder", folder.toString())
                .put("name", "the unit")
                .build()
                .compact();
    }

    private static JsonObject answer(CommandLineRun run) throws IOException {
        assertEquals(0, run.code(), run::err);
        return JsonReader.readObject("answer", run.out().getBytes(UTF_8));
    }

    private static String member(JsonObject answer, String name) {
        return String.valueOf(answer.text(name));
    }

    @Test
    void aPlanShowsPartsUnderStableKeysAndChangesNothing() throws IOException {
        JsonObject plan = answer(run(request("hello", Json.object()), "stage", "talos_extension", "plan"));
        assertEquals(
                "[arrangement, digest, extension, extension_image, format, source_date, stage_revision, text_file usr/local/share/hello.txt]",
                plan.members().keySet().toString());
        assertEquals("hello v1.0.0", plan.text("extension"));
        assertEquals("oci:out:live", plan.text("extension_image"));
        assertEquals("1", plan.text("format"));
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void anApplyAnswersTheDigestOfItsPlanAndItsAnswerIsKeptOnRequest() throws IOException {
        environment.put(
                "TALOS_FORGE_REQUEST", request("hello", Json.object().put("outputs_file", folder + "/a/b.json")));
        JsonObject plan = answer(run("", "stage", "extension", "plan"));
        CommandLineRun applied = run("", "stage", "extension", "apply");
        JsonObject answer = answer(applied);
        assertEquals(
                "[digest, format, outputs, record]", answer.members().keySet().toString());
        assertEquals(plan.text("digest"), answer.text("digest"));
        assertTrue(member(answer, "outputs").contains("\"extension_version\":\"v1.0.0\""), applied::out);
        assertEquals(
                applied,
                new CommandLineRun(
                        0, Files.readString(folder.resolve("a/b.json")).replace(folder + "/", ""), applied.err()));
        assertEquals(plan, answer(run("", "stage", "extension", "plan")));
        environment.put(
                "TALOS_FORGE_REQUEST",
                request(
                        "hello",
                        Json.object()
                                .put(
                                        "record",
                                        member(
                                                JsonReader.readObject(
                                                        "answer", Files.readAllBytes(folder.resolve("a/b.json"))),
                                                "record"))));
        assertEquals(answer, answer(run("", "stage", "extension", "output")));
    }

    /** The rule that a tag moves only from what this unit published holds by what the caller hands in. */
    @Test
    void aTagMovesOnlyWithTheRecordOfWhatWasPublished() throws IOException {
        JsonObject first = answer(run(request("one", Json.object()), "stage", "extension", "apply"));
        CommandLineRun refused = run(request("two", Json.object()), "stage", "extension", "apply");
        assertEquals(6, refused.code(), refused::err);
        assertEquals("", refused.out());
        assertTrue(refused.err().contains("which is not this unit's last publication"), refused::err);
        answer(run(
                request("two", Json.object().put("record", member(first, "record"))), "stage", "extension", "apply"));
    }

    @Test
    void presentSeesWhatIsThere() throws IOException {
        CommandLineRun before = run(request("one", Json.object()), "stage", "extension", "present");
        assertEquals(
                "{\"format\":\"1\",\"missing\":\"oci:out:live is missing\",\"present\":\"false\",\"target oci:out:live\":\"missing\"}\n",
                before.out());
        String record = member(answer(run(request("one", Json.object()), "stage", "extension", "apply")), "record");
        assertEquals(
                "{\"format\":\"1\",\"missing\":\"\",\"present\":\"true\",\"target oci:out:live\":\"present\"}\n",
                run(request("one", Json.object().put("record", record)), "stage", "extension", "present")
                        .out());
        answer(run(request("two", Json.object().put("record", record)), "stage", "extension", "apply"));
        JsonObject moved =
                answer(run(request("one", Json.object().put("record", record)), "stage", "extension", "present"));
        assertEquals("false", moved.text("present"));
        assertTrue(member(moved, "target oci:out:live").startsWith("other sha256:"), moved::compact);
    }

    @Test
    void problemsNameTheVariable() throws IOException {
        Files.writeString(
                folder.resolve("in.json"),
                "{\"iso_name\": \"a.iso\", \"proxmox_node_names\": \"pve\", \"is_path\": \"x\"}");
        CommandLineRun run = run(
                "", "-C", folder.toString(), "stage", "proxmox_upload", "plan", "--inputs", "in.json", "--name", "iso");
        assertEquals("""
                error: cannot use input "iso_path" of iso
                  where: var.iso_path
                  why:   it is not set
                  try:   rename "is_path" to "iso_path"
                error: cannot use input "proxmox_datastore_id" of iso
                  where: var.proxmox_datastore_id
                  why:   it is not set
                error: cannot use input "proxmox_node_names" of iso
                  where: var.proxmox_node_names
                  why:   it is text, expected a list of texts
                  try:   write proxmox_node_names = ["pve"]
                error: unknown input "is_path" of iso
                  where: var.is_path
                  why:   no input has this name
                  try:   did you mean "iso_path"?
                """, run.err());
        assertEquals(new CommandLineRun(2, "", run.err()), run);
    }

    /** In a tree it would be reported that no unit builds the ISO; here a module hands it on. */
    @Test
    void anUploadIsPlannedByItsContentAndNothingIsSaidOfItsPlace() throws IOException {
        Files.writeString(folder.resolve("x.iso"), "content");
        Files.writeString(
                folder.resolve("in.json"),
                "{\"iso_path\": \"x.iso\", \"iso_name\": \"a.iso\", \"proxmox_datastore_id\": \"store\", \"proxmox_node_names\": [\"pve\"]}");
        CommandLineRun run = run("", "-C", folder.toString(), "stage", "proxmox_upload", "plan", "--inputs", "in.json");
        assertEquals("", run.err());
        JsonObject plan = answer(run);
        assertEquals(
                "[digest, format, iso_content, proxmox_node_names, proxmox_volume]",
                plan.members().keySet().toString());
        assertEquals(
                "sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73", plan.text("iso_content"));
    }

    /** What the runner recorded there before would replace the module's state. */
    @Test
    void aStateThatTerragruntCopiesIsRefused() throws IOException {
        Path working = Files.createDirectories(folder.resolve("unit/.terragrunt-cache/a/b/talos_extension"));
        Path state = Files.writeString(folder.resolve("unit/terraform.tfstate"), "{}");
        String request = Json.object()
                .put(
                        "inputs",
                        "{\"name\": \"a\", \"extension_version\": \"v1\", \"extension_registry\": \"oci:out\", "
                                + "\"sources\": [{\"files\": {\"usr/local/share/a\": \"\"}}]}")
                .put("folder", working.toString())
                .build()
                .compact();
        assertEquals(0, run(request, "stage", "extension", "plan").code());
        Files.writeString(folder.resolve("unit/terraform.tfstate.forge.json"), "{}");
        CommandLineRun refused = run(request, "stage", "extension", "plan");
        assertEquals(2, refused.code(), refused::toString);
        assertEquals("""
                error: cannot use the module of talos_extension
                  why:   before each run, Terragrunt copies unit/terraform.tfstate over the state of the module, which loses what an apply recorded there
                  try:   write the module for this unit again, which moves the state, or move it away: mv 'unit/terraform.tfstate' 'unit/.terraform.tfstate.moved'
                """, refused.err());
        Files.delete(state);
        assertEquals(0, run(request, "stage", "extension", "plan").code());
    }

    @Test
    void anIsoThatIsOnAnotherMachineIsPlannedByItsDigest() throws IOException {
        String inputs =
                "{\"iso_path\": \"x.iso\", \"iso_sha256\": \"%s\", \"iso_name\": \"a.iso\", \"proxmox_datastore_id\": \"store\", \"proxmox_node_names\": [\"pve\"]}";
        String digest = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";
        Files.writeString(folder.resolve("in.json"), inputs.formatted(digest));
        CommandLineRun run = run("", "-C", folder.toString(), "stage", "proxmox_upload", "plan", "--inputs", "in.json");
        JsonObject elsewhere = answer(run);
        assertEquals("sha256:" + digest, elsewhere.text("iso_content"));
        Files.writeString(folder.resolve("x.iso"), "content");
        assertEquals(
                elsewhere,
                answer(run("", "-C", folder.toString(), "stage", "proxmox_upload", "plan", "--inputs", "in.json")));
        Files.writeString(folder.resolve("x.iso"), "Content");
        String refused = """
                error: cannot upload x.iso
                  why:   its SHA-256 is 47bd29075f8b8019f0beec6d86beda7c9bf67aaf05053dcbe0b3bcb63968517f, but iso_sha256 is %s
                  try:   build it again, or correct iso_path or iso_sha256
                """.formatted(digest);
        assertEquals(new CommandLineRun(4, "", refused), failing("proxmox_upload", "plan", inputs.formatted(digest)));
        assertEquals(
                new CommandLineRun(2, "", """
                error: cannot use input "iso_sha256" of talos_proxmox_upload
                  where: var.iso_sha256
                  why:   it is not a SHA-256, which has 64 hexadecimal digits
                """),
                failing("proxmox_upload", "plan", inputs.formatted("sha256:" + digest)));
    }

    @Test
    void twoVersionsAreAProblem() throws IOException {
        Files.writeString(folder.resolve("in.json"), """
                {"name": "a", "version": "v1", "extension_version": "v2", "extension_registry": "oci:out",
                 "sources": [{"files": {"usr/local/share/a": ""}}]}
                """);
        assertEquals(
                """
                error: cannot use input "extension_version" of talos_extension
                  where: var.extension_version
                  why:   it is "v2", but version is "v1": set only one of them
                """,
                run("", "-C", folder.toString(), "stage", "extension", "plan", "--inputs", "in.json")
                        .err());
    }

    /** Nothing listens there: Terragrunt's retryable_errors find the word in the text, or in the line. */
    @Test
    void whatMayBeRetriedHasAFixedWord() throws IOException {
        Files.writeString(folder.resolve("in.json"), """
                {"talos_version": "v1.11.5", "installer_registry": "oci:out", "imager_image": "127.0.0.1:1/a/b:v1",
                 "base_installer_image": "127.0.0.1:1/a/b:v1"}
                """);
        List<String> plan = List.of("-C", folder.toString(), "stage", "images", "plan", "--inputs", "in.json");
        CommandLineRun text = run("", plan.toArray(String[]::new));
        assertEquals(7, text.code(), text::err);
        assertTrue(text.err().endsWith("\ntalos-forge-unavailable: running it again can help\n"), text::err);
        List<String> json = new java.util.ArrayList<>(plan);
        json.add("--json");
        CommandLineRun line = run("", json.toArray(String[]::new));
        assertEquals(7, line.code(), line::err);
        String last = line.err().lines().toList().getLast();
        JsonObject problems = JsonReader.readObject("line", last.getBytes(UTF_8));
        assertEquals("[type, problems, retry]", problems.members().keySet().toString());
        assertEquals("talos-forge-unavailable", problems.text("retry"));
    }

    @Test
    void outputsAreThoseOfARecord() {
        assertEquals(
                new CommandLineRun(2, "", """
                error: cannot show the outputs of the unit
                  why:   the request has no record of an apply
                  try:   send the record of the last apply's answer with the inputs; if it is lost, apply again
                """), run(request("hello", Json.object()), "stage", "extension", "output"));
    }

    /** Nothing is read from it: whoever types would wait for ever. */
    @Test
    void aTerminalIsNotWaitedFor() {
        InputStream unread = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read");
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return read();
            }
        };
        StandardInput terminal = new StandardInput(unread, true);
        assertEquals(new CommandLineRun(2, "", """
                error: cannot read a request
                  why:   stdin is a terminal; the inputs are expected there as JSON, from another program
                  try:   write the inputs into a file, such as {"talos_version": "v1.11.5", "installer_registry": "ghcr.io/acme/installer"}, and run: talos-forge stage images present --inputs FILE
                """), run(terminal, "stage", "images", "present"));
        assertTrue(run(terminal, "stage", "extension", "plan").err().contains("\"sources\": [{\"dir\": \"rootfs\"}]"));
        assertTrue(run(terminal, "stage", "proxmox_upload", "plan").err().contains("\"iso_path\": \"talos.iso\""));
        environment.put("TALOS_FORGE_REQUEST", request("hello", Json.object()));
        assertEquals(0, run(terminal, "stage", "extension", "plan").code());
    }

    /** As by Ctrl-C while the other program writes nothing. */
    @Test
    void waitingForTheRequestIsInterruptedWithoutAWord() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                reads.countDown();
                try {
                    ended.await(); // what interrupts the command does not interrupt a read of the system
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        };
        AtomicReference<CommandLineRun> run = new AtomicReference<>();
        Thread command = Thread.ofPlatform()
                .start(() -> run.set(run(new StandardInput(silent, false), "stage", "images", "plan")));
        reads.await();
        command.interrupt();
        command.join();
        ended.countDown();
        assertEquals(new CommandLineRun(130, "", ""), run.get());
    }

    private CommandLineRun failing(String stage, String action, String inputs) throws IOException {
        Files.writeString(folder.resolve("in.json"), inputs);
        CommandLineRun run = run("", "-C", folder.toString(), "stage", stage, action, "--inputs", "in.json");
        assertEquals("", run.out());
        return run;
    }

    /** There is no tree: no lock, no other unit, no command that needs them, and no options. */
    @Test
    void remediesAreThoseOfARequest() throws IOException {
        String upload =
                "{\"iso_path\": \"x.iso\", \"iso_name\": \"a.iso\", \"proxmox_datastore_id\": \"store\", \"proxmox_node_names\": [\"pve\"]}";
        assertEquals(new CommandLineRun(2, "", """
                error: cannot upload x.iso
                  why:   there is no such file
                  try:   correct iso_path
                """), failing("proxmox_upload", "apply", upload));
        String extension =
                "{\"name\": \"a\", \"version\": \"v1\", \"extension_registry\": \"oci:out\", \"extension_tag\": \"live\", \"sources\": [%s]}";
        assertEquals(
                new CommandLineRun(2, "", """
                error: cannot use registry.test/acme/tool:v1
                  why:   it has no digest
                  try:   add its digest, NAME:TAG@sha256:…
                """),
                failing("extension", "plan", extension.formatted("{\"image\": \"registry.test/acme/tool:v1\"}")));
        String files = "{\"files\": {\"usr/local/share/a\": \"%s\"}}";
        assertEquals(
                0,
                run(
                                "{\"folder\": \"%s\", \"inputs\": %s}"
                                        .formatted(folder, extension.formatted(files.formatted("one"))),
                                "stage",
                                "extension",
                                "apply")
                        .code());
        CommandLineRun moved = failing("extension", "apply", extension.formatted(files.formatted("two")));
        assertEquals(
                "  try:   choose another tag, or allow this one to move: overwrite_tag = true, or send the record of the apply that published it",
                moved.err().lines().toList().getLast());
        Files.writeString(folder.resolve("file"), "");
        environment.put("TALOS_FORGE_STORE", folder.resolve("file/store").toString());
        assertEquals(
                "  try:   use a writable folder: export TALOS_FORGE_STORE=DIR",
                failing("extension", "apply", extension.formatted(files.formatted("two")))
                        .err()
                        .lines()
                        .toList()
                        .getLast());
    }

    @Test
    void whatBelongsToATreeIsRefused() {
        assertEquals("""
                error: cannot use --var
                  why:   it is for a tree, and stage reads none
                """, run("", "stage", "images", "plan", "--var", "a=b").err());
        assertEquals("""
                error: cannot use the stage "iso"
                  why:   it is not talos_extension, talos_images or talos_proxmox_upload
                """, run("", "stage", "iso", "plan").err());
    }
}
