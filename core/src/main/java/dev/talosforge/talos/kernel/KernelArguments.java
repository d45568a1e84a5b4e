package dev.talosforge.talos.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A kernel command line as Talos edits it: keys in order, each with a list of values. Immutable.
 *
 * <p>A key keeps its place when its values change; a key that lost all its values keeps it invisibly. An empty value is
 * printed as the key alone.
 */
public final class KernelArguments {
    private static final KernelArguments EMPTY = new KernelArguments(new LinkedHashMap<>());

    private final SequencedMap<String, List<String>> values;

    private KernelArguments(SequencedMap<String, List<String>> values) {
        this.values = values;
    }

    public static KernelArguments empty() {
        return EMPTY;
    }

    /** Split at white space, each word at its first {@code =}. */
    public static KernelArguments parse(String line) {
        String stripped = line.strip();
        return stripped.isEmpty() ? EMPTY : of(List.of(stripped.split("\\s+", -1)));
    }

    /** One argument each; a repeated key adds its value at the key's first place. */
    public static KernelArguments of(List<String> arguments) {
        SequencedMap<String, List<String>> grouped = new LinkedHashMap<>();
        for (String argument : arguments) {
            int split = argument.indexOf('=');
            String key = split < 0 ? argument : argument.substring(0, split);
            String value = split < 0 ? "" : argument.substring(split + 1);
            grouped.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
        }
        return new KernelArguments(grouped);
    }

    /** Adds a value to the key, which is added at the end if missing. */
    public KernelArguments append(String key, String value) {
        return change(changed -> append(changed, key, value));
    }

    /** Replaces all values of the key, in its place. */
    public KernelArguments set(String key, List<String> newValues) {
        return change(changed -> changed.put(key, new ArrayList<>(newValues)));
    }

    /** Replaces each key of {@code arguments} by all values it has there. */
    public KernelArguments setAll(List<String> arguments) {
        return change(changed -> of(arguments).values.forEach((key, list) -> changed.put(key, new ArrayList<>(list))));
    }

    /** Removes these values; missing ones are no error. */
    public KernelArguments delete(String key, List<String> unwanted) {
        return change(changed -> delete(changed, key, unwanted));
    }

    /** Adds every value of {@code arguments}. */
    public KernelArguments appendAll(List<String> arguments) {
        return appendAll(arguments, Set.of(), false);
    }

    /**
     * Adds arguments, key by key in the order in which each is first named.
     *
     * @param overwrite keys whose values are replaced in their place
     * @param negated whether {@code -key} removes the key and {@code -key=value} that value
     */
    public KernelArguments appendAll(List<String> arguments, Set<String> overwrite, boolean negated) {
        return change(changed -> of(arguments).values.forEach((key, list) -> {
            if (negated && key.length() > 1 && key.startsWith("-")) {
                String unwanted = key.substring(1);
                if (list.getFirst().isEmpty()) {
                    changed.remove(unwanted);
                } else {
                    delete(changed, unwanted, list);
                }
            } else if (overwrite.contains(key)) {
                changed.put(key, new ArrayList<>(list));
            } else {
                list.forEach(value -> append(changed, key, value));
            }
        }));
    }

    /** The values of a key; none if it is missing. */
    public List<String> values(String key) {
        return List.copyOf(values.getOrDefault(key, List.of()));
    }

    /** The command line: one blank between arguments, no newline. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(value -> value.isEmpty() ? entry.getKey() : entry.getKey() + "=" + value))
                .collect(Collectors.joining(" "));
    }

    private KernelArguments change(java.util.function.Consumer<SequencedMap<String, List<String>>> edit) {
        SequencedMap<String, List<String>> changed = new LinkedHashMap<>();
        values.forEach((key, list) -> changed.put(key, new ArrayList<>(list)));
        edit.accept(changed);
        return new KernelArguments(changed);
    }

    private static void append(SequencedMap<String, List<String>> changed, String key, String value) {
        changed.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
    }

    private static void delete(SequencedMap<String, List<String>> changed, String key, List<String> unwanted) {
        List<String> list = changed.get(key);
        if (list != null) {
            list.removeAll(unwanted);
        }
    }
}
