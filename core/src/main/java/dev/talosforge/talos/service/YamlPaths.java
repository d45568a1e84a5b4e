package dev.talosforge.talos.service;

import dev.talosforge.problem.Where;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Names a place in a YAML document by its path: {@code .container.mounts[0].options}. */
record YamlPaths(@Nullable Node root) {
    private static final int MAX_DEPTH = 20;

    /** Follows the path to a member whose name is meant. */
    private static final String KEY = "\0";

    /** A text that is not YAML has no paths. */
    static YamlPaths of(String text) {
        try {
            return new YamlPaths(YamlDocument.of(text).root());
        } catch (YamlDocument.SyntaxException e) {
            return new YamlPaths(null);
        }
    }

    /** Empty for the whole document. */
    String at(Where.Source place) {
        return root == null ? "" : below(root, place, MAX_DEPTH).replace(KEY, "");
    }

    /** Whether a member's name is at that place, and not its value. */
    boolean isName(Where.Source place) {
        return root != null && below(root, place, MAX_DEPTH).endsWith(KEY);
    }

    private static String below(Node node, Where.Source place, int depth) {
        if (depth == 0) {
            return "";
        }
        switch (node) {
            case MappingNode mapping -> {
                for (NodeTuple tuple : mapping.getValue()) {
                    String key = tuple.getKeyNode() instanceof ScalarNode name ? "." + name.getValue() : "";
                    if (holds(tuple.getKeyNode(), place)) {
                        return key + KEY;
                    }
                    if (holds(tuple.getValueNode(), place)) {
                        return key + below(tuple.getValueNode(), place, depth - 1);
                    }
                }
            }
            case SequenceNode sequence -> {
                for (int i = 0; i < sequence.getValue().size(); i++) {
                    Node item = sequence.getValue().get(i);
                    if (holds(item, place)) {
                        return "[%d]%s".formatted(i, below(item, place, depth - 1));
                    }
                }
            }
            default -> {
                // empty
            }
        }
        return "";
    }

    private static boolean holds(Node node, Where.Source place) {
        Mark start = node.getStartMark().orElse(null);
        Mark end = node.getEndMark().orElse(null);
        if (start == null || end == null) {
            return false;
        }
        int line = place.line() - 1;
        int column = place.column() - 1;
        return (line > start.getLine() || (line == start.getLine() && column >= start.getColumn()))
                && (line < end.getLine() || (line == end.getLine() && column < Math.max(end.getColumn(), 1)));
    }
}
