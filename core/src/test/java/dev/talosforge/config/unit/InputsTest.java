package dev.talosforge.config.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.config.TreeFolder;
import dev.talosforge.config.text.ValueJson;
import dev.talosforge.json.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {
    @TempDir
    Path folder;

    @Test
    void readsTypedInputs() {
        TreeFolder tree = TreeFolder.in(folder).file("u/terragrunt.hcl", """
                inputs = {
                  text = "a"
                  list = ["a", 1]
                  map  = { a = 1 }
                  yes  = "true"
                  size = 5
                  none = null
                }
                """);
        Inputs inputs = Inputs.of(tree.unit("u"));
        assertEquals("a", inputs.text("text"));
        assertEquals(List.of("a", "1"), inputs.texts("list"));
        assertEquals("{a=1}", inputs.textMap("map").toString());
        assertEquals(true, inputs.bool("yes", false));
        assertEquals(5, inputs.whole("size", 1, 9, 3));
        assertEquals(3, inputs.whole("none", 1, 9, 3));
        assertNull(inputs.optionalText("none"));
        inputs.check();
        assertEquals(List.of(), inputs.unknown(List.of()));
        assertEquals(
                "{\"list\":[\"a\",1],\"map\":{\"a\":1},\"none\":null,\"size\":5,\"text\":\"a\",\"yes\":\"true\"}",
                ((Json) ValueJson.toJson(tree.unit("u").inputs())).compact());
    }

    @Test
    void reportsAllProblemsWithTheirPlaces() {
        TreeFolder tree = TreeFolder.in(folder).file("u/terragrunt.hcl", """
                inputs = merge({
                  talos_verison = "v1"
                  list          = "a"
                }, {
                  list = ["a", []]
                  size = 12
                  map  = []
                })
                """);
        Inputs inputs = Inputs.of(tree.unit("u"));
        inputs.text("talos_version");
        inputs.texts("list");
        inputs.whole("size", 1, 9, 3);
        inputs.textMap("map");
        assertEquals("""
                cannot use input "talos_version" of u: the unit does not set it | rename "talos_verison" to "talos_version"
                u/terragrunt.hcl:5:10+9 cannot use input "list" of u: item 1 is a tuple, expected a list of texts
                u/terragrunt.hcl:6:10+2 cannot use input "size" of u: it is 12, expected a whole number from 1 to 9
                u/terragrunt.hcl:7:10+2 cannot use input "map" of u: it is a tuple, expected a map of texts""", tree.shown(inputs.problems()));
        assertEquals(
                "u/terragrunt.hcl:2:19+4 unknown input \"talos_verison\" of u: no input has this name"
                        + " | did you mean \"talos_version\"?",
                tree.shown(inputs.unknown(List.of())));
    }

    @Test
    void whatIsNotKnownYetIsNoProblemForALook() {
        TreeFolder tree = TreeFolder.in(folder);
        tree.file(
                "u/terragrunt.hcl",
                "inputs = {\n  a = run_cmd(\"a\")\n  b = [run_cmd(\"b\"), \"c\"]\n  d = \"d\"\n  e = [1]\n}\n");
        Inputs looking = Inputs.forLooking(tree.unit("u"));
        assertEquals("", looking.text("a"));
        assertEquals(List.of(), looking.texts("b"));
        assertEquals("d", looking.text("d"));
        assertEquals(List.of("a", "b"), List.copyOf(looking.notKnownYet()));
        assertEquals(List.of(), looking.problems());
        looking.text("e");
        looking.text("f");
        assertEquals(2, looking.problems().size());
        Inputs acting = Inputs.of(tree.unit("u"));
        acting.texts("b");
        assertEquals(
                "u/terragrunt.hcl:3:7+19 cannot use input \"b\" of u: it is known only when it is applied: it comes"
                        + " from a program or from outputs that are not recorded yet",
                tree.shown(acting.problems()));
    }
}
