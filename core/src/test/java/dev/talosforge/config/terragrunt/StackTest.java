package dev.talosforge.config.terragrunt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.TreeFolder;
import dev.talosforge.config.Workspace;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.DiscoveredUnit;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.OutputsSource;
import dev.talosforge.config.unit.ProgramRunner;
import dev.talosforge.config.unit.Unit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks that cannot be made, and what is said of them; what real trees make is in {@link StackVectorsTest}. */
class StackTest {
    @TempDir
    Path folder;

    private TreeFolder tree;

    @BeforeEach
    void tree() {
        tree = TreeFolder.in(folder)
                .file(".git/HEAD", "")
                .file("catalog/unit/terragrunt.hcl", "inputs = { name = values.name }\n")
                .file("catalog/plain/terragrunt.hcl", "inputs = { a = 1 }\n");
    }

    private static String unit(String name, String source, String more) {
        return "unit \"%s\" {\n  source = \"%s\"\n  path   = \"%1$s\"\n%s}\n".formatted(name, source, more);
    }

    private TreeFolder stack(String text) {
        return tree.file("live/terragrunt.stack.hcl", text);
    }

    private Workspace live(ProgramRunner programs) {
        return Workspace.open(
                tree.root().resolve("live"),
                new EvaluationSettings(
                        "validate", new TreeMap<>(), OutputsSource.none(), MockPolicy.MOCKS_ALLOWED, programs));
    }

    /** What is found below {@code live}: names of units, and what is wrong with the rest. */
    private String found() {
        StringBuilder out = new StringBuilder();
        for (DiscoveredUnit unit : live(ProgramRunner.refused()).discover()) {
            out.append(unit.name());
            if (unit instanceof DiscoveredUnit.Broken broken) {
                out.append(": ").append(tree.shown(broken.problems()));
            }
            out.append('\n');
        }
        return out.toString();
    }

    @Test
    void whatIsFetchedIsRefusedAndTheRestIsMade() {
        stack(unit("a", "git::https://example.org/catalog.git//unit?ref=v1", "")
                + unit("b", "github.com/acme/catalog//unit", "")
                + unit("c", "tfr:///acme/unit/any?version=1.0.0", "")
                + unit("d", "git@github.com:acme/catalog.git//unit", "")
                + unit("e", "../catalog/plain", ""));
        String refused =
                "its source is remote, and only folders of this machine are read | generate it once with Terragrunt, whose result is read: terragrunt stack generate";
        assertEquals("""
                .terragrunt-stack/e
                .terragrunt-stack/a: live/terragrunt.stack.hcl:2:12+51 cannot generate unit "a": WHY
                .terragrunt-stack/b: live/terragrunt.stack.hcl:6:12+31 cannot generate unit "b": WHY
                .terragrunt-stack/c: live/terragrunt.stack.hcl:10:12+36 cannot generate unit "c": WHY
                .terragrunt-stack/d: live/terragrunt.stack.hcl:14:12+39 cannot generate unit "d": WHY
                """.replace("WHY", refused), found());
        tree.file("live/.terragrunt-stack/a/terragrunt.hcl", "inputs = { v = values.v }\n")
                .file("live/.terragrunt-stack/a/terragrunt.values.hcl", "v = 1\n")
                .file("live/.terragrunt-stack/a/terragrunt.autoinclude.hcl", "inputs = { w = 2 }\n");
        assertTrue(found().startsWith(".terragrunt-stack/a\n.terragrunt-stack/e\n.terragrunt-stack/b: "), this::found);
        assertEquals(
                "{v=Decimal[value=1], w=Decimal[value=2]}",
                live(ProgramRunner.refused())
                        .evaluate(tree.root().resolve("live/.terragrunt-stack/a"))
                        .inputs()
                        .toString());
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        tree.file("catalog/stack/terragrunt.stack.hcl", unit("n", "../unit", ""));
        stack(unit("a", "../catalog/gone", "")
                + unit("b", "file:///catalog/unit", "")
                + unit("c", "../catalog", "")
                + "stack \"s\" {\n  source = \"../catalog/stack\"\n  path   = \"s\"\n}\n");
        assertEquals("""
                .terragrunt-stack/a: live/terragrunt.stack.hcl:2:12+17 cannot generate unit "a": there is no folder ROOT/catalog/gone | a relative source starts from live
                .terragrunt-stack/b: live/terragrunt.stack.hcl:6:12+22 cannot generate unit "b": there is no folder file:/catalog/unit | write the path without file://
                .terragrunt-stack/c: live/terragrunt.stack.hcl:9:1+8 cannot generate unit "c": there is no terragrunt.hcl in its source ROOT/catalog | name a folder that has one
                .terragrunt-stack/s/.terragrunt-stack/n: catalog/stack/terragrunt.stack.hcl:2:12+9 cannot generate unit "n": there is no folder .terragrunt-stack/unit | this stack is generated in .terragrunt-stack/s, and its paths start from there; write: source = "${get_repo_root()}/…"
                """, found());
    }

    @Test
    void mistakesOfAStackAreReportedAtOnce() {
        stack("inputs = {}\nunits \"u\" {}\nunit {}\n" + unit("", "x", "") + "unit \"p\" {}\n");
        assertEquals("""
                live: live/terragrunt.stack.hcl:1:1+6 unknown attribute "inputs" of a stack: it has blocks only: unit, stack, locals, include
                live/terragrunt.stack.hcl:2:1+9 unknown block "units" of a stack: known here: unit, stack, locals, include | did you mean "unit"?
                live/terragrunt.stack.hcl:3:1+4 cannot use this unit: it needs one label, its name
                live/terragrunt.stack.hcl:4:1+7 cannot use this unit: it needs one label, its name
                live/terragrunt.stack.hcl:8:1+8 cannot generate unit "p": it has no source | add to the block: source = "…"
                live/terragrunt.stack.hcl:8:1+8 cannot generate unit "p": it has no path | add to the block: path = "…"
                """, found());
        stack(unit("a", "../catalog/plain", "  values = [1]\n")
                + unit("a", "../catalog/plain", "")
                + "unit \"b\" {\n  source = \"../catalog/plain\"\n  path   = \"../x\"\n}\n"
                + "unit \"c\" {\n  source = \"../catalog/plain\"\n  path   = \"/x\"\n}\n");
        assertEquals("""
                live: live/terragrunt.stack.hcl:6:1+8 cannot generate unit "a": another one has the same path | give each its own path
                live/terragrunt.stack.hcl:12:12+6 cannot generate unit "b": its path leads out of .terragrunt-stack | a path starts from .terragrunt-stack and stays below it
                live/terragrunt.stack.hcl:16:12+4 cannot generate unit "c": its path is absolute | a path starts from .terragrunt-stack and stays below it
                """, found());
    }

    @Test
    void aStackThatHoldsItselfEnds() {
        tree.file("loop/terragrunt.stack.hcl", """
                stack "x" {
                  source = "${get_repo_root()}/loop"
                  path   = "x"
                }
                stack "y" {
                  source = "${get_repo_root()}/loop"
                  path   = "y"
                }
                """);
        stack("stack \"s\" {\n  source = \"../loop\"\n  path   = \"s\"\n}\n");
        String found = found();
        assertTrue(found.contains("cannot generate stack \"x\": more than 12 stacks are nested"), found::toString);
        tree.file("self/terragrunt.hcl", "").file("self/in/terragrunt.stack.hcl", unit("u", "..", ""));
        assertFalse(Workspace.open(tree.root().resolve("self"), EvaluationSettings.validating(Map.of()))
                .discover()
                .isEmpty());
    }

    @Test
    void aProgramIsNotRunToLook() {
        stack("locals {\n  d = run_cmd(\"cat\", \"where\")\n}\n"
                + unit("a", "../catalog/unit", "  values = { name = local.d }\n"));
        assertEquals(".terragrunt-stack/a\n", found());
        Unit looked = live(ProgramRunner.refused()).evaluate(tree.root().resolve("live/.terragrunt-stack/a"));
        assertEquals("{name=Unknown[]}", looked.inputs().toString());
        Unit run = live((command, directory) -> directory + "\n")
                .evaluate(tree.root().resolve("live/.terragrunt-stack/a"));
        assertEquals(
                "{name=Text[value=%s]}".formatted(tree.root().resolve("live")),
                run.inputs().toString());
        stack(unit("a", "${run_cmd(\"cat\")}", ""));
        assertEquals("""
                .terragrunt-stack/a: live/terragrunt.stack.hcl:2:12+19 cannot generate unit "a": its source is the output of a program, and programs do not run when a tree is only read | give the command run programs
                """, found());
    }

    @Test
    void whatTerragruntMadeOfAStackThatWeCannotReadIsTaken() {
        stack("unit \"a\" {\n  source = \"../catalog/plain\"\n  path   = run_cmd(\"cat\")\n}\n");
        String cannot =
                "live: live/terragrunt.stack.hcl:3:12+14 cannot generate unit \"a\": its path is the output of a program, "
                        + "and programs do not run when a tree is only read | give the command run programs\n";
        assertEquals(cannot, found());
        tree.file("live/.terragrunt-stack/x/terraform.tfstate", "{}");
        assertEquals(cannot, found());
        tree.file("live/.terragrunt-stack/x/terragrunt.hcl", "");
        assertEquals(".terragrunt-stack/x\n", found());
    }

    @Test
    void whatAStackDoesNotKnowIsReportedWhereItIsUsed() {
        stack(unit("a", "../catalog/unit", "  values = { name = get_aws_account_id() }\n")
                + unit("b", "../catalog/plain", "  values = { name = get_aws_account_id() }\n"));
        assertEquals(
                "live/terragrunt.stack.hcl:4:21+20 cannot call get_aws_account_id: it would query a cloud, which is not supported",
                tree.problems(live(ProgramRunner.refused()), "live/.terragrunt-stack/a"));
        assertEquals("none", tree.problems(live(ProgramRunner.refused()), "live/.terragrunt-stack/b"));
    }

    @Test
    void whatIsLeftAloneIsANoteOfTheUnit() {
        stack(unit("a", "../catalog/plain", "  vaules = { name = 1 }\n  mutable = true\n"));
        assertEquals(
                List.of("live/terragrunt.stack.hcl:4:3: vaules was read and left alone"),
                live(ProgramRunner.refused()).evaluate(tree.root().resolve("live/.terragrunt-stack/a")).notes().stream()
                        .map(note -> note.replace(tree.root() + "/", ""))
                        .toList());
    }

    @Test
    void valuesThatAreMissingAreThoseOfOneUnit() {
        stack(unit("a", "../catalog/unit", "  values = { nam = 1 }\n") + unit("b", "../catalog/unit", ""));
        assertEquals(
                "catalog/unit/terragrunt.hcl:1:19+11 unknown name \"values.name\": unit \"a\" of the stack is given nam | did you mean \"nam\"?",
                tree.problems(live(ProgramRunner.refused()), "live/.terragrunt-stack/a"));
        assertEquals(
                "catalog/unit/terragrunt.hcl:1:19+11 cannot use values: unit \"b\" of the stack is given none | add to its block: values = { NAME = … }",
                tree.problems(live(ProgramRunner.refused()), "live/.terragrunt-stack/b"));
    }

    @Test
    void aUnitOfABrokenStackSaysWhatIsWrongWithIt() {
        stack("unit \"a\" {\n");
        assertEquals(
                "live/terragrunt.stack.hcl:1:10+1 cannot parse terragrunt.stack.hcl: this \"{\" is never closed",
                tree.problems(live(ProgramRunner.refused()), "live/.terragrunt-stack/a"));
        assertEquals(
                "cannot read unit live: it is a stack, not a unit | name one of the units that it generates: graph shows them",
                tree.problems(stack(unit("a", "../catalog/plain", "")).open(), "live"));
    }

    @Test
    void aDependencyOnAStackHasTheOutputsOfItsUnits() {
        stack(unit("a", "../catalog/plain", "") + unit("b", "../catalog/plain", ""));
        tree.file("live/uses/terragrunt.hcl", """
                dependency "s" {
                  config_path  = ".."
                  mock_outputs = { b = { id = "mock" } }
                }
                inputs = { a = dependency.s.outputs.a.id, b = dependency.s.outputs.b.id }
                """);
        Path live = tree.root().resolve("live");
        Path a = live.resolve(".terragrunt-stack/a");
        OutputsSource recorded = (unit, home) -> unit.equals(a) ? new TreeMap<>(Map.of("id", Value.of("real"))) : null;
        EvaluationSettings looking = new EvaluationSettings(
                "validate", new TreeMap<>(), recorded, MockPolicy.MOCKS_ALLOWED, ProgramRunner.refused());
        Unit uses = Workspace.open(live, looking).evaluate(live.resolve("uses"));
        assertEquals("{a=Text[value=real], b=Text[value=mock]}", uses.inputs().toString());
        assertEquals(
                "s.a .terragrunt-stack/a RECORDED [id]; s.b .terragrunt-stack/b MOCKED [id]",
                uses.dependencies().stream()
                        .map(one -> "%s %s %s %s"
                                .formatted(one.name(), live.relativize(one.directory()), one.outputs(), one.used()))
                        .collect(java.util.stream.Collectors.joining("; ")));
        assertEquals(
                "live/uses/terragrunt.hcl:1:1+14 dependency \"s\" has no outputs of \"b\" yet: nothing is recorded for .terragrunt-stack/b | run: apply in ROOT/live/.terragrunt-stack/b",
                tree.problems(
                        Workspace.open(live, EvaluationSettings.applying(Map.of(), recorded, ProgramRunner.refused())),
                        "live/uses"));
        assertEquals(
                "{a=Unknown[], b=Unknown[]}",
                Workspace.open(
                                live,
                                new EvaluationSettings(
                                        "plan",
                                        new TreeMap<>(),
                                        recorded,
                                        MockPolicy.NOTHING_KNOWN,
                                        ProgramRunner.refused()))
                        .evaluate(live.resolve("uses"))
                        .inputs()
                        .toString());
    }

    @Test
    void foldersAreThoseOfTheDiskAndThoseThatStacksMake() {
        stack(unit("a", "../catalog/plain", ""));
        Workspace workspace = live(ProgramRunner.refused());
        Path live = tree.root().resolve("live");
        assertTrue(workspace.isUnit(live.resolve(".terragrunt-stack/a")));
        assertTrue(workspace.isFolder(live.resolve(".terragrunt-stack")));
        assertFalse(workspace.isFolder(live.resolve(".terragrunt-stack/b")));
        assertFalse(workspace.isUnit(live));
        assertEquals(
                "[a]",
                Workspace.open(live.resolve(".terragrunt-stack"), EvaluationSettings.validating(Map.of()))
                        .discover()
                        .stream()
                        .map(DiscoveredUnit::name)
                        .toList()
                        .toString());
    }
}
