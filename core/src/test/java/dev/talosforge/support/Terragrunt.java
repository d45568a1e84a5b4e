package dev.talosforge.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.testkit.Judge;
import dev.talosforge.testkit.Judge.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The real Terragrunt with the real OpenTofu, without a network and with nobody to ask.
 *
 * @param home its home folder
 * @param more its environment; may name another binary and another configuration of it
 */
public record Terragrunt(Judge judge, Path home, SortedMap<String, String> more) {
    /** Every version that is compared with. */
    public static Stream<Judge> versions() {
        return Judge.all("terragrunt").stream();
    }

    public Result run(Path unit, String... arguments) throws Exception {
        SortedMap<String, String> environment = new TreeMap<>(more);
        environment.put("HOME", home.toString());
        environment.putIfAbsent("TG_TF_PATH", Judge.only("tofu").program().toString());
        environment.putIfAbsent("TF_CLI_CONFIG_FILE", "/dev/null");
        environment.put("CHECKPOINT_DISABLE", "1");
        // 0.96 would read the whole tree again for each unit that is rendered.
        environment.put("TG_RENDER_DISABLE_DEPENDENT_MODULES", "true");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--non-interactive");
        all.add("--no-color");
        return judge.run(unit, environment, all.toArray(String[]::new));
    }

    /** A unit as it is after evaluation. Errors are told on the other stream only, with exit code 0. */
    public JsonObject rendered(Path unit) throws Exception {
        Result result = run(unit, "render", "--json");
        assertEquals(0, result.code(), result::toString);
        return JsonReader.readObject(judge.toString(), result.out().getBytes(StandardCharsets.UTF_8));
    }

    /** Empty for a unit that has none. */
    public JsonObject inputs(Path unit) throws Exception {
        Json inputs = rendered(unit).get("inputs");
        return inputs instanceof JsonObject object ? object : Json.object().build();
    }
}
