package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.engine.Event;
import dev.talosforge.engine.Graph.OnFailure;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.apply.PlannedUnit;
import dev.talosforge.pipeline.apply.ValidatedUnit;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.pin.LockLocation;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitView;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.problem.Wording;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.provenance.UploadRecord;
import dev.talosforge.state.Catalog;
import dev.talosforge.state.StateFile;
import dev.talosforge.state.StateLock;
import dev.talosforge.state.TerragruntCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgeTest {
    private static final String EXTENSION = """
            terraform { source = "../modules/talos_extension" }
            inputs = {
              name               = "hello"
              version            = "v1.0.0"
              extension_registry = "oci:out"
              sources            = [{ files = { "usr/local/share/hello.txt" = "hello" } }]
            }
            """;

    /** Stands still: no result depends on how long anything took. */
    private static final InstantSource CLOCK = () -> Instant.ofEpochSecond(1_764_000_000L);

    private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path folder = Path.of("");

    private Path tree = Path.of("");

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectories(folder.toRealPath().resolve("tree"));
    }

    private Forge forge() throws IOException {
        return new Forge(ContextSample.in(folder, events), RunSettings.plain(Map.of(), CLOCK));
    }

    private Path unit(String name, String text) throws IOException {
        Path unit = Files.createDirectories(tree.resolve(name));
        Files.writeString(unit.resolve("terragrunt.hcl"), text);
        return unit;
    }

    private static String reported(UnitResult result) {
        return "%s %s%s%s"
                .formatted(
                        result.unit(),
                        result.ending(),
                        result.because() == null ? "" : " because " + result.because(),
                        String.join(
                                "",
                                result.problems().stream()
                                        .map(p -> "\n  %s: %s: %s".formatted(p.kind(), p.what(), p.why()))
                                        .toList()));
    }

    private static String reported(List<UnitResult> results) {
        return String.join("\n", results.stream().map(ForgeTest::reported).toList());
    }

    private static Problem only(BuildException e) {
        assertEquals(1, e.problems().size(), () -> e.problems().toString());
        return e.problems().getFirst();
    }

    @Test
    void aCycleIsNamedWithAllItsMembers() throws Exception {
        unit("a", "dependencies { paths = [\"../b\"] }\n");
        unit("b", "dependencies { paths = [\"../c\"] }\n");
        unit("c", "dependencies { paths = [\"../a\"] }\n");
        unit("d", "dependencies { paths = [\"../a\"] }\n");
        Problem problem = only(assertThrows(BuildException.class, () -> forge().applyAll(tree, RunQueue.all(2))));
        assertEquals(
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot order the units below " + tree)
                        .because("they depend on each other: a -> b -> c -> a")
                        .trying("remove one of these dependency blocks"),
                problem);
        assertEquals(
                "a [b] 1, b [c] 1, c [a] 1, d [a] 0",
                forge().graph(tree, RunQueue.all(1)).stream()
                        .map(view -> "%s %s %d"
                                .formatted(
                                        view.name(),
                                        view.needs().stream()
                                                .map(UnitView.Need::unit)
                                                .toList(),
                                        view.problems().size()))
                        .collect(java.util.stream.Collectors.joining(", ")));
        assertEquals(
                """
                a FAILED
                  INVALID_INPUT: cannot order the units below TREE: they depend on each other: a -> b -> c -> a
                b FAILED
                  INVALID_INPUT: cannot order the units below TREE: they depend on each other: a -> b -> c -> a
                c FAILED
                  INVALID_INPUT: cannot order the units below TREE: they depend on each other: a -> b -> c -> a
                d VALID\
                """,
                reported(forge().validate(tree, RunQueue.all(2)).stream()
                                .map(ValidatedUnit::result)
                                .toList())
                        .replace(tree.toString(), "TREE"));
    }

    @Test
    void aFolderWithoutUnitsIsAProblem() throws Exception {
        Problem expected = Problem.failed(Problem.Kind.INVALID_INPUT, "cannot find a unit in " + tree)
                .because("neither the folder nor any below it has a terragrunt.hcl")
                .trying(Remedy.sentence(
                        "specify the tree's folder: ", Remedy.command(Verb.SAME).in("DIR")));
        assertEquals(expected, only(assertThrows(BuildException.class, () -> forge().validate(tree, RunQueue.all(1)))));
        assertEquals(
                expected,
                only(assertThrows(BuildException.class, () -> forge().outputs(tree, RunQueue.all(1), false))));
        assertEquals(expected, only(assertThrows(BuildException.class, () -> forge().applyAll(tree, RunQueue.all(1)))));
        Problem noUnit = only(assertThrows(BuildException.class, () -> forge().apply(tree)));
        assertEquals(
                "cannot apply %s: not a unit: it has no terragrunt.hcl".formatted(tree),
                noUnit.what() + ": " + noUnit.why());
    }

    @Test
    void aUnitWithoutAModuleAndAConsumerAreNotRun() throws Exception {
        unit("empty", "inputs = {}\n");
        unit("cluster", "terraform { source = \"git::https://git.test/x.git//modules/talos_cluster\" }\n");
        unit("skipped", "skip = true\n" + EXTENSION);
        assertEquals("""
                cluster NOT_MANAGED because talos_cluster is not a Talos Forge module
                empty NOT_MANAGED because it has no terraform block
                skipped EXCLUDED because the unit excludes itself""", reported(forge().applyAll(tree, RunQueue.all(2))));
        for (String name : List.of("cluster", "empty", "skipped")) {
            try (var files = Files.list(tree.resolve(name))) {
                assertEquals(1, files.count(), name);
            }
        }
    }

    @Test
    void aUnitThatFailsStopsOnlyWhatDependsOnIt() throws Exception {
        unit("a", EXTENSION.replace("\"v1.0.0\"", "\"\""));
        unit("b", "dependencies { paths = [\"../a\"] }\n" + EXTENSION);
        unit("c", "dependencies { paths = [\"../b\"] }\n" + EXTENSION);
        unit("d", EXTENSION);
        assertEquals("""
                a FAILED
                  INVALID_INPUT: cannot use input "version" of a: it is empty
                b SKIPPED because a failed
                c SKIPPED because b failed
                d APPLIED""", reported(forge().applyAll(tree, RunQueue.all(1))));
        assertTrue(events.contains(new Event.UnitEnded("a", "failed")), events::toString);
        assertTrue(events.contains(new Event.UnitEnded("d", "applied")), events::toString);
    }

    @Test
    void afterAFailureNothingMoreIsBegunWhenAsked() throws Exception {
        unit("a", EXTENSION.replace("\"v1.0.0\"", "\"\""));
        unit("b", EXTENSION);
        assertEquals(
                """
                a FAILED
                  INVALID_INPUT: cannot use input "version" of a: it is empty
                b SKIPPED because a failed""", reported(forge().applyAll(tree, new RunQueue(1, OnFailure.STOP, List.of(), List.of(), false))));
    }

    @Test
    void theQueueTakesInAndLeavesOut() throws Exception {
        unit("x/a", "inputs = {}\n");
        unit("x/b", "dependencies { paths = [\"../a\"] }\n");
        unit("y", "inputs = {}\n");
        assertEquals(List.of("x/a", "x/b"), ran(List.of("./x/b/"), List.of()));
        assertEquals(List.of("x/a", "x/b"), ran(List.of("x"), List.of()));
        assertEquals(List.of("x/a", "x/b"), ran(List.of("x/*"), List.of()));
        assertEquals(List.of("x/b"), ran(List.of("x"), List.of("x/a")));
        assertEquals(List.of("x/a", "x/b"), ran(List.of(), List.of("y")));
        Problem problem = only(assertThrows(BuildException.class, () -> ran(List.of("z"), List.of())));
        assertEquals(
                "cannot run anything in %s: include and exclude leave no unit".formatted(tree),
                problem.what() + ": " + problem.why());
    }

    @Test
    void aUnitThatIsNamedStandsForItself() throws Exception {
        unit("x", "inputs = {}\n");
        unit("x/a", "inputs = {}\n");
        assertEquals(List.of("x"), ran(List.of("x"), List.of()));
        assertEquals(List.of("x", "x/a"), ran(List.of("x", "x/*"), List.of()));
    }

    @Test
    void aUnitThatIsLeftOutTakesNothingWithIt() throws Exception {
        unit("a", "inputs = {}\n");
        unit("b", """
                exclude {
                  if                   = true
                  actions              = ["all"]
                  exclude_dependencies = true
                }
                dependencies { paths = ["../a"] }
                """);
        assertEquals("""
                a EXCLUDED because a unit that depends on it excludes it
                b EXCLUDED because the unit excludes itself""", reported(forge().applyAll(tree, RunQueue.all(1))));
        RunQueue without = new RunQueue(1, OnFailure.SKIP_DEPENDENTS, List.of(), List.of("b"), false);
        assertEquals("a NOT_MANAGED because it has no terraform block", reported(forge().applyAll(tree, without)));
    }

    /** A state as Terraform writes it. */
    private static void state(Path file, String lineage, int serial, String value) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                {"version": 4, "serial": %d, "lineage": "%s", "outputs": {"v": {"value": "%s", "type": "string"}}}
                """.formatted(serial, lineage, value));
    }

    private String recorded(String unit) throws IOException {
        return String.valueOf(forge().outputs(tree, RunQueue.all(1), true).get(unit));
    }

    @Test
    void outputsAreReadWhereTerragruntKeepsThem() throws Exception {
        Path own = unit("a", "terraform { source = \"../modules//other\" }\n");
        Path cache = TerragruntCache.workingFolder(own.resolve(TerragruntCache.FOLDER), own, "../modules//other");
        assertTrue(cache != null);
        assertEquals("null", recorded("a"));
        state(cache.resolve("terraform.tfstate"), "one", 3, "theirs");
        assertEquals("{v=JsonText[value=theirs]}", recorded("a"));
        state(own.resolve("terraform.tfstate"), "one", 3, "ours");
        assertEquals("{v=JsonText[value=ours]}", recorded("a"));
        state(cache.resolve("terraform.tfstate"), "one", 4, "theirs again");
        assertEquals("{v=JsonText[value=theirs again]}", recorded("a"));
        state(own.resolve("terraform.tfstate"), "one", 5, "ours again");
        assertEquals("{v=JsonText[value=ours again]}", recorded("a"));

        // Another lineage: what was written last.
        state(cache.resolve("terraform.tfstate"), "two", 1, "another");
        Files.setLastModifiedTime(cache.resolve("terraform.tfstate"), FileTime.fromMillis(2_000_000));
        Files.setLastModifiedTime(own.resolve("terraform.tfstate"), FileTime.fromMillis(1_000_000));
        assertEquals("{v=JsonText[value=another]}", recorded("a"));
        Files.setLastModifiedTime(own.resolve("terraform.tfstate"), FileTime.fromMillis(3_000_000));
        assertEquals("{v=JsonText[value=ours again]}", recorded("a"));
    }

    @Test
    void ofASourceThatIsNoFolderTheOnlyStateIsRead() throws Exception {
        Path own = unit("a", "terraform { source = \"git::https://git.test/x.git//m\" }\n");
        Path cache = own.resolve(TerragruntCache.FOLDER);
        state(cache.resolve("A/B/m/terraform.tfstate"), "one", 1, "theirs");
        assertEquals("{v=JsonText[value=theirs]}", recorded("a"));
        state(cache.resolve("A/C/m/terraform.tfstate"), "one", 2, "or these");
        assertEquals("null", recorded("a"));
    }

    private List<String> ran(List<String> include, List<String> exclude) throws Exception {
        return forge().applyAll(tree, new RunQueue(1, OnFailure.SKIP_DEPENDENTS, include, exclude, false)).stream()
                .map(UnitResult::unit)
                .toList();
    }

    private String excluding(String actions) throws Exception {
        String exclude = actions.isEmpty() ? "" : "exclude {\n  if = true\n  actions = [%s]\n}\n".formatted(actions);
        unit("a", EXTENSION + exclude);
        unit("b", EXTENSION.replace("acme/hello", "acme/other"));
        String validated = reported(forge().validate(tree, RunQueue.all(1)).stream()
                .map(ValidatedUnit::result)
                .toList());
        String planned = reported(forge().planAll(tree, RunQueue.all(1)).stream()
                .map(PlannedUnit::result)
                .toList());
        String applied = reported(forge().applyAll(tree, RunQueue.all(1)));
        return String.join(
                "\n",
                validated,
                planned,
                applied,
                forge().outputs(tree, RunQueue.all(1), false).keySet().toString());
    }

    @Test
    void whatAUnitIsExcludedFromDependsOnTheCommand() throws Exception {
        String message = "EXCLUDED because the unit excludes itself";
        assertEquals("""
                a VALID
                b VALID
                a PLANNED because never applied
                b PLANNED because never applied
                a APPLIED
                b APPLIED
                [a, b]""", excluding(""));
        assertEquals("""
                a VALID
                b VALID
                a PLANNED because no changes
                b PLANNED because no changes
                a %s
                b APPLIED
                [a, b]""".formatted(message), excluding("\"apply\""));
        assertEquals("""
                a VALID
                b VALID
                a %s
                b PLANNED because no changes
                a APPLIED
                b APPLIED
                [a, b]""".formatted(message), excluding("\"Plan\""));
        assertEquals("""
                a %1$s
                b VALID
                a %1$s
                b PLANNED because no changes
                a %1$s
                b APPLIED
                [a, b]""".formatted(message), excluding("\"all_except_output\""));
        assertEquals("""
                a %1$s
                b VALID
                a %1$s
                b PLANNED because no changes
                a %1$s
                b APPLIED
                [b]""".formatted(message), excluding("\"all\""));
        assertEquals(
                List.of("a"),
                List.copyOf(forge().outputs(tree.resolve("a"), RunQueue.all(1), false)
                        .keySet()));
        // Alone a unit is left out only where it says no_run, as in Terragrunt.
        assertEquals(
                "a PLANNED because no changes",
                reported(List.of(forge().plan(tree.resolve("a")).result())));
        unit("a", EXTENSION + "exclude {\n  if = true\n  actions = [\"all\"]\n  no_run = true\n}\n");
        assertEquals(
                message,
                reported(List.of(forge().plan(tree.resolve("a")).result())).substring("a ".length()));
    }

    @Test
    void anExtensionIsTheSameBytesInAnotherFolder() throws Exception {
        UnitResult first = forge().apply(unit("a", EXTENSION.replace("oci:out", "registry.test/acme/hello")));
        UnitResult second =
                forge().apply(unit("elsewhere/b", EXTENSION.replace("oci:out", "registry.test/acme/hello")));
        assertEquals(UnitResult.Ending.BUILT, first.ending(), first::toString);
        assertEquals(first.outputs(), second.outputs());
        assertEquals(
                List.of("extension_digest", "extension_image", "extension_version"),
                List.copyOf(first.outputs().keySet()));
        assertEquals(Map.of("a", first.outputs()), forge().outputs(tree.resolve("a"), RunQueue.all(1), false));
        assertEquals(
                List.of("a", "elsewhere/b"),
                List.copyOf(forge().outputs(tree, RunQueue.all(1), false).keySet()));
    }

    @Test
    void aUnitThatIsBeingAppliedIsRefused() throws Exception {
        Path unit = unit("a", EXTENSION);
        try (StateLock lock = StateLock.take(unit.resolve("terraform.tfstate"))) {
            assertTrue(lock.held());
            assertEquals(
                    """
                    a FAILED
                      ENVIRONMENT: cannot apply %s: the state %s is locked: apply (lock ID …)""".formatted(unit, unit.resolve("terraform.tfstate")),
                    reported(forge().apply(unit)).replaceAll("lock ID [0-9a-f-]{36}", "lock ID …"));
        }
        assertEquals("a APPLIED", reported(forge().apply(unit)));
    }

    private static final String NEEDS_A = """
            dependency "a" {
              config_path  = "../a"
              mock_outputs = { extension_version = "v0.0.0-mock" }
            }
            terraform { source = "../modules/talos_extension" }
            inputs = {
              name               = "hello"
              version            = dependency.a.outputs.extension_version
              extension_registry = "oci:out"
              sources            = [{ files = { "usr/local/share/hello.txt" = "hello" } }]
            }
            """;

    @Test
    void mockOutputsNeverReachAnApply() throws Exception {
        Path a = unit("a", EXTENSION);
        Path b = unit("b", NEEDS_A);
        UnitResult refused = forge().apply(b);
        assertEquals(UnitResult.Ending.FAILED, refused.ending());
        assertEquals(Problem.Kind.ENVIRONMENT, refused.problems().getFirst().kind());
        assertFalse(Files.exists(b.resolve("terraform.tfstate")));

        List<PlannedUnit> plans = forge().planAll(tree, RunQueue.all(1));
        assertEquals(
                List.of("a", "b"),
                plans.stream().map(planned -> planned.result().unit()).toList());
        StagePlan waiting = plans.get(1).plan();
        assertNotNull(waiting);
        assertEquals(
                new StagePlan.Line("extension", "hello v1.0.0"), waiting.lines().getFirst());

        assertEquals("a APPLIED", reported(forge().apply(a)));
        UnitResult applied = forge().apply(b);
        assertEquals(Json.of("v1.0.0"), applied.outputs().get("extension_version"), applied::toString);
    }

    @Test
    void aPlanThatCannotBeMadeHidesNoOther() throws Exception {
        unit("a", EXTENSION.replace("\"v1.0.0\"", "\"\""));
        unit("b", EXTENSION);
        unit("c", "inputs = {}\n");
        List<PlannedUnit> plans = forge().planAll(tree, RunQueue.all(1));
        assertEquals(
                List.of("a", "b", "c"),
                plans.stream().map(planned -> planned.result().unit()).toList());
        assertEquals(1, plans.get(0).result().problems().size());
        StagePlan plan = plans.get(1).plan();
        assertNotNull(plan);
        assertEquals(
                List.of(
                        "extension = hello v1.0.0",
                        "file usr/local/share/hello.txt = sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
                plan.lines().stream()
                        .limit(2)
                        .map(line -> line.name() + " = " + line.value())
                        .toList());
    }

    @Test
    void aPlanSaysWhatChangedSinceTheLastApply() throws Exception {
        Path unit = unit("a", EXTENSION);
        assertEquals("a APPLIED", reported(forge().apply(unit)));
        StagePlan same = forge().plan(unit).plan();
        assertNotNull(same);
        assertEquals(List.of(), same.changes());
        assertEquals(StagePlan.Basis.LAST_APPLY, same.basis());

        unit("a", EXTENSION.replace("v1.0.0", "v1.1.0"));
        StagePlan other = forge().plan(unit).plan();
        assertNotNull(other);
        assertEquals(
                List.of("extension", "image"),
                other.changes().stream().map(StagePlan.Change::what).toList());
    }

    private static final String CONSUMER = """
            dependency "a" {
              config_path = "../../tree/a"
              mock_outputs = { extension_image = "mock" }
              mock_outputs_allowed_terraform_commands = ["plan"]
            }
            terraform { source = "../modules/talos_cluster" }
            inputs = { image = dependency.a.outputs.extension_image }
            """;

    /** The time of a state file says when another tool applied a unit; ours say when they published something else. */
    @Test
    void aConsumerIsShownWithWhatItIsGivenAndWhetherThatIsNewer() throws Exception {
        Path a = unit("a", EXTENSION);
        Path clusters = Files.createDirectories(folder.toRealPath().resolve("clusters"));
        Path one = Files.createDirectories(clusters.resolve("one"));
        Files.writeString(one.resolve("terragrunt.hcl"), CONSUMER);
        assertEquals("""
                ../tree/a = nothing is recorded; run: apply in %s
                its own state = never applied, or not from this machine""".formatted(a), shown(clusters));

        String image = text(forge().apply(a).outputs().get("extension_image"));
        Path state = Files.writeString(one.resolve("terraform.tfstate"), "");
        Files.setLastModifiedTime(state, FileTime.from(CLOCK.instant().plusSeconds(60)));
        assertEquals("""
                ../tree/a extension_image = %s
                its own state = applied 2025-11-24T16:01:00Z, after what it consumes was published""".formatted(image), shown(clusters));

        Files.setLastModifiedTime(state, FileTime.from(CLOCK.instant().minusSeconds(60)));
        assertEquals("""
                ../tree/a extension_image = %s
                its own state = applied 2025-11-24T15:59:00Z, older than what it consumes: ../tree/a was published \
                2025-11-24T16:00:00Z; apply it again""".formatted(image), shown(clusters));

        Files.writeString(one.resolve("terragrunt.hcl"), """
                remote_state {
                  backend = "s3"
                  config  = {}
                }
                """ + CONSUMER);
        assertEquals("""
                ../tree/a extension_image = %s
                its own state = unknown: its state is kept in s3""".formatted(image), shown(clusters));
    }

    /** With a relative path, which begins in Terragrunt's cache: beside what Terraform was told, and older copies. */
    @Test
    void aConsumersStateIsFoundInTheCacheThatTerragruntKeeps() throws Exception {
        Path a = unit("a", EXTENSION.replace("registry.test/acme/hello", "oci:out"));
        Path clusters = Files.createDirectories(folder.toRealPath().resolve("clusters"));
        Path one = Files.createDirectories(clusters.resolve("one"));
        String state = """
                remote_state {
                  backend = "local"
                  config  = { path = "terragrunt-cache/clusters/one/terraform.tfstate" }
                }
                """;
        Files.writeString(one.resolve("terragrunt.hcl"), state + CONSUMER);
        String image = text(forge().apply(a).outputs().get("extension_image"));
        String given = "../tree/a extension_image = %s\nits own state = ".formatted(image);
        cached(one, "H/I/cluster/.terraform/terraform.tfstate", 60);
        cached(one, "H/I/cluster/terraform.tfstate", 60);
        assertEquals(given + "never applied, or not from this machine", shown(clusters));

        cached(one, "H/I/cluster/terragrunt-cache/clusters/one/terraform.tfstate", -60);
        assertEquals(
                given
                        + "applied 2025-11-24T15:59:00Z, older than what it consumes: ../tree/a was published 2025-11-24T16:00:00Z;"
                        + " apply it again",
                shown(clusters));
        cached(one, "H/J/a/long/way/to/the/module/terragrunt-cache/clusters/one/terraform.tfstate", 60);
        assertEquals(given + "applied 2025-11-24T16:01:00Z, after what it consumes was published", shown(clusters));
    }

    private static void cached(Path unit, String name, int seconds) throws Exception {
        Path file = unit.resolve(".terragrunt-cache").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{}");
        Files.setLastModifiedTime(file, FileTime.from(CLOCK.instant().plusSeconds(seconds)));
    }

    private static String text(@Nullable Json value) {
        return value instanceof Json.JsonText(String text) ? text : String.valueOf(value);
    }

    private String shown(Path folder) throws Exception {
        StagePlan plan = forge().planAll(folder, RunQueue.all(1)).getFirst().plan();
        assertNotNull(plan);
        return String.join(
                "\n",
                plan.lines().stream()
                        .map(line -> line.name() + " = " + line.value())
                        .toList());
    }

    @Test
    void whatIsFoundInTheContentStopsAUnitOnlyWhereSomebodyIsStrict() throws Exception {
        Path unit = unit("a", EXTENSION.replace("\"v1.0.0\"", "\"latest\""));
        assertEquals("a APPLIED", reported(forge().apply(unit)));
        assertTrue(
                events.stream()
                        .anyMatch(event -> event instanceof Event.Noticed(var _, var level, String text, var _)
                                && level == Event.Level.DETAIL
                                && text.contains("[floating-tag]")),
                events::toString);
        assertTrue(
                events.contains(new Event.Noticed(
                        "",
                        Event.Level.WARNING,
                        "the tree has 1 warning",
                        Remedy.command(Verb.VALIDATE).in(unit.toString()).then(" shows it"))),
                events::toString);
        RunSettings plain = RunSettings.plain(Map.of(), CLOCK);
        Forge strict = new Forge(
                ContextSample.in(folder, events),
                new RunSettings(
                        plain.environment(),
                        plain.overrides(),
                        plain.requested(),
                        plain.features(),
                        null,
                        true,
                        "",
                        "",
                        plain.programs(),
                        false,
                        LockLocation.usual(),
                        true,
                        true,
                        Wording.plain(),
                        CLOCK));
        UnitResult refused = strict.apply(unit);
        assertEquals(UnitResult.Ending.FAILED, refused.ending());
        assertTrue(refused.problems().getFirst().what().endsWith("[floating-tag]"), refused::toString);
        ValidatedUnit validated = strict.validate(unit, RunQueue.all(1)).getFirst();
        assertEquals(refused.problems(), validated.result().problems());
        assertEquals(
                1, forge().validate(unit, RunQueue.all(1)).getFirst().findings().size());
    }

    @Test
    void outputsAreHandedOverInACatalogWhereAUnitNamesOne() throws Exception {
        Files.createDirectories(tree.resolve(".git"));
        Path unit = unit("a", EXTENSION.replace("version  ", "catalog_path = \"../catalog.json\"\n  version  "));
        UnitResult applied = forge().apply(unit);
        assertEquals("a APPLIED", reported(applied));
        Catalog.Entry entry = Catalog.at(tree.resolve("catalog.json")).entries().get("a");
        assertEquals(new Catalog.Entry("talos_extension", applied.outputs()), entry);
    }

    @Test
    void outputsThatOtherToolsDoNotFindAreReportedWithTheirPlace() throws Exception {
        Path unit = unit("a", "remote_state {\n  backend = \"s3\"\n  config = {}\n}\n" + EXTENSION);
        assertEquals("a APPLIED", reported(forge().apply(unit)));
        assertTrue(
                events.contains(
                        new Event.Noticed("a", Event.Level.WARNING, """
                        remote_state of a: it is kept in s3, but talos-forge records outputs only beside the unit (%s:1): \
                        Terragrunt gives units that depend on it mock outputs, or outputs left by one of its earlier runs; \
                        add to the unit a remote_state block with backend = "local" and config = { \
                        path = "${get_terragrunt_dir()}/terraform.tfstate" }, or pass them in a file: catalog_path \
                        [outputs-out-of-reach]""".formatted(unit.resolve("terragrunt.hcl")))),
                events::toString);
    }

    /** Another tool's secret: shown to who asks for it by name, and to nobody else. */
    @Test
    void whatIsSensitiveIsNotShown() throws Exception {
        Path unit = unit("a", "terraform { source = \"m/talos_secrets\" }\n");
        Files.writeString(unit.resolve("terraform.tfstate"), """
                {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "resources": [], "outputs": {
                  "key": {"value": "hunter2", "type": "string", "sensitive": true},
                  "name": {"value": "talos", "type": "string"}
                }}
                """);
        assertEquals(
                "{a={key=(sensitive), name=talos}}",
                forge().outputs(tree, RunQueue.all(1), false).toString().replaceAll("JsonText\\[value=([^]]*)]", "$1"));
        assertEquals(
                "{a={key=hunter2, name=talos}}",
                forge().outputs(tree, RunQueue.all(1), true).toString().replaceAll("JsonText\\[value=([^]]*)]", "$1"));
    }

    @Test
    void twoUnitsDoNotShareOneState() throws Exception {
        String shared = """
                remote_state {
                  backend = "local"
                  config  = { path = "%s/one.tfstate" }
                }
                """.formatted(folder.toRealPath());
        unit("a", shared + EXTENSION);
        unit("b", shared + EXTENSION);
        unit("empty", shared);
        assertEquals("""
                a APPLIED
                b FAILED
                  INVALID_INPUT: cannot keep the state of b: a keeps its state in the same place: %s/one.tfstate
                empty NOT_MANAGED because it has no terraform block""".formatted(folder.toRealPath()), reported(forge().applyAll(tree, RunQueue.all(1))));
        assertEquals(
                "cannot keep the state of b",
                forge().validate(tree, RunQueue.all(1))
                        .get(1)
                        .result()
                        .problems()
                        .getFirst()
                        .what());
    }

    @Test
    void aStateThatCannotBeReadIsReportedByItsPlace() throws Exception {
        Path unit = unit("a", EXTENSION);
        Files.writeString(unit.resolve("terraform.tfstate"), "{\"version\":3}");
        assertEquals("""
                a FAILED
                  BAD_ARTIFACT: cannot read Terraform state %1$s: Terraform state %1$s at offset 0 (0x0): \
                has format version 3, expected 4: apply it once with Terraform 0.12 or newer""".formatted(unit.resolve("terraform.tfstate")), reported(forge().apply(unit)));
    }

    /** Its state would stay as empty after an apply of ours, which has nothing to do there. */
    @Test
    void whatTerragruntRunsIsAppliedByTerragrunt() throws Exception {
        Path secrets = unit("secrets", "terraform { source = \"../modules/talos_secrets\" }\n");
        unit("cluster", """
                dependency "secrets" {
                  config_path  = "../secrets"
                  mock_outputs = { key = "x" }
                }
                terraform { source = "../modules/talos_cluster" }
                inputs = { key = dependency.secrets.outputs.key }
                """);
        unit(
                "a",
                "dependency \"secrets\" {\n  config_path = \"../secrets\"\n}\n"
                        + EXTENSION.replace("\"v1.0.0\"", "dependency.secrets.outputs.version"));
        String command = "run: cd '%s' && terragrunt apply".formatted(secrets);
        List<String> remedies = forge().graph(tree, RunQueue.all(1)).stream()
                .flatMap(view -> view.needs().stream())
                .map(need -> String.valueOf(need.remedy()))
                .toList();
        assertEquals(List.of(command, command), remedies);
        assertEquals(
                command,
                String.valueOf(
                        forge().apply(tree.resolve("a")).problems().getFirst().remedy()));
    }

    @Test
    void aStateThatWasCutOffIsReportedWithWhatIsBesideIt() throws Exception {
        Path unit = unit("a", EXTENSION);
        forge().apply(unit);
        Path state = unit.resolve("terraform.tfstate");
        String whole = Files.readString(state);
        Files.writeString(state, whole.substring(0, 200));
        UnitResult alone = forge().apply(unit);
        assertEquals(
                "restore it from a copy; if you have none, move it away and apply again, which records the outputs again: mv"
                        + " '%1$s' '%1$s.damaged'".formatted(state),
                String.valueOf(alone.problems().getFirst().remedy()));
        Files.writeString(unit.resolve("terraform.tfstate.backup"), whole);
        assertEquals(
                "the state before the last change is beside it: cp '%1$s.backup' '%1$s'".formatted(state),
                String.valueOf(forge().apply(unit).problems().getFirst().remedy()));
        assertEquals(
                "the state before the last change is beside it: cp '%1$s.backup' '%1$s'".formatted(state),
                String.valueOf(assertThrows(BuildException.class, () -> forge().outputs(unit, RunQueue.all(1), false))
                        .problems()
                        .getFirst()
                        .remedy()));
    }

    /** It is only a memory. */
    @Test
    void aRecordThatIsDamagedStopsNothing() throws Exception {
        Path unit = unit("a", EXTENSION);
        forge().apply(unit);
        Path record = unit.resolve("terraform.tfstate.forge.json");
        Files.writeString(record, "{\"parts\": {");
        events.clear();
        assertEquals(
                StagePlan.Basis.NEVER_APPLIED,
                Objects.requireNonNull(forge().plan(unit).plan()).basis());
        assertEquals(UnitResult.Ending.APPLIED, forge().apply(unit).ending());
        assertEquals(
                2,
                events.stream()
                        .filter(event -> event instanceof Event.Noticed(var _, var level, String text, var _)
                                && level == Event.Level.WARNING
                                && text.startsWith(record + " is damaged and is ignored: "))
                        .count(),
                events::toString);
        assertEquals(
                StagePlan.Basis.LAST_APPLY,
                Objects.requireNonNull(forge().plan(unit).plan()).basis());
        Files.writeString(unit.resolve(UploadRecord.FILE_NAME), "<html>");
        assertTrue(String.valueOf(UploadRecord.of(unit).damage()).contains(UploadRecord.FILE_NAME + " is damaged"));
    }

    @Test
    void aRecordOfANewerVersionIsReportedAndStopsNothing() throws Exception {
        Path unit = unit("a", EXTENSION);
        forge().apply(unit);
        Path record = unit.resolve("terraform.tfstate.forge.json");
        Files.writeString(record, "{\"format\": 3, \"stage\": \"extension\"}");
        events.clear();
        assertEquals(
                StagePlan.Basis.NEVER_APPLIED,
                Objects.requireNonNull(forge().plan(unit).plan()).basis());
        assertTrue(
                events.toString()
                        .contains(record
                                + " cannot be read and is ignored: its format is 3, expected"
                                + " 2: a newer Talos Forge wrote it"),
                events::toString);
    }

    @Test
    void whatIsRecordedIsRecordedWhereTheBackendSays() throws Exception {
        Path unit = unit("a", """
                remote_state {
                  backend = "local"
                  config  = { path = "../state/a.tfstate" }
                }
                """ + EXTENSION);
        assertEquals("a APPLIED", reported(forge().apply(unit)));
        assertNotNull(StateFile.at(tree.resolve("state/a.tfstate")).outputs());
        assertFalse(Files.exists(unit.resolve("terraform.tfstate")));
    }

    @Test
    void anInterruptEndsTheRunAndRecordsNothing() throws Exception {
        Path unit = unit("a", EXTENSION);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> forge().apply(unit));
        assertFalse(Files.exists(unit.resolve("terraform.tfstate")));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> forge().applyAll(tree, RunQueue.all(1)));
    }
}
