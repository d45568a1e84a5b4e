package dev.talosforge.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatePlaceTest {
    private static final Path UNIT = Path.of("/tree/unit");

    @Test
    void theDefaultWorkspaceIsWherePathSays() {
        assertEquals(Path.of("/tree/unit/terraform.tfstate"), StatePlace.of(UNIT, null, null, "default"));
        assertEquals(Path.of("/tree/unit/terraform.tfstate"), StatePlace.of(UNIT, null, "spaces", "default"));
        assertEquals(Path.of("/tree/state/u.json"), StatePlace.of(UNIT, "../state/u.json", null, "default"));
        assertEquals(Path.of("/var/u.json"), StatePlace.of(UNIT, "/var/u.json", null, "default"));
    }

    @Test
    void anotherWorkspaceHasAFolderAndNothingOfPath() {
        assertEquals(
                Path.of("/tree/unit/terraform.tfstate.d/lab/terraform.tfstate"),
                StatePlace.of(UNIT, "../state/u.json", null, "lab"));
        assertEquals(
                Path.of("/tree/spaces/lab/terraform.tfstate"),
                StatePlace.of(UNIT, "../state/u.json", "../spaces", "lab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "v1.12.0-test", "_~$&+=:@", "...", "DEFAULT"})
    void namesThatTerraformTakes(String name) {
        assertEquals(
                UNIT.resolve("terraform.tfstate.d").resolve(name).resolve("terraform.tfstate"),
                StatePlace.of(UNIT, null, null, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a%20b", "a;b", "é", "a\nb"})
    void namesThatItDoesNot(String name) {
        BuildException refused = assertThrows(BuildException.class, () -> StatePlace.of(UNIT, null, null, name));
        assertEquals(
                Problem.failed(
                                Problem.Kind.INVALID_INPUT,
                                "cannot use the workspace \"%s\"".formatted(name.replace('\n', '?')))
                        .because("use 1 to 90 letters, digits and _ . ~ $ & + = : @ - for a name other than . and ..")
                        .trying("select another workspace, or none"),
                refused.problems().getFirst());
    }

    @Test
    void aNameIsBounded() {
        assertThrows(BuildException.class, () -> StatePlace.of(UNIT, null, null, "a".repeat(91)));
    }

    @Test
    void anEmptyPathIsRefusedAsByTerraform() {
        BuildException path = assertThrows(BuildException.class, () -> StatePlace.of(UNIT, "", null, "default"));
        assertEquals(
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot place the state of /tree/unit")
                        .because("path of the backend \"local\" is empty")
                        .trying("set path of the backend \"local\" to a path, or leave it out"),
                path.problems().getFirst());
        BuildException folder = assertThrows(BuildException.class, () -> StatePlace.of(UNIT, null, "a\0", "lab"));
        assertEquals(
                "workspace_dir of the backend \"local\" is not a path: Nul character not allowed",
                folder.problems().getFirst().why());
    }

    @Test
    void theSelectedWorkspace(@TempDir Path data) throws Exception {
        assertEquals("default", StatePlace.selected(null, data));
        assertEquals("default", StatePlace.selected("", data));
        Files.writeString(data.resolve("environment"), "lab\n");
        assertEquals("lab", StatePlace.selected(null, data));
        assertEquals("other", StatePlace.selected("other", data));
        Files.writeString(data.resolve("environment"), " ");
        assertEquals("default", StatePlace.selected(null, data));
        Files.writeString(data.resolve("environment"), "a".repeat(2000));
        BuildException refused = assertThrows(BuildException.class, () -> StatePlace.selected(null, data));
        assertEquals(
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot read the workspace from " + data)
                        .because("%s at offset 0 (0x0): 2000 bytes; the limit is 1024"
                                .formatted(data.resolve("environment")))
                        .trying("select it again: terraform workspace select NAME"),
                refused.problems().getFirst());
    }
}
