package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.cli.command.upkeep.DoctorCommand;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.pipeline.doctor.Diagnosis;
import dev.talosforge.pipeline.doctor.Diagnosis.Verdict;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that people read, from the first letter to the last: groups of doctor, stacks, tags on disk, a bad store. */
class WholeTextsTest {
    private static final String UNIT = ".terragrunt-stack/a";

    @TempDir
    Path folder = Path.of("");

    private Path live = Path.of("");
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void makeStack() throws IOException {
        Path root = folder.toRealPath();
        live = Files.createDirectories(root.resolve("live"));
        Files.createDirectories(root.resolve(".git"));
        environment.put("TALOS_FORGE_STORE", root.resolve("store").toString());
        Path note = Files.createDirectories(root.resolve("catalog/note"));
        Files.writeString(note.resolve("terragrunt.hcl"), """
                terraform { source = "${get_repo_root()}/modules//talos_extension" }
                inputs = {
                  name               = values.name
                  version            = "v1.0.0"
                  extension_registry = "oci:image"
                  sources            = [{ files = { "usr/local/share/note" = "hello" } }]
                }
                """);
        Files.writeString(live.resolve("terragrunt.stack.hcl"), """
                unit "a" {
                  source = "../catalog/note"
                  path   = "a"
                  values = { name = "first" }
                }
                """);
    }

    private CommandLineRun run(Path at, String... args) {
        CommandLineRun run = CommandLineRun.in(at, environment, args);
        return new CommandLineRun(run.code(), plain(run.out()), plain(run.err()));
    }

    private String plain(String text) {
        return text.replaceAll("sha256:[0-9a-f]{64}", "DIGEST")
                .replaceAll("sha256:[0-9a-f]{12}\\b", "SHORT")
                .replaceAll(" +\\d+\\.\\d s", "  SECONDS")
                .replace(java.util.Objects.requireNonNull(live.getParent()).toString(), "ROOT");
    }

    @Test
    void wordsOfStacks() {
        assertEquals(
                new CommandLineRun(
                        0, ".terragrunt-stack/a                  talos_extension\n1 unit, no problems\n", ""),
                run(live, "stack", "run", "validate"));
        String outputs = """
                  extension_digest   DIGEST
                  extension_image    oci:ROOT/live/.terragrunt-stack/a/image:v1.0.0@DIGEST
                  extension_version  v1.0.0
                """;
        assertEquals(
                new CommandLineRun(
                        0, """
                        .terragrunt-stack/a  applied
                        %sunit                 result    SECONDS
                        .terragrunt-stack/a  applied  SECONDS
                        1 applied
                        """.formatted(outputs).replace("result    SECONDS", "result        time  why"), """
                        .terragrunt-stack/a extension first              SHORT  SECONDS
                        .terragrunt-stack/a write image                  SHORT  SECONDS
                        .terragrunt-stack/a  the tag oci:ROOT/live/.terragrunt-stack/a/image:v1.0 names DIGEST
                        .terragrunt-stack/a  the tag oci:ROOT/live/.terragrunt-stack/a/image:v1 names DIGEST
                        """),
                run(live, "stack", "run", "apply"));
        assertEquals(new CommandLineRun(0, ".terragrunt-stack/a\n" + outputs, ""), run(live, "stack", "output"));
        assertEquals(
                new CommandLineRun(0, "v1\nv1.0\nv1.0.0\n", ""),
                run(live, "tags", "oci:" + live.resolve(UNIT).resolve("image")));
        for (String word : List.of("generate", "clean")) {
            assertEquals(new CommandLineRun(3, "", """
                            error: cannot stack "%1$s"
                              why:   units of stacks are read where Terragrunt would generate them; nothing needs to be generated
                              try:   skip it, and run: talos-forge run-all plan   (for Terragrunt itself: terragrunt stack %1$s)
                            """.formatted(word)), run(live, "stack", word));
        }
        assertEquals(new CommandLineRun(2, "", """
                        error: cannot stack "run"
                          why:   it is not run COMMAND or output
                          try:   run: talos-forge stack --help
                        """), run(live, "stack", "run"));
    }

    /** In the folder that Terragrunt would make, which is nowhere on the disk before it is applied. */
    @Test
    void aUnitThatOnlyAStackMakesHasItsFoldersName() {
        Path at = live.resolve(UNIT);
        assertEquals(
                new CommandLineRun(
                        0, "a                                    talos_extension\n1 unit, no problems\n", ""),
                run(at, "validate"));
        assertEquals(0, run(at, "apply").code());
        assertEquals(
                new CommandLineRun(
                        0,
                        "{\"extension_digest\":\"DIGEST\",\"extension_image\":\"oci:ROOT/live/.terragrunt-stack/a/image:v1.0.0@DIGEST\",\"extension_version\":\"v1.0.0\"}\n",
                        ""),
                run(at, "output", "--json"));
        assertEquals(new CommandLineRun(0, "v1.0.0\n", ""), run(at, "output", "--raw", "extension_version"));
        assertEquals("a", run(at, "plan").out().split("\\s", 2)[0]);
    }

    @Test
    void tagsOfAnImageThatIsMissing() {
        assertEquals(
                new CommandLineRun(
                        2, "", "error: cannot list the names in oci:ROOT/none\n  why:   there is no ROOT/none\n"),
                run(live, "tags", "oci:" + live.resolveSibling("none")));
    }

    @Test
    void aStoreThatCannotBeOpened() throws IOException {
        Files.writeString(live.resolve("file"), "");
        assertEquals(
                new CommandLineRun(5, "", """
                        error: cannot open the store ROOT/live/file/store
                          why:   ROOT/live/file/store: Not a directory
                          try:   use a writable folder: --store DIR, or export TALOS_FORGE_STORE=DIR
                        """),
                run(live, "--store", live.resolve("file/store").toString(), "plan"));
        environment.put("TALOS_FORGE_STORE", "");
        environment.put("HOME", live.resolve("file").toString());
        assertEquals(new CommandLineRun(5, "", """
                        error: cannot open the store ROOT/live/file/.cache/talos-forge
                          why:   ROOT/live/file/.cache: Not a directory (HOME is ROOT/live/file)
                          try:   use a writable folder: --store DIR, or export TALOS_FORGE_STORE=DIR
                        """), run(live, "plan"));
    }

    /** A variable that names something else than a file of its kind is named with it. */
    @Test
    void filesThatVariablesName() throws IOException {
        for (String variable : List.of("TALOS_FORGE_REGISTRIES", "TALOS_FORGE_CA_FILE")) {
            environment.put(variable, live.toString());
            assertEquals(new CommandLineRun(2, "", """
                            error: cannot use %s, which names ROOT/live
                              why:   ROOT/live: Is a directory
                            """.formatted(variable)), run(live, "tags", "localhost:1/a"));
            environment.remove(variable);
        }
        Files.writeString(live.resolve("ca.pem"), "x");
        environment.put("TALOS_FORGE_CA_FILE", live.resolve("ca.pem").toString());
        assertEquals(new CommandLineRun(2, "", """
                        error: cannot use TALOS_FORGE_CA_FILE, which names ROOT/live/ca.pem
                          why:   ROOT/live/ca.pem: not a PEM file of certificates: No certificate data found
                        """), run(live, "tags", "localhost:1/a"));
        assertEquals(new CommandLineRun(2, "", """
                        error: cannot work in ROOT/live/terragrunt.stack.hcl
                          why:   it is a file
                          try:   use the folder that contains it
                        """), run(live, "plan", "terragrunt.stack.hcl"));
    }

    private static Diagnosis wrong(String subject, String what, String why, Kind kind, String remedy) {
        return new Diagnosis(subject, Verdict.WRONG, what, why, kind, new Remedy.Text(remedy), null);
    }

    /** What one server is the cause of is told once, with all that it stopped; what the tree is, is told each time. */
    @Test
    void groupsOfDoctor() {
        String why = "the name r.example does not resolve";
        String remedy = "run: getent hosts r.example";
        List<Diagnosis> findings = List.of(
                new Diagnosis("JDK", Verdict.OK, "Java 25", null, null, null, null),
                wrong("a", "cannot pull r.example/x: 1", why, Kind.UNAVAILABLE, remedy),
                wrong("b", "cannot read in.hcl", "it is a: b", Kind.INVALID_INPUT, "mend it"),
                wrong("a", "cannot pull r.example/y", why, Kind.UNAVAILABLE, remedy),
                wrong("c", "cannot read in.hcl", "it is a: b", Kind.INVALID_INPUT, "mend it"),
                wrong("c", "cannot push r.example/z", why, Kind.UNAVAILABLE, remedy),
                wrong("d", "cannot run builds", "bwrap cannot be started", Kind.ENVIRONMENT, "install it"),
                wrong("sandbox", "cannot run builds", "bwrap cannot be started", Kind.ENVIRONMENT, "install it"),
                new Diagnosis("sops", Verdict.NOTE, "is not on the PATH", null, null, null, null));
        assertEquals("""
                ok       JDK: Java 25
                failed   a: cannot pull r.example/x: 1: the name r.example does not resolve
                           also: cannot pull r.example/y
                           also: c: cannot push r.example/z
                           try: run: getent hosts r.example
                failed   b: cannot read in.hcl: it is a: b
                           try: mend it
                failed   c: cannot read in.hcl: it is a: b
                           try: mend it
                failed   d: cannot run builds: bwrap cannot be started
                           also: sandbox: cannot run builds
                           try: install it
                warning  sops: is not on the PATH
                4 problems""", DoctorCommand.text(findings));
        assertEquals(
                "{\"subject\":\"a\",\"status\":\"failed\",\"message\":\"cannot pull r.example/x: 1\",\"reason\":\"the name r.example does not resolve\",\"remedy\":\"run: getent hosts r.example\"}",
                findings.get(1).toJson(RemedyText::of).compact());
    }
}
