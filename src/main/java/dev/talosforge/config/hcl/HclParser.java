package dev.talosforge.config.hcl;

import dev.talosforge.config.hcl.Body.Attribute;
import dev.talosforge.config.hcl.Body.Block;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads HCL native syntax. Depth and length are bounded; what breaks the grammar is a problem that points at the first
 * character which does not fit.
 */
public final class HclParser {
    private final Cursor cursor;
    private final ExpressionParser expressions;

    private HclParser(SourceText source) {
        this.cursor = new Cursor(source);
        this.expressions = new ExpressionParser(cursor);
    }

    /** A whole file. */
    public static Body parse(SourceText source) {
        return new HclParser(source).body(false, false);
    }

    /** One expression and nothing else. */
    public static Expression parseExpression(SourceText source) {
        HclParser parser = new HclParser(source);
        parser.cursor.linesMatter(false);
        Expression expression = parser.expressions.expression();
        parser.cursor.blank();
        if (!parser.cursor.atEnd()) {
            throw parser.cursor.unexpected("the end of the expression was expected");
        }
        return expression;
    }

    /** A file that is one template, as {@code templatefile} reads it. */
    public static Expression.Template parseTemplate(SourceText source) {
        return new HclParser(source).expressions.templates().wholeFile();
    }

    private Body body(boolean inBlock, boolean openedOnThisLine) {
        SequencedMap<String, Attribute> attributes = new LinkedHashMap<>();
        List<Block> blocks = new ArrayList<>();
        int start = cursor.position();
        boolean oneLine = openedOnThisLine;
        while (true) {
            int before = cursor.position();
            cursor.blankLines();
            if (cursor.since(before).indexOf('\n') >= 0) {
                oneLine = false;
            }
            if (cursor.atEnd() ? !inBlock : inBlock && cursor.peek() == '}') {
                return new Body(attributes, blocks, cursor.range(start));
            }
            if (cursor.atEnd()) {
                throw cursor.broken(start - 1, start, "this \"{\" is never closed");
            }
            int nameStart = cursor.position();
            String name = cursor.identifier();
            if (name == null) {
                throw cursor.unexpected(
                        inBlock
                                ? "an attribute, a block or \"}\" was expected"
                                : "an attribute or a block was expected");
            }
            Range nameRange = cursor.range(nameStart);
            cursor.blank();
            if (cursor.peek() == '=' && cursor.peek(1) != '=') {
                cursor.next();
                put(attributes, new Attribute(name, expressions.expression(), nameRange));
            } else {
                blocks.add(block(name, nameRange));
            }
            endOfItem(oneLine);
        }
    }

    /** An attribute or a block ends with its line; in {@code a { b = 1 }} with the brace. */
    private void endOfItem(boolean oneLine) {
        cursor.blank();
        if (cursor.atEnd() || cursor.peek() == '\n' || (oneLine && cursor.peek() == '}')) {
            return;
        }
        throw cursor.unexpected("the end of the line was expected");
    }

    private static void put(SequencedMap<String, Attribute> attributes, Attribute attribute) {
        Attribute first = attributes.putIfAbsent(attribute.name(), attribute);
        if (first != null) {
            throw attribute
                    .nameRange()
                    .problem(
                            "cannot set \"" + attribute.name() + "\" twice",
                            "it is set in line " + first.nameRange().where().line() + " already",
                            null);
        }
    }

    private Block block(String type, Range typeRange) {
        List<String> labels = new ArrayList<>();
        while (true) {
            cursor.blank();
            if (cursor.peek() == '{') {
                break;
            }
            String label = cursor.peek() == '"' ? quotedLabel() : cursor.identifier();
            if (label == null) {
                throw cursor.unexpected(labels.isEmpty() ? "\"=\" or \"{\" was expected" : "\"{\" was expected");
            }
            labels.add(label);
        }
        Range header = typeRange.source().range(typeRange.start(), cursor.position());
        cursor.next();
        cursor.enter();
        Body body = body(true, true);
        cursor.leave();
        cursor.next();
        return new Block(type, labels, body, header.source().range(header.start(), trimmedEnd(header)));
    }

    private static int trimmedEnd(Range header) {
        return header.start() + header.text().stripTrailing().length();
    }

    private @Nullable String quotedLabel() {
        int start = cursor.position();
        Expression.Template label = expressions.templates().quoted();
        if (label.parts().isEmpty()) {
            return "";
        }
        if (label.parts().size() == 1
                && label.parts().getFirst() instanceof Expression.TemplatePart.Text(String text)) {
            return text;
        }
        throw cursor.broken(start, cursor.position(), "a label is plain text, without ${ }");
    }
}
