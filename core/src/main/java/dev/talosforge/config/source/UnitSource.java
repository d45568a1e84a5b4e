package dev.talosforge.config.source;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.ObjectItem;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.Where;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A unit as it is written: the places of its inputs and their items, and the dependencies that they come from.
 *
 * @param inputs by name, if their names are in the text
 * @param mocks dependency blocks that have mock outputs, by name
 * @param secrets inputs, or members of inputs, whose names mark them as secret and that are plain texts
 */
public record UnitSource(
        SequencedMap<String, Input> inputs,
        SequencedMap<String, Mock> mocks,
        SequencedMap<String, Where.Source> secrets) {
    private static final Pattern SECRET = Pattern.compile(
            "(?:.*_)?(?:password|passwd|passphrase|secret|secret_key|token|api_token|api_key|access_key|private_key|client_secret)");

    public UnitSource {
        inputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(inputs));
        mocks = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(mocks));
        secrets = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(secrets));
    }

    /**
     * An input.
     *
     * @param where its value is written, which may be a local of another file
     * @param items places of the items of a list that is written out; empty otherwise
     * @param texts the same items as texts; null for an item that is not a plain text
     * @param dependencies names of the dependencies that it comes from
     */
    public record Input(
            Where.Source where, List<Where.Source> items, List<@Nullable String> texts, Set<String> dependencies) {
        public Input {
            items = List.copyOf(items);
            dependencies = Set.copyOf(dependencies);
            texts = Collections.unmodifiableList(new ArrayList<>(texts));
        }

        /** The place of the item, if that is certain; otherwise the place of the input. */
        public Where.Source item(int position, String text) {
            return position < items.size() && text.equals(texts.get(position)) ? items.get(position) : where;
        }
    }

    /**
     * Mock outputs of a dependency.
     *
     * @param where the block begins
     * @param commands the attribute that lists their commands, as it is written; null if there is none
     * @param applied whether that attribute explicitly lists apply; mocks for a destroy are harmless
     */
    public record Mock(Where.Source where, Where.@Nullable Source commands, boolean applied) {}

    public static UnitSource of(Unit unit, SourceTrace trace) {
        SequencedMap<String, Input> inputs = new LinkedHashMap<>();
        SequencedMap<String, Mock> mocks = new LinkedHashMap<>();
        SequencedMap<String, Where.Source> secrets = new LinkedHashMap<>();
        List<Path> paths = new ArrayList<>(unit.includes());
        if (!unit.given()) {
            paths.add(unit.file());
        }
        for (Path path : paths) {
            SourceTrace.SourceFile file = trace.file(path);
            Body.Attribute attribute = file.body().attribute("inputs");
            if (attribute != null) {
                inputs(attribute.value(), file, trace, inputs);
                secrets(attribute.value(), "", secrets);
            }
            for (Body.Block block : file.body().blocks("dependency")) {
                mock(block, mocks);
            }
        }
        return new UnitSource(inputs, mocks, secrets);
    }

    /** Whether the value of an input is what an apply would use: neither a mock nor made from one. */
    public boolean isReal(String input, Unit unit) {
        List<String> mocked = unit.mockedDependencies();
        if (mocked.isEmpty()) {
            return true;
        }
        Input own = inputs.get(input);
        if (own == null) {
            return !unit.inputs().containsKey(input);
        }
        return !own.dependencies().contains(DependencyScan.ANY)
                && mocked.stream().noneMatch(own.dependencies()::contains);
    }

    private static void inputs(
            Expression expression, SourceTrace.SourceFile file, SourceTrace trace, SequencedMap<String, Input> inputs) {
        switch (expression) {
            case Expression.ObjectConstructor(List<ObjectItem> items, var _) -> {
                for (ObjectItem item : items) {
                    String name = SourceTrace.plain(item.key());
                    if (name != null) {
                        inputs.put(name, input(item.value(), file, trace));
                    }
                }
            }
            case Expression.Call call
            when call.name().equals("merge") ->
                call.arguments().forEach(argument -> inputs(argument, file, trace, inputs));
            case Expression.Parentheses(Expression inner, var _) -> inputs(inner, file, trace, inputs);
            default -> {}
        }
    }

    private static Input input(Expression value, SourceTrace.SourceFile file, SourceTrace trace) {
        Expression traced = trace.trace(value, file);
        List<Where.Source> places = new ArrayList<>();
        List<@Nullable String> texts = new ArrayList<>();
        if (traced instanceof Expression.Tuple(List<Expression> items, var _)) {
            for (Expression item : items) {
                places.add(item.range().where());
                texts.add(SourceTrace.plain(item));
            }
        }
        return new Input(traced.range().where(), places, texts, DependencyScan.dependencies(value, file));
    }

    private static void mock(Body.Block block, SequencedMap<String, Mock> mocks) {
        if (block.labels().size() != 1) {
            return;
        }
        String name = block.labels().getFirst();
        Body.Attribute outputs = block.body().attribute("mock_outputs");
        if (outputs == null) {
            mocks.remove(name); // a unit's own block replaces the included one of that name
            return;
        }
        Body.Attribute commands = block.body().attribute("mock_outputs_allowed_terraform_commands");
        boolean applied = commands != null
                && commands.value() instanceof Expression.Tuple(List<Expression> items, var _)
                && items.stream().map(SourceTrace::plain).anyMatch("apply"::equals);
        mocks.put(
                name,
                new Mock(
                        outputs.nameRange().where(),
                        commands == null ? null : commands.value().range().where(),
                        applied));
    }

    private static void secrets(Expression expression, String prefix, SequencedMap<String, Where.Source> secrets) {
        switch (expression) {
            case Expression.ObjectConstructor(List<ObjectItem> items, var _) -> {
                for (ObjectItem item : items) {
                    String name = SourceTrace.plain(item.key());
                    if (name != null) {
                        secret(prefix + name, name, item.value(), secrets);
                    }
                }
            }
            case Expression.Tuple(List<Expression> items, var _) ->
                items.forEach(item -> secrets(item, prefix, secrets));
            case Expression.Call call
            when call.name().equals("merge") ->
                call.arguments().forEach(argument -> secrets(argument, prefix, secrets));
            default -> {}
        }
    }

    private static void secret(String path, String name, Expression value, SequencedMap<String, Where.Source> secrets) {
        String text = SourceTrace.plain(value);
        if (text != null
                && !text.isBlank()
                && !text.startsWith("/")
                && SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
            secrets.put(path, masked(value.range().where()));
        } else {
            secrets(value, path + ".", secrets);
        }
    }

    /** The place without the secret: everything from it to the end of the line is removed. */
    private static Where.Source masked(Where.Source place) {
        int from = place.text().offsetByCodePoints(0, place.column() - 1);
        return new Where.Source(
                place.file(), place.line(), place.column(), 3, place.text().substring(0, from) + "\"…\"");
    }
}
