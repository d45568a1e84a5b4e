package dev.talosforge.cli.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Option;

class GlobalOptionsTest {
    private static List<Field> options() {
        return Arrays.stream(GlobalOptions.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(Option.class))
                .toList();
    }

    private static Object given(Field option) {
        return switch (option.getType().getSimpleName()) {
            case "boolean" -> true;
            case "Path" -> Path.of("given");
            case "String" -> "given";
            case "List" -> new ArrayList<>(List.of("given"));
            default -> throw new IllegalStateException("a new kind of option: " + option);
        };
    }

    /** Options may stand before a command or behind it: one that is added is not forgotten on one of the sides. */
    @Test
    void everyOptionCountsOnBothSidesOfACommand() throws Exception {
        List<String> lost = new ArrayList<>();
        for (Field option : options()) {
            GlobalOptions with = new GlobalOptions();
            option.set(with, given(option));
            for (GlobalOptions merged : List.of(
                    GlobalOptions.merge(with, new GlobalOptions()), GlobalOptions.merge(new GlobalOptions(), with))) {
                if (!given(option).equals(option.get(merged))) {
                    lost.add(option.getName());
                }
            }
        }
        assertEquals(List.of(), lost);
        assertEquals(16, options().size());
    }
}
