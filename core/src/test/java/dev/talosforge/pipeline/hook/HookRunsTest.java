package dev.talosforge.pipeline.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.engine.Event;
import dev.talosforge.pipeline.Forge;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import dev.talosforge.problem.Wording;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.registry.RegistrySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hooks see and say, and what becomes of a unit whose hook fails. */
@Tag("reference")
class HookRunsTest {
    @TempDir
    Path folder = Path.of("");

    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> environment = new TreeMap<>();
    private Path tree = Path.of("");
    private boolean push = true;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectories(folder.toRealPath().resolve("tree"));
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("LOG", tree.resolve("log").toString());
    }

    private RunSettings settings() {
        return RunSettings.plain(environment, () -> Instant.EPOCH);
    }

    private Forge forge(RunSettings settings) throws IOException {
        return new Forge(ContextSample.in(folder, events, RegistrySettings.none(), push), settings);
    }

    /** A unit with these hooks that makes an extension. */
    private Path unit(String name, String hooks) throws IOException {
        return unit(name, "{ files = { \"usr/local/share/hello.txt\" = \"hello\" } }", hooks);
    }

    private Path unit(String name, String source, String hooks) throws IOException {
        Path unit = Files.createDirectories(tree.resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform {
                  source = "../modules/talos_extension"
                %s}
                inputs = {
                  name               = "hello"
                  version            = "v1.0.0"
                  extension_registry = "oci:image"
                  sources            = [%s]
                }
                """.formatted(hooks, source));
        return unit;
    }

    private static String hook(String type, String name, String script, String... others) {
        return "  %s_hook \"%s\" {\n    commands = [\"apply\"]\n    execute = [\"sh\", \"-c\", \"%s\"]\n    %s\n  }\n"
                .formatted(type, name, script.replace("\"", "\\\""), String.join("\n    ", others));
    }

    private String log() throws IOException {
        return Files.exists(tree.resolve("log")) ? Files.readString(tree.resolve("log")) : "";
    }

    private String message() {
        StringBuilder text = new StringBuilder();
        for (Event event : List.copyOf(events)) {
            if (event instanceof Event.HookOutput(String unit, String hook, String line)) {
                text.append("%s %s: %s\n".formatted(unit, hook, line));
            }
        }
        return text.toString();
    }

    private String noticed(Event.Level level) {
        return String.join(
                "\n",
                List.copyOf(events).stream()
                        .flatMap(event -> event instanceof Event.Noticed noticed ? Stream.of(noticed) : Stream.of())
                        .filter(noticed -> noticed.level() == level)
                        .map(noticed -> noticed.unit() + " " + noticed.text()
                                + (noticed.remedy() == null ? "" : "; " + noticed.remedy()))
                        .toList());
    }

    /** What went wrong, without the place. */
    private String wrong(UnitResult result) {
        return String.join(
                        "\n",
                        result.problems().stream()
                                .map(problem -> "%s\n%s\n%s\n%s"
                                        .formatted(problem.kind(), problem.what(), problem.why(), problem.remedy()))
                                .toList())
                .replace(tree.toString(), "TREE");
    }

    @Test
    void aBeforeHookThatFailsStopsTheUnitBeforeAnythingIsBuilt() throws Exception {
        Path unit = unit("u", hook("before", "guard", "echo no; exit 3"));
        UnitResult result = forge(settings()).apply(unit);
        assertEquals("""
                ENVIRONMENT
                cannot run before_hook "guard" of u
                sh -c 'echo no; exit 3' exited with code 3
                run the unit without hooks: apply (no hooks) in TREE/u""", wrong(result));
        assertEquals(Ending.FAILED, result.ending());
        assertTrue(result.problems().getFirst().where() instanceof Where.Source source && source.line() == 3);
        assertFalse(Files.exists(unit.resolve("image")));
        assertEquals(Map.of(), forge(settings()).outputs(unit, RunQueue.all(1), false));
        assertEquals("u guard: no\n", message());
    }

    @Test
    void whatWasAppliedIsRecordedBeforeAnAfterHookRunsAndDependentsDoNotStartWhenItFails() throws Exception {
        unit("a", hook("after", "publish", "cp terraform.tfstate $LOG; exit 1"));
        unit("b", hook("before", "b", "echo b >> $LOG"));
        Files.writeString(
                tree.resolve("b/terragrunt.hcl"),
                Files.readString(tree.resolve("b/terragrunt.hcl")) + "dependencies { paths = [\"../a\"] }\n");
        List<UnitResult> results = forge(settings()).applyAll(tree, RunQueue.all(2));
        assertEquals(
                List.of(Ending.FAILED, Ending.SKIPPED),
                results.stream().map(UnitResult::ending).toList());
        assertTrue(log().contains("\"extension_digest\""), this::logged);
        assertEquals(
                List.of("a"),
                List.copyOf(
                        forge(settings()).outputs(tree, RunQueue.all(1), false).keySet()));
    }

    private String logged() {
        try {
            return log();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void errorHooksRunByWhatTheStageOrAHookPrinted() throws Exception {
        String seen = "echo $TG_CTX_HOOK_NAME >> $LOG";
        String hooks = hook("error", "source", seen, "on_errors = [\"cannot .*boom\"]")
                + hook("error", "said", seen, "on_errors = [\"(?i)ON ITS ERROR STREAM\"]")
                + hook("error", "code", seen, "on_errors = [\"nothing\", \"exit status 7$\"]")
                + hook("error", "never", seen, "on_errors = [\"nothing\", \"(((\"]");
        unit("stage", "{ image = \"oci:boom:latest\" }", hooks);
        forge(settings()).apply(tree.resolve("stage"));
        assertEquals("source\n", log());
        Files.delete(tree.resolve("log"));
        unit("hook", hook("after", "late", "echo on its error stream >&2; exit 7", "suppress_stdout = true") + hooks);
        assertEquals(
                List.of("cannot run after_hook \"late\" of hook"),
                forge(settings()).apply(tree.resolve("hook")).problems().stream()
                        .map(Problem::what)
                        .toList());
        assertEquals("said\ncode\n", log());
    }

    @Test
    void allThatWentWrongIsReported() throws Exception {
        unit(
                "u",
                hook("before", "one", "exit 1")
                        + hook("before", "two", "exit 2", "run_on_error = true")
                        + hook("error", "three", "exit 3", "on_errors = [\".*\"]"));
        assertEquals(
                List.of("before_hook \"one\"", "before_hook \"two\"", "error_hook \"three\""),
                forge(settings()).apply(tree.resolve("u")).problems().stream()
                        .map(problem ->
                                problem.what().replace("cannot run ", "").replace(" of u", ""))
                        .toList());
    }

    @Test
    void aProgramOrAFolderThatIsMissingIsReported() throws Exception {
        Path unit = unit("u", """
                  before_hook "login" {
                    commands = ["apply"]
                    execute  = ["no-such-program", "login"]
                  }
                  before_hook "mine" {
                    commands     = ["apply"]
                    execute      = ["./mine.sh"]
                    run_on_error = true
                  }
                  before_hook "there" {
                    commands     = ["apply"]
                    execute      = ["true"]
                    working_dir  = "nowhere"
                    run_on_error = true
                  }
                  before_hook "plain" {
                    commands     = ["apply"]
                    execute      = ["./terragrunt.hcl"]
                    run_on_error = true
                  }
                """);
        String try_ = "run the unit without hooks: apply (no hooks) in TREE/u";
        assertEquals("""
                ENVIRONMENT
                cannot run before_hook "login" of u
                there is no program "no-such-program" on the PATH
                install it, or %1$s
                ENVIRONMENT
                cannot run before_hook "mine" of u
                there is no program TREE/u/mine.sh
                %1$s
                ENVIRONMENT
                cannot run before_hook "there" of u
                its folder TREE/u/nowhere does not exist
                %1$s
                ENVIRONMENT
                cannot run before_hook "plain" of u
                cannot start ./terragrunt.hcl: Permission denied
                %1$s""".formatted(try_), wrong(forge(settings()).apply(unit)));
    }

    @Test
    void aValueThatIsNotKnownIsNotHandedToAProgram() throws Exception {
        unit("u", "  after_hook \"late\" {\n    commands = [\"apply\"]\n    execute = [\"echo\", timestamp()]\n  }\n");
        assertEquals("""
                NOT_SUPPORTED
                cannot run after_hook "late" of u
                cannot call timestamp: its result differs from call to call, and the same inputs must give the same images
                run the unit without hooks: apply (no hooks) in TREE/u""", wrong(forge(settings()).apply(tree.resolve("u"))));
    }

    @Test
    void aHookFindsInputsAndWhatIsSetFromOutsideInItsEnvironment() throws Exception {
        environment.put("TF_VAR_name", "outside");
        Files.createDirectories(tree.resolve("bin"));
        Files.writeString(tree.resolve("bin/tofu"), "");
        assertTrue(tree.resolve("bin/tofu").toFile().setExecutable(true));
        environment.put("PATH", "/usr/bin:/bin:" + tree.resolve("bin"));
        String env = "env | grep -e TF_VAR_ -e TG_CTX | sort >> $LOG; pwd >> $LOG";
        Path unit = unit("u", """
                  after_hook "read" {
                    commands = ["terragrunt-read-config"]
                    execute  = ["sh", "-c", "%1$s"]
                  }
                  before_hook "b" {
                    commands = ["apply"]
                    execute  = ["sh", "-c", "%1$s"]
                    working_dir = "sub/.."
                  }
                """.formatted(env));
        Files.createDirectories(unit.resolve("sub"));
        RunSettings plain = settings();
        RunSettings asked = new RunSettings(
                plain.environment(),
                new TreeMap<>(Map.of("name", Value.of("outside"), "version", Value.of("v2.0.0"))),
                new TreeSet<>(List.of("version")),
                plain.features(),
                null,
                false,
                "",
                "",
                plain.programs(),
                false,
                plain.lock(),
                true,
                true,
                Wording.plain(),
                plain.clock());
        assertEquals(Ending.APPLIED, forge(asked).apply(unit).ending());
        assertEquals("""
                TF_VAR_name=outside
                TG_CTX_COMMAND=terragrunt-read-config
                TG_CTX_HOOK_NAME=read
                TG_CTX_TF_PATH=tofu
                TREE/u
                TF_VAR_extension_registry=oci:image
                TF_VAR_name=outside
                TF_VAR_sources=[{"files":{"usr/local/share/hello.txt":"hello"}}]
                TF_VAR_version=v2.0.0
                TG_CTX_COMMAND=apply
                TG_CTX_HOOK_NAME=b
                TG_CTX_TF_PATH=tofu
                TREE/u
                """, log().replace(tree.toString(), "TREE"));
    }

    @Test
    void secretsAreNotRepeated() throws Exception {
        environment.put("PROXMOX_VE_API_TOKEN", "root@pam!forge=1234-abcd-5678");
        environment.put("AWS_SECRET_ACCESS_KEY", "wJalrXU'tnFEMI");
        environment.put("KEY_ID", "visible");
        unit("u", """
                  before_hook "leak" {
                    commands = ["apply"]
                    execute  = ["sh", "-c", "echo $0 $AWS_SECRET_ACCESS_KEY $KEY_ID https://ada:pw@x.test; exit 1", get_env("PROXMOX_VE_API_TOKEN"), get_env("AWS_SECRET_ACCESS_KEY")]
                  }
                """);
        UnitResult result = forge(settings()).apply(tree.resolve("u"));
        assertEquals("u leak: *** *** visible https://x.test\n", message());
        assertEquals(
                "sh -c 'echo $0 $AWS_SECRET_ACCESS_KEY $KEY_ID https://x.test; exit 1' '***' '***' exited with code 1",
                result.problems().getFirst().why());
    }

    @Test
    void linesOfSeveralUnitsDoNotMix() throws Exception {
        String script = "i=0; while [ $i -lt 200 ]; do printf $TF_VAR_name; printf ' %s\\\\n' $i; i=$((i+1)); done";
        for (String name : List.of("a", "b")) {
            unit(name, hook("before", "count", script));
        }
        assertTrue(forge(settings()).applyAll(tree, RunQueue.all(2)).stream()
                .allMatch(result -> result.ending() == Ending.APPLIED));
        for (String name : List.of("a", "b")) {
            List<String> lines =
                    message().lines().filter(line -> line.startsWith(name)).toList();
            assertEquals(200, lines.size());
            assertEquals(name + " count: hello 199", lines.getLast());
        }
    }

    @Test
    void aHookThatWouldFindNoOutputsGetsTheirPlace() throws Exception {
        String hooks = hook("after", "catalog", "true tofu -chdir=. output -json")
                + hook("after", "other", "true terraform input")
                + hook("after", "placed", "true tofu output", "working_dir = \"..\"");
        unit("beside", hooks);
        forge(settings()).apply(tree.resolve("beside"));
        assertEquals("", noticed(Event.Level.WARNING));
        Path unit = unit("elsewhere", hooks);
        Files.writeString(
                unit.resolve("terragrunt.hcl"),
                Files.readString(unit.resolve("terragrunt.hcl"))
                        + "remote_state {\n  backend = \"local\"\n  config = { path = \"${get_terragrunt_dir()}/state/x\" }\n}\n");
        forge(settings()).apply(unit);
        assertEquals(
                "elsewhere after_hook \"catalog\" asks for outputs in TREE/elsewhere, but they are recorded elsewhere;"
                        + " change its command to: output (json) in TREE/elsewhere",
                noticed(Event.Level.WARNING).replace(tree.toString(), "TREE"));
    }

    /** The name of the folder is Terragrunt's own, for this unit and this source: see the class of the place. */
    @Test
    void aHookLooksForOutputsWhereTheyAreAndRunsTheUnitsOwnFiles() throws Exception {
        Path unit = unit("u", """
                  after_hook "script" {
                    commands = ["apply"]
                    execute  = ["sh", "publish.sh"]
                  }
                  after_hook "plain" {
                    commands = ["apply"]
                    execute  = ["sh", "-c", "pwd >> $LOG"]
                  }
                """);
        Files.writeString(
                unit.resolve("terragrunt.hcl"),
                Files.readString(unit.resolve("terragrunt.hcl"))
                        + "remote_state {\n  backend = \"local\"\n  config = { path = \"${get_terragrunt_dir()}/state/x\" }\n}\n");
        Files.writeString(unit.resolve("publish.sh"), "# terraform output -json\npwd >> $LOG\necho new >> $LOG\n");
        Path copy = Files.createDirectories(unit.resolve(".terragrunt-cache/%s/%s"
                .formatted(hash(unit.toString()), hash("file://" + tree.resolve("modules/talos_extension")))));
        Files.writeString(copy.resolve("publish.sh"), "echo old >> $LOG\n");
        forge(settings()).apply(unit);
        assertEquals("TREE/u\nnew\nTREE/u\n", log().replace(tree.toString(), "TREE"));
        Files.delete(tree.resolve("log"));
        Files.copy(unit.resolve("state/x"), copy.resolve("terraform.tfstate"));
        forge(settings()).apply(unit);
        assertEquals(
                "COPY\nnew\nTREE/u\n", log().replace(copy.toString(), "COPY").replace(tree.toString(), "TREE"));
    }

    private static String hash(String text) throws Exception {
        byte[] sum = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sum);
    }

    @Test
    void whatIsSuppressedIsNotSeen() throws Exception {
        unit("u", hook("before", "quiet", "echo out; echo err >&2", "suppress_stdout = true"));
        forge(settings()).apply(tree.resolve("u"));
        assertEquals("u quiet: err\n", message());
    }

    @Test
    void hooksDoNotRunWhereTheyAreSwitchedOff() throws Exception {
        Path unit = unit("u", hook("before", "b", "echo b >> $LOG") + hook("after", "a", "echo a >> $LOG"));
        assertEquals(
                Ending.APPLIED, forge(settings().withHooks(false)).apply(unit).ending());
        assertEquals("", noticed(Event.Level.WARNING));
        push = false;
        assertEquals(Ending.APPLIED, forge(settings()).apply(unit).ending());
        assertEquals(
                "u hooks are not run, because no push must send nothing and they might: before_hook \"b\", after_hook \"a\"",
                noticed(Event.Level.WARNING));
        assertEquals("", log());
    }

    @Test
    void aPlanListsTheHooksOfAnApplyAndRunsNone() throws Exception {
        Path unit = unit("u", """
                  before_hook "login" {
                    commands = ["plan", "apply"]
                    execute  = ["sh", "-c", "echo ran >> $LOG"]
                  }
                  before_hook "start" {
                    commands = ["init"]
                    execute  = ["echo"]
                  }
                  after_hook "publish" {
                    commands     = ["apply"]
                    execute      = ["echo", run_cmd("date")]
                    run_on_error = true
                  }
                  after_hook "read" {
                    commands = ["terragrunt-read-config"]
                    execute  = ["echo", "%s"]
                  }
                  error_hook "page" {
                    commands  = ["apply"]
                    execute   = ["page", "me"]
                    on_errors = ["timeout", "503"]
                  }
                """.formatted("x".repeat(200)));
        assertEquals("""
                after_hook read | echo %s …  (before everything else)
                before_hook login | sh -c 'echo ran >> $LOG'
                after_hook publish | (unknown: one of its values comes from a program or from outputs that are not recorded yet)  (also when something has failed)
                error_hook page | page me  (when it fails with timeout or 503)
                before_hook start | not run, because Talos Forge runs no init""".formatted("x".repeat(155)), planned(unit, settings()));
        assertEquals(
                "hooks | not run, because of no hooks", planned(unit, settings().withHooks(false)));
        assertEquals("", log());
    }

    private String planned(Path unit, RunSettings settings) throws Exception {
        StagePlan plan = forge(settings).plan(unit).plan();
        assertNotNull(plan);
        return String.join(
                "\n",
                plan.lines().stream()
                        .filter(line -> line.name().contains("hook"))
                        .map(line -> line.name() + " | " + line.value())
                        .toList());
    }

    @Test
    void hooksOfUnitsThatOthersRunAreNeverRun() throws Exception {
        Path unit = unit("u", hook("before", "b", "echo b >> $LOG"));
        Files.writeString(
                unit.resolve("terragrunt.hcl"),
                Files.readString(unit.resolve("terragrunt.hcl")).replace("talos_extension", "talos_cluster"));
        assertEquals(Ending.NOT_MANAGED, forge(settings()).apply(unit).ending());
        assertEquals("", log());
    }
}
