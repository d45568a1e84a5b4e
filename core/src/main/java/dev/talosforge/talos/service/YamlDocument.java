package dev.talosforge.talos.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.yaml.YamlLimits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The first document of a YAML file, as nodes: values are texts, and aliases are not expanded.
 *
 * @param root null if the file is empty
 * @param more whether other documents follow
 */
public record YamlDocument(@Nullable Node root, boolean more) {
    private static final int MAX_DEPTH = YamlLimits.EXTENSION.depth();
    private static final LoadSettings SETTINGS = YamlLimits.EXTENSION.coreSettings();

    /** What is not YAML, or more than is read. */
    public static final class SyntaxException extends Exception {
        private final @Nullable Integer line;
        private final int column;

        private SyntaxException(String what, @Nullable Mark mark) {
            super(what);
            this.line = mark == null ? null : mark.getLine() + 1;
            this.column = mark == null ? 1 : mark.getColumn() + 1;
        }

        /** From one; null if unknown. */
        @Nullable
        public Integer line() {
            return line;
        }

        int column() {
            return column;
        }

        public String what() {
            return String.valueOf(getMessage());
        }
    }

    public static YamlDocument of(String text) throws SyntaxException {
        try {
            checkDepth(text);
            Iterator<Node> documents =
                    new Compose(SETTINGS).composeAllFromString(text).iterator();
            Node root = documents.hasNext() ? documents.next() : null;
            return new YamlDocument(root, root != null && hasMore(documents));
        } catch (MarkedYamlEngineException e) {
            String what = e.getProblem() == null
                    ? YamlLimits.firstLine(e, "unknown reason")
                    : e.getProblem().strip();
            throw new SyntaxException("not YAML: " + what, e.getProblemMark().orElse(null));
        } catch (YamlEngineException e) {
            throw new SyntaxException("not YAML: " + YamlLimits.firstLine(e, "unknown reason"), null);
        }
    }

    /** What follows the first document is not read, so it need not be YAML. */
    private static boolean hasMore(Iterator<Node> documents) {
        try {
            return documents.hasNext();
        } catch (YamlEngineException e) {
            return true;
        }
    }

    public static String utf8(byte[] bytes) throws SyntaxException {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new SyntaxException("not UTF-8 text", null);
        }
    }

    /** Composing values is recursive, so nesting is limited before, where it is not. */
    private static void checkDepth(String text) throws SyntaxException {
        int depth = 0;
        for (Event event : new Parse(SETTINGS).parseString(text)) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (event instanceof DocumentEndEvent) {
                return;
            }
            if (depth > MAX_DEPTH) {
                throw new SyntaxException("nested deeper than %d levels".formatted(MAX_DEPTH), null);
            }
        }
    }
}
