package dev.talosforge.config.text;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** JSON and YAML, which need more than the JDK and are therefore separate from the language's other functions. */
public final class DataFunctions {
    private DataFunctions() {}

    public static List<Function> all() {
        return List.of(
                Function.of("jsonencode(val)", a -> Value.of(ValueText.json(a.value(0)))),
                Function.of("jsondecode(str)", DataFunctions::jsonDecode),
                Function.of("yamlencode(value)", a -> Value.of(YamlEncode.of(a.value(0)))),
                Function.of("yamldecode(src)", YamlReader::read));
    }

    private static Value jsonDecode(Arguments arguments) {
        try {
            return ValueJson.fromJson(
                    JsonReader.read("the text", arguments.text(0).getBytes(StandardCharsets.UTF_8)));
        } catch (FormatException e) {
            throw arguments.failure(0, String.valueOf(e.getMessage()));
        }
    }
}
