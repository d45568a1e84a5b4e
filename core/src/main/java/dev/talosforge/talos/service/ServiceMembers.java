package dev.talosforge.talos.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.problem.NearestName;
import dev.talosforge.talos.service.ServiceSpec.Place;
import dev.talosforge.talos.service.ServiceSpec.Word;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
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
 * The members of one mapping in a service file, read as Talos' own reader does: a number is a text where a text is
 * expected, {@code yes} is true and {@code "true"} is not, null counts as missing, names are case-sensitive.
 */
final class ServiceMembers {
    /** A few hundred would be absurd already, and aliases may repeat a list any number of times. */
    private static final int MAX_ITEMS = 1000;

    private static final int MAX_MERGES = 5;

    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");

    /** YAML 1.1 had these, and they are read as booleans even in quotes. */
    private static final Set<String> YES = Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON");

    private static final Set<String> NO = Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF");
    private static final String MERGE = "<<";

    private final SequencedMap<String, Node> values = new LinkedHashMap<>();
    private final ServiceNotes notes;
    private final boolean datesAreTexts;
    private final Place at;

    /**
     * Reads them, and reports what is not a mapping, is repeated, or is unknown.
     *
     * @param what for messages: {@code container}
     * @param known the fields that Talos has here
     * @param datesAreTexts as with all readers before Talos 1.14
     */
    ServiceMembers(@Nullable Node node, String what, List<String> known, boolean datesAreTexts, ServiceNotes notes) {
        this.notes = notes;
        this.datesAreTexts = datesAreTexts;
        this.at = node == null ? new Place(1, 1, 1) : place(node);
        if (node == null || isNull(node)) {
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            notes.error(at, what + " is not a mapping of names to values", null);
            return;
        }
        boolean merges = false;
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                notes.error(place(tuple.getKeyNode()), "a name in " + what + " is not a string", null);
            } else if (isMerge(key)) {
                merges = true;
            } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                notes.error(place(key), "%s is in %s twice".formatted(key.getValue(), what), "keep one of them");
            } else if (!known.contains(key.getValue())) {
                unknown(key, what, known);
            }
        }
        if (merges) {
            merge(mapping, 0); // last: merged members give way to those that are written out
        }
    }

    private static boolean isMerge(Node key) {
        return key instanceof ScalarNode scalar
                && scalar.isPlain()
                && scalar.getValue().equals(MERGE);
    }

    /** Merges {@code <<: *other} and {@code <<: [*one, *other]}. */
    private void merge(MappingNode mapping, int depth) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (isMerge(tuple.getKeyNode())) {
                Node value = tuple.getValueNode();
                for (Node one : value instanceof SequenceNode several ? several.getValue() : List.of(value)) {
                    if (!(one instanceof MappingNode other) || depth >= MAX_MERGES) {
                        notes.error(place(one), "<< needs a mapping of names to values, or a list of them", null);
                        continue;
                    }
                    for (NodeTuple member : other.getValue()) {
                        if (member.getKeyNode() instanceof ScalarNode key && !isMerge(key)) {
                            values.putIfAbsent(key.getValue(), member.getValueNode());
                        }
                    }
                    merge(other, depth + 1);
                }
            }
        }
    }

    private void unknown(ScalarNode key, String what, List<String> known) {
        boolean privileged = key.getValue().equals("privileged");
        notes.unknown(
                place(key),
                key.getValue(),
                NearestName.nearest(key.getValue(), known),
                "%s has no field \"%s\": Talos silently ignores it".formatted(what, key.getValue()),
                privileged
                        ? "remove it: the services of extensions have all capabilities anyway"
                        : NearestName.suggestion(key.getValue(), known));
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
            Word word = word(item, "an item of " + key);
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
            notes.error(place(value), key + " is not a list", null);
            return List.of();
        }
        if (sequence.getValue().size() > MAX_ITEMS) {
            notes.error(
                    place(value),
                    "%s has %d items; at most %d are read"
                            .formatted(key, sequence.getValue().size(), MAX_ITEMS),
                    null);
            return List.of();
        }
        List<Node> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (isNull(item)) {
                notes.warning(place(item), "an item of %s is null; Talos ignores it".formatted(key), null);
            } else {
                items.add(item);
            }
        }
        return items;
    }

    boolean flag(String key) {
        return on(key) != null;
    }

    /** Where a flag is switched on; null if it is not. */
    @Nullable
    Word on(String key) {
        Node node = node(key);
        if (node == null) {
            return null;
        }
        if (!(node instanceof ScalarNode scalar)) {
            notes.error(place(node), key + " is neither true nor false", "write true or false");
            return null;
        }
        String text = scalar.getValue();
        boolean isTruth = node.getTag().equals(Tag.BOOL);
        if (YES.contains(text) || (isTruth && TRUE.contains(text))) {
            return new Word(text, place(node));
        }
        if (!NO.contains(text) && !(isTruth && FALSE.contains(text))) {
            boolean isQuoted = TRUE.contains(text) || FALSE.contains(text);
            notes.error(
                    place(node),
                    isQuoted
                            ? "%s is the string \"%s\", and Talos skips a file with a string where it expects true or false"
                                    .formatted(key, text)
                            : "%s is \"%s\"".formatted(key, text),
                    isQuoted ? "write %s without quotes".formatted(text) : "write true or false");
        }
        return null;
    }

    /** Checks that something is an unsigned 32-bit number, if given. */
    void number(String key) {
        Word word = word(key);
        if (word != null && !word.text().matches("\\d{1,10}")) {
            notes.error(word.at(), "%s is \"%s\"".formatted(key, word.text()), "write a number");
        }
    }

    private @Nullable Word word(Node node, String what) {
        if (node instanceof ScalarNode scalar) {
            if (!datesAreTexts && scalar.isPlain() && YamlTimestamp.isOne(scalar.getValue())) {
                notes.error(
                        place(node),
                        "%s is a date to the reader of Talos 1.14, which skips a file with one where it expects a string"
                                .formatted(what),
                        "put it into quotes: \"%s\"".formatted(scalar.getValue()));
            }
            return new Word(text(scalar), place(scalar));
        }
        notes.error(place(node), what + " is not a string", null);
        return null;
    }

    /** Its text; {@code !!binary} is Base64. */
    private static String text(ScalarNode scalar) {
        if (!scalar.getTag().equals(Tag.BINARY)) {
            return scalar.getValue();
        }
        try {
            return new String(Base64.getMimeDecoder().decode(scalar.getValue()), UTF_8);
        } catch (IllegalArgumentException e) {
            return scalar.getValue();
        }
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
