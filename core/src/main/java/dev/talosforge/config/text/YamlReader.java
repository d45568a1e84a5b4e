package dev.talosforge.config.text;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Type;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.yaml.YamlLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** {@code yamldecode}: one document, with anchors, aliases and the merge key {@code <<}. */
final class YamlReader {
    private static final int MAX_DEPTH = YamlLimits.LANGUAGE.depth();

    /** Limit of the values in a document; values of an alias count each time. */
    private static final long MAX_VALUES = 1 << 20;

    private static final String MERGE = "tag:yaml.org,2002:merge";
    private static final String MAP = "tag:yaml.org,2002:map";
    private static final String SEQUENCE = "tag:yaml.org,2002:seq";

    private final Arguments arguments;
    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private long values;

    /** The value of an anchor; null while it is being read. */
    private record Anchored(@Nullable Value value, long size) {}

    private YamlReader(Arguments arguments, Iterator<Event> events) {
        this.arguments = arguments;
        this.events = events;
    }

    static Value read(Arguments arguments) {
        try {
            Iterator<Event> events = new Parse(YamlLimits.LANGUAGE.settings())
                    .parseString(arguments.text(0))
                    .iterator();
            return new YamlReader(arguments, events).document();
        } catch (YamlEngineException e) {
            throw arguments.failure(0, "it is not YAML: " + YamlLimits.firstLine(e, ""));
        }
    }

    private Value document() {
        events.next();
        if (events.next().getEventId() != Event.ID.DocumentStart) {
            throw arguments.failure(0, "it is not YAML: it contains no document");
        }
        Value value = value(events.next(), 0);
        events.next();
        if (events.next().getEventId() == Event.ID.DocumentStart) {
            throw arguments.failure(0, "it contains more than one YAML document");
        }
        return value;
    }

    private Value value(Event event, int depth) {
        if (depth > MAX_DEPTH) {
            throw arguments.failure(0, "the YAML is nested more than %d levels deep".formatted(MAX_DEPTH));
        }
        count(1);
        long before = values - 1;
        String anchor = event instanceof NodeEvent node && !(event instanceof AliasEvent)
                ? node.getAnchor().map(Object::toString).orElse(null)
                : null;
        if (anchor != null) {
            anchors.put(anchor, new Anchored(null, 0));
        }
        Value value = switch (event) {
            case AliasEvent alias -> alias(alias.getAlias().toString());
            case ScalarEvent scalar -> scalar(scalar);
            case SequenceStartEvent sequence -> sequence(sequence, depth);
            case MappingStartEvent mapping -> mapping(mapping, depth);
            default -> throw arguments.failure(0, "it is not YAML: expected a value");
        };
        if (anchor != null) {
            anchors.put(anchor, new Anchored(value, values - before));
        }
        return value;
    }

    private void count(long amount) {
        values += amount;
        if (values > MAX_VALUES) {
            throw arguments.failure(0, "the YAML has more than %d values".formatted(MAX_VALUES));
        }
    }

    private Value alias(String name) {
        Anchored anchored = anchors.get(name);
        if (anchored == null || anchored.value() == null) {
            throw arguments.failure(
                    0,
                    anchored == null
                            ? "there is no anchor \"%s\" before its alias".formatted(name)
                            : "the anchor \"%s\" contains its own alias".formatted(name));
        }
        count(anchored.size());
        return anchored.value();
    }

    private Value scalar(ScalarEvent scalar) {
        if (scalar.getTag().isEmpty() && !scalar.isPlain()) {
            return Value.of(scalar.getValue());
        }
        return resolved(scalar);
    }

    private Value resolved(ScalarEvent scalar) {
        try {
            return YamlScalar.resolve(
                    scalar.getTag().orElse(""), scalar.getValue(), scalar.isSQuoted() || scalar.isDQuoted());
        } catch (IllegalArgumentException e) {
            throw arguments.failure(0, String.valueOf(e.getMessage()));
        }
    }

    private void checkTag(Optional<String> tag, String expected, String what) {
        if (tag.isPresent() && !tag.get().equals(expected)) {
            throw arguments.failure(0, "%s cannot have the tag %s".formatted(what, tag.get()));
        }
    }

    private Value sequence(SequenceStartEvent start, int depth) {
        checkTag(start.getTag(), SEQUENCE, "a sequence");
        List<Value> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(value(event, depth + 1));
        }
        return Value.tuple(items);
    }

    /** If members have the same name, the last one counts, even if it is a merged one. */
    private Value mapping(MappingStartEvent start, int depth) {
        checkTag(start.getTag(), MAP, "a mapping");
        SortedMap<String, Value> members = new TreeMap<>(Value.BY_CODE_POINT);
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw arguments.failure(0, "a mapping's key is not text");
            }
            boolean merged =
                    key.getTag().map(MERGE::equals).orElse(key.getValue().equals("<<"));
            String name = merged ? "" : name(key);
            Value value = value(events.next(), depth + 1);
            if (!merged) {
                members.put(name, value);
            } else if (value instanceof Value.Sequence(var _, List<Value> several)) {
                several.forEach(one -> merge(one, members));
            } else {
                merge(value, members);
            }
        }
        return Value.object(members);
    }

    private void merge(Value value, SortedMap<String, Value> members) {
        if (!(value instanceof Value.Mapping(var _, SortedMap<String, Value> more))) {
            throw arguments.failure(0, "<< merges mappings, found " + value.kindName());
        }
        members.putAll(more);
    }

    private String name(ScalarEvent key) {
        if (Type.Simple.TEXT.convert(resolved(key)) instanceof Value.Text(String name)) {
            return name;
        }
        throw new FunctionFailure(0, "a mapping's key is null");
    }
}
