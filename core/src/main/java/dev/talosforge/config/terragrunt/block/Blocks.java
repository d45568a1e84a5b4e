package dev.talosforge.config.terragrunt.block;

import dev.talosforge.config.hcl.value.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Blocks as values: with Terragrunt's defaults of attributes that are not set, and merged as Terragrunt merges them.
 * {@code render} and {@code read_terragrunt_config} of the real program show both.
 */
public final class Blocks {
    private static final List<String> HOOKS = List.of("before_hook", "after_hook", "error_hook", "extra_arguments");
    private static final List<String> COPIES = List.of("include_in_copy", "exclude_from_copy");

    private Blocks() {}

    /** A block of this type, with all attributes that Terragrunt shows. */
    public static Value complete(String type, Map<String, Value> set) {
        SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
        switch (type) {
            case "before_hook", "after_hook" -> nulls(members, "if", "run_on_error", "suppress_stdout", "working_dir");
            case "error_hook" -> nulls(members, "suppress_stdout", "working_dir");
            case "extra_arguments" ->
                nulls(members, "arguments", "env_vars", "optional_var_files", "required_var_files");
            case "terraform" -> {
                nulls(members, "source", "copy_terraform_lock_file", "include_in_copy", "exclude_from_copy");
                HOOKS.forEach(hooks -> members.put(hooks, Value.object(new TreeMap<>())));
            }
            case "remote_state" -> {
                nulls(members, "encryption", "generate");
                members.put("config", Value.object(new TreeMap<>()));
                members.put("disable_dependency_optimization", Value.of(false));
                members.put("disable_init", Value.of(false));
            }
            case "generate" -> {
                nulls(members, "hcl_fmt", "mutable");
                members.put("comment_prefix", Value.of("# "));
                members.put("disable", Value.of(false));
                members.put("disable_signature", Value.of(false));
                members.put("if_disabled", Value.of("skip"));
            }
            case "exclude" -> {
                members.put("exclude_dependencies", Value.of(false));
                members.put("no_run", Value.of(false));
            }
            case "ignore" -> {
                members.put("message", Value.of(""));
                members.put("signals", Value.object(new TreeMap<>()));
            }
            default -> {}
        }
        members.putAll(set);
        return Value.object(members);
    }

    private static void nulls(SortedMap<String, Value> members, String... names) {
        for (String name : names) {
            members.put(name, Value.ofNull());
        }
    }

    /** Merges attribute by attribute, and hooks and further arguments by their names. */
    public static Value terraform(Value lower, Value upper, boolean deep) {
        if (!(lower instanceof Value.Mapping(var _, var below))
                || !(upper instanceof Value.Mapping(var _, var above))) {
            return upper instanceof Value.Null ? lower : upper;
        }
        SortedMap<String, Value> members = new TreeMap<>(below);
        for (String name : List.of("source", "version", "copy_terraform_lock_file")) {
            Value set = above.get(name);
            if (set != null && !(set instanceof Value.Null)) {
                members.put(name, set);
            }
        }
        for (String type : HOOKS) {
            SortedMap<String, Value> hooks = new TreeMap<>(members(below, type));
            hooks.putAll(members(above, type));
            members.put(type, Value.object(hooks));
        }
        if (deep) {
            COPIES.forEach(name -> members.put(name, copies(below.get(name), above.get(name))));
        }
        return Value.object(members);
    }

    private static Value copies(@Nullable Value lower, @Nullable Value upper) {
        List<Value> both = new ArrayList<>(items(upper));
        both.addAll(items(lower));
        return both.isEmpty() ? Value.ofNull() : Value.list(both);
    }

    public static Value exclude(Value lower, Value upper, boolean deep) {
        if (!deep
                || !(lower instanceof Value.Mapping(var _, var below))
                || !(upper instanceof Value.Mapping(var _, var above))) {
            return upper instanceof Value.Null ? lower : upper;
        }
        SortedMap<String, Value> members = new TreeMap<>(above);
        Value actions = below.get("actions");
        if (items(above.get("actions")).isEmpty() && actions != null) {
            members.put("actions", actions);
        }
        return Value.object(members);
    }

    public static Value paths(Value lower, Value upper, boolean deep) {
        if (!(lower instanceof Value.Sequence(var _, var below))
                || !(upper instanceof Value.Sequence(var _, var above))) {
            return upper instanceof Value.Null ? lower : upper;
        }
        List<Value> both = new ArrayList<>(below);
        both.addAll(above.stream().filter(path -> deep || !below.contains(path)).toList());
        return Value.list(both);
    }

    public static Value errors(Value lower, Value upper, boolean deep) {
        if (!deep
                || !(lower instanceof Value.Mapping(var _, var below))
                || !(upper instanceof Value.Mapping(var _, var above))) {
            return upper instanceof Value.Null ? lower : upper;
        }
        SortedMap<String, Value> members = new TreeMap<>();
        for (String type : List.of("ignore", "retry")) {
            SequencedMap<String, Value> byName = new LinkedHashMap<>();
            items(below.get(type)).forEach(block -> byName.put(name(block), block));
            items(above.get(type)).forEach(block -> byName.merge(name(block), block, Blocks::errorsOfOneName));
            if (!byName.isEmpty()) {
                members.put(type, Value.tuple(List.copyOf(byName.values())));
            }
        }
        return Value.object(members);
    }

    private static Value errorsOfOneName(Value lower, Value upper) {
        SortedMap<String, Value> members = new TreeMap<>(of(lower));
        of(upper).forEach((name, value) -> {
            switch (value) {
                case Value.Sequence(var _, var items) -> {
                    List<Value> both = new ArrayList<>(items(members.get(name)));
                    items.stream().filter(item -> !both.contains(item)).toList().forEach(both::add);
                    members.put(name, Value.list(both));
                }
                case Value.Mapping(var _, var signals) -> {
                    SortedMap<String, Value> both = new TreeMap<>(members(members, name));
                    both.putAll(signals);
                    members.put(name, Value.object(both));
                }
                case Value.Decimal(BigDecimal number) when number.signum() <= 0 -> {}
                case Value.Text(String text) when text.isEmpty() -> {}
                default -> members.put(name, value);
            }
        });
        return Value.object(members);
    }

    private static String name(Value block) {
        return of(block).get("name") instanceof Value.Text(String name) ? name : "";
    }

    private static SortedMap<String, Value> of(Value block) {
        return block instanceof Value.Mapping(var _, var members) ? members : new TreeMap<>();
    }

    private static SortedMap<String, Value> members(SortedMap<String, Value> block, String name) {
        return of(block.getOrDefault(name, Value.ofNull()));
    }

    private static List<Value> items(@Nullable Value list) {
        return list instanceof Value.Sequence(var _, var items) ? items : List.of();
    }
}
