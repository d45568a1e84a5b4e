package dev.talosforge.pipeline.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Terraform modules have exactly the inputs that the stages read. */
class ModuleVariablesTest {
    /** Terraform reserves the name of an input; the program accepts both. */
    private static final Map<String, String> RENAMED = Map.of("version", "extension_version");

    private static Body file(StageModule module, String name) throws IOException {
        Path file = Path.of("modules", module.module(), name);
        return HclParser.parse(SourceText.of(file, Files.readString(file)));
    }

    private static SortedMap<String, Body> variables(StageModule module, String name) throws IOException {
        SortedMap<String, Body> variables = new TreeMap<>();
        for (Body.Block block : file(module, name).blocks("variable")) {
            variables.put(block.labels().getFirst(), block.body());
        }
        return variables;
    }

    /** What {@code local.inputs} hands on: the input, and the expression for it. */
    private static SortedMap<String, String> handedOn(StageModule module) throws IOException {
        Body.Attribute inputs =
                file(module, "main.tf").blocks("locals").getFirst().body().attribute("inputs");
        SortedMap<String, String> handed = new TreeMap<>();
        if (inputs != null
                && inputs.value() instanceof Expression.ObjectConstructor(List<Expression.ObjectItem> items, var _)) {
            items.forEach(item ->
                    handed.put(item.key().range().text(), item.value().range().text()));
        }
        return handed;
    }

    private static SortedSet<String> expected(StageModule module) {
        SortedSet<String> names = new TreeSet<>();
        StageInputNames.of(module).forEach(name -> names.add(RENAMED.getOrDefault(name, name)));
        return names;
    }

    @ParameterizedTest
    @EnumSource
    void everyInputIsAVariable(StageModule module) throws Exception {
        assertEquals(expected(module), variables(module, "variables.tf").keySet());
    }

    @ParameterizedTest
    @EnumSource
    void everyVariableIsHandedOn(StageModule module) throws Exception {
        SortedSet<String> names = new TreeSet<>();
        handedOn(module).forEach((name, value) -> {
            String variable = RENAMED.getOrDefault(name, name);
            assertTrue(value.contains("var." + variable), () -> name + " = " + value);
            names.add(variable);
        });
        assertEquals(expected(module), names);
    }

    @ParameterizedTest
    @EnumSource
    void everyVariableHasATypeAndADescription(StageModule module) throws Exception {
        SortedMap<String, Body> all = variables(module, "variables.tf");
        all.putAll(variables(module, "forge.tf"));
        all.forEach((name, body) -> {
            Body.Attribute description = body.attribute("description");
            assertTrue(body.attribute("type") != null && description != null, name);
            assertTrue(description.value().range().text().endsWith(".\""), name);
        });
    }

    /** The program's defaults are not repeated, so that they cannot differ. */
    @ParameterizedTest
    @EnumSource
    void everyDefaultIsTheProgram(StageModule module) throws Exception {
        variables(module, "variables.tf").forEach((name, body) -> {
            Body.Attribute usual = body.attribute("default");
            assertTrue(usual == null || usual.value().range().text().equals("null"), name);
        });
    }

    @ParameterizedTest
    @EnumSource
    void modulesRunTheProgramInTheSameWay(StageModule module) throws Exception {
        for (String name : List.of("forge.tf", "versions.tf")) {
            assertEquals(
                    Files.readString(Path.of("modules", StageModule.IMAGES.module(), name)),
                    Files.readString(Path.of("modules", module.module(), name)));
        }
        assertTrue(Files.readString(Path.of("modules", module.module(), "main.tf"))
                .contains("stage = \"%s\"".formatted(module.module())));
    }
}
