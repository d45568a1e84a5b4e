package dev.talosforge.talos;

import dev.talosforge.problem.NearestName;
import dev.talosforge.talos.ServiceSpec.Place;
import dev.talosforge.talos.ServiceSpec.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The members of one mapping in a service file, read as Talos' own reader takes them: a number is a text where a text is
 * wanted, {@code yes} is true, null is as good as missing, names are compared letter by letter.
 */
final class ServiceMembers {
    /** Some hundred would be a joke already, and aliases may repeat a list as often as they like. */
    private static final int MAX_ITEMS = 1000;

    private static final Set<String> YES = Set.of("true", "y", "yes", "on");
    private static final Set<String> NO = Set.of("false", "n", "no", "off");

    private final SequencedMap<String, Node> values = new LinkedHashMap<>();
    private final ServiceNotes notes;
    private final Place at;

    /**
     * Reads them, and tells what is no mapping, stands twice or is not known.
     *
     * @param what for messages: {@code container}
     * @param known the fields that Talos has here
     */
    ServiceMembers(@Nullable Node node, String what, List<String> known, ServiceNotes notes) {
        this.notes = notes;
        this.at = node == null ? new Place(1, 1, 1) : place(node);
        if (node == null || isNull(node)) {
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            notes.error(at, what + " is no mapping of names to values", null);
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                notes.error(place(tuple.getKeyNode()), "a name in " + what + " is no text", null);
            } else if (key.getValue().equals("<<")) {
                notes.error(place(key), "<< merges another mapping, which is not read here", "write its names out");
            } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                notes.error(place(key), "%s stands twice in %s".formatted(key.getValue(), what), "keep one of them");
            } else if (!known.contains(key.getValue())) {
                unknown(key, what, known);
            }
        }
    }

    private void unknown(ScalarNode key, String what, List<String> known) {
        String remedy = key.getValue().equals("privileged")
                ? "leave it out: the services of extensions have all capabilities anyway"
                : NearestName.suggestion(key.getValue(), known);
        notes.warning(
                place(key),
                "%s has no field \"%s\": Talos ignores it in silence".formatted(what, key.getValue()),
                remedy);
    }

    Place at() {
        return at;
    }

    @Nullable
    Node node(String key) {
        Node value = values.get(key);
        return value == null || isNull(value) ? null : value;
    }

    @Nullable
    Word word(String key) {
        Node value = node(key);
        return value == null ? null : word(value, key);
    }

    List<Word> words(String key) {
        List<Word> words = new ArrayList<>();
        for (Node item : items(key)) {
            Word word = isNull(item) ? new Word("", place(item)) : word(item, "an item of " + key);
            if (word != null) {
                words.add(word);
            }
        }
        return words;
    }

    List<Node> items(String key) {
        Node value = node(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof SequenceNode sequence)) {
            notes.error(place(value), key + " is no list", null);
            return List.of();
        }
        if (sequence.getValue().size() > MAX_ITEMS) {
            notes.error(
                    place(value),
                    "%s has %d items, at most %d are read"
                            .formatted(key, sequence.getValue().size(), MAX_ITEMS),
                    null);
            return List.of();
        }
        return sequence.getValue();
    }

    boolean flag(String key) {
        return on(key) != null;
    }

    /** Where a flag is switched on; null where it is not. */
    @Nullable
    Word on(String key) {
        Word word = word(key);
        if (word == null) {
            return null;
        }
        String text = word.text().toLowerCase(Locale.ROOT);
        if (!YES.contains(text) && !NO.contains(text)) {
            notes.error(word.at(), "%s is \"%s\"".formatted(key, word.text()), "write true or false");
        }
        return YES.contains(text) ? word : null;
    }

    private @Nullable Word word(Node node, String what) {
        if (node instanceof ScalarNode scalar) {
            return new Word(scalar.getValue(), place(scalar));
        }
        notes.error(place(node), what + " is no text", null);
        return null;
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static Place place(Node node) {
        return node.getStartMark()
                .map(start -> {
                    int length = node.getEndMark()
                            .filter(end -> end.getLine() == start.getLine())
                            .map(end -> end.getColumn() - start.getColumn())
                            .orElse(1);
                    return new Place(start.getLine() + 1, start.getColumn() + 1, Math.max(1, length));
                })
                .orElse(new Place(1, 1, 1));
    }
}
