package dev.talosforge.config.terragrunt.file;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.BlockRules;
import dev.talosforge.config.unit.RemoteState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads {@code remote_state}, which may be written as a block or as an attribute. */
final class RemoteStateReader {
    private final FileScope file;

    private RemoteStateReader(FileScope file) {
        this.file = file;
    }

    /** What a stack adds to the file wins, then the file's own, then that of the last include. */
    static @Nullable RemoteState of(MergedFile file) {
        MergedFile over = file.over();
        RemoteState above = over == null ? null : of(over);
        if (above != null) {
            return above;
        }
        RemoteState own = new RemoteStateReader(file.file()).read();
        return own != null
                ? own
                : file.merged().reversed().stream()
                        .map(RemoteStateReader::of)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    private @Nullable RemoteState read() {
        Body.Attribute attribute = file.body().attribute("remote_state");
        if (attribute != null) {
            return fromAttribute(attribute.value());
        }
        List<Body.Block> blocks = file.body().blocks("remote_state");
        if (blocks.isEmpty()) {
            return null;
        }
        Body.Block block = BlockRules.only(blocks.getFirst(), blocks);
        Body.Attribute backend = block.body().attribute("backend");
        if (backend == null) {
            throw block.header().problem("cannot use this remote_state", "it has no backend", null);
        }
        Body.Attribute config = block.body().attribute("config");
        Body.Attribute generate = block.body().attribute("generate");
        return state(
                file.evaluate(backend.value()),
                config == null ? Value.object(new TreeMap<>()) : file.evaluate(config.value()),
                block.header(),
                config == null ? null : config.value(),
                generate != null && !(file.evaluate(generate.value()) instanceof Value.Null));
    }

    private RemoteState fromAttribute(Expression expression) {
        Value value = file.evaluate(expression);
        if (!(value instanceof Value.Mapping(var _, SortedMap<String, Value> members))) {
            throw expression.range().problem("cannot use this remote_state", "it is " + value.kindName(), null);
        }
        return state(
                members.getOrDefault("backend", Value.ofNull()),
                members.getOrDefault("config", Value.object(new TreeMap<>())),
                expression.range(),
                member(expression, "config"),
                !(members.getOrDefault("generate", Value.ofNull()) instanceof Value.Null));
    }

    private static @Nullable Expression member(Expression expression, String name) {
        return expression instanceof Expression.ObjectConstructor(List<Expression.ObjectItem> items, var _)
                ? items.stream()
                        .filter(item ->
                                item.key().range().text().replace("\"", "").equals(name))
                        .map(Expression.ObjectItem::value)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    private static RemoteState state(
            Value backend, Value config, Range at, @Nullable Expression written, boolean generated) {
        if (!(backend instanceof Value.Text(String name))) {
            throw at.problem("cannot use this remote_state", "its backend is " + backend.kindName(), null);
        }
        if (!(config instanceof Value.Mapping(var _, SortedMap<String, Value> members))) {
            throw at.problem("cannot use this remote_state", "its config is " + config.kindName(), null);
        }
        if (name.equals("local") && members.get("path") instanceof Value.Unknown) {
            throw at.problem(
                    "cannot use this remote_state",
                    "its path is known only when it is applied: it comes from a program or from outputs that are not recorded yet",
                    null);
        }
        SequencedMap<String, Value> settings = new LinkedHashMap<>(members);
        Expression path = written == null ? null : member(written, "path");
        return new RemoteState(
                name, settings, at.where(), path == null ? null : path.range().where(), generated);
    }
}
