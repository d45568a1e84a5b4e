package dev.talosforge.config;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.config.hcl.Arguments;
import dev.talosforge.config.hcl.Function;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.config.hcl.ValueText;
import dev.talosforge.json.JsonReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** JSON and YAML, which need more than the JDK and so do not stand with the language's own functions. */
final class DataFunctions {
    private static final int MAX_DEPTH = 64;

    private DataFunctions() {}

    static List<Function> all() {
        return List.of(
                Function.of("jsonencode", 1, 1, a -> Value.of(ValueText.json(a.value(0)))),
                Function.of("jsondecode", 1, 1, DataFunctions::jsonDecode),
                Function.of("yamlencode", 1, 1, a -> Value.of(YamlText.of(a.value(0)))),
                Function.of("yamldecode", 1, 1, DataFunctions::yamlDecode));
    }

    private static Value jsonDecode(Arguments arguments) {
        try {
            return ValueJson.fromJson(
                    JsonReader.read("the text", arguments.text(0).getBytes(StandardCharsets.UTF_8)));
        } catch (FormatException e) {
            throw arguments.failure(0, String.valueOf(e.getMessage()));
        }
    }

    private static Value yamlDecode(Arguments arguments) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(50)
                .setCodePointLimit(4 << 20)
                .build();
        try {
            return yaml(arguments, new Load(settings).loadFromString(arguments.text(0)), 0);
        } catch (YamlEngineException e) {
            String message = String.valueOf(e.getMessage());
            throw arguments.failure(
                    0, "it is not YAML: " + message.lines().findFirst().orElse(message));
        }
    }

    private static Value yaml(Arguments arguments, @Nullable Object loaded, int depth) {
        if (depth > MAX_DEPTH) {
            throw arguments.failure(0, "the YAML is nested more than %d levels deep".formatted(MAX_DEPTH));
        }
        return switch (loaded) {
            case null -> Value.ofNull();
            case String text -> Value.of(text);
            case Boolean bool -> Value.of(bool.booleanValue());
            case Integer number -> Value.of(number.longValue());
            case Long number -> Value.of(number.longValue());
            case BigInteger number -> Value.of(number);
            case Double number -> {
                if (number.isNaN() || number.isInfinite()) {
                    throw arguments.failure(0, "a number is not finite");
                }
                yield Value.of(BigDecimal.valueOf(number));
            }
            case List<?> list -> {
                List<Value> items = new ArrayList<>();
                for (Object item : list) {
                    items.add(yaml(arguments, item, depth + 1));
                }
                yield Value.tuple(items);
            }
            case Map<?, ?> map -> {
                SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    members.put(String.valueOf(member.getKey()), yaml(arguments, member.getValue(), depth + 1));
                }
                yield Value.object(members);
            }
            default -> throw arguments.failure(0, "YAML values of this type are not supported");
        };
    }
}
