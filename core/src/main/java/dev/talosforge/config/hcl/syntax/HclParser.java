package dev.talosforge.config.hcl.syntax;

import dev.talosforge.config.hcl.syntax.Body.Attribute;
import dev.talosforge.config.hcl.syntax.Body.Block;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads HCL native syntax. Depth and length are limited; a syntax error is a problem that points at the first character
 * that does not fit.
 */
public final class HclParser {
    /** For a body that is a whole file. */
    private static final int NO_BRACE = -1;

    private final Cursor cursor;
    private final ExpressionParser expressions;

    private HclParser(SourceText source) {
        this.cursor = new Cursor(source);
        this.expressions = new ExpressionParser(cursor);
    }

    /** A whole file. */
    public static Body parse(SourceText source) {
        return new HclParser(source).body(NO_BRACE);
    }

    /** One expression and nothing else. */
    public static Expression parseExpression(SourceText source) {
        HclParser parser = new HclParser(source);
        parser.cursor.linesMatter(false);
        Expression expression = parser.expressions.expression();
        parser.cursor.blank();
        if (!parser.cursor.atEnd()) {
            throw parser.cursor.unexpected("expected the end of the expression");
        }
        return expression;
    }

    /** A file that is one template, as {@code templatefile} reads it. */
    public static Expression.Template parseTemplate(SourceText source) {
        return new HclParser(source).expressions.templates().wholeFile();
    }

    /** Reads up to the closing brace or, if none was opened, to the end of the file. */
    private Body body(int openBrace) {
        boolean inBlock = openBrace != NO_BRACE;
        SequencedMap<String, Attribute> attributes = new LinkedHashMap<>();
        List<Block> blocks = new ArrayList<>();
        int start = cursor.position();
        while (true) {
            cursor.blankLines();
            if (cursor.atEnd() ? !inBlock : inBlock && cursor.peek() == '}') {
                return new Body(attributes, blocks, cursor.range(start));
            }
            if (cursor.atEnd()) {
                throw cursor.broken(openBrace, openBrace + 1, "this \"{\" is never closed");
            }
            int nameStart = cursor.position();
            String name = cursor.identifier();
            if (name == null) {
                throw cursor.unexpected(
                        inBlock ? "expected an attribute, a block or \"}\"" : "expected an attribute or a block");
            }
            Range nameRange = cursor.range(nameStart);
            cursor.blank();
            if (cursor.peek() == '=' && cursor.peek(1) != '=') {
                cursor.next();
                put(attributes, new Attribute(name, expressions.expression(), nameRange));
            } else {
                blocks.add(block(name, nameRange));
            }
            cursor.blank();
            if (!endOfLine()) {
                throw cursor.unexpected("expected the end of the line");
            }
        }
    }

    private boolean endOfLine() {
        return cursor.atEnd() || cursor.peek() == '\n';
    }

    /** The content of <code>a { b = 1 }</code>: one attribute and nothing else. */
    private Body oneLineBody() {
        int start = cursor.position();
        String name = cursor.identifier();
        if (name == null) {
            throw cursor.unexpected("expected an attribute or \"}\"");
        }
        Range nameRange = cursor.range(start);
        cursor.blank();
        if (cursor.peek() != '=' || cursor.peek(1) == '=') {
            throw cursor.unexpected("expected \"=\": a block on one line contains one attribute and no blocks");
        }
        cursor.next();
        SequencedMap<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put(name, new Attribute(name, expressions.expression(), nameRange));
        cursor.blank();
        if (cursor.peek() != '}') {
            throw cursor.unexpected("expected \"}\": a block on one line contains one attribute and nothing else");
        }
        return new Body(attributes, List.of(), cursor.range(start));
    }

    private static void put(SequencedMap<String, Attribute> attributes, Attribute attribute) {
        Attribute first = attributes.putIfAbsent(attribute.name(), attribute);
        if (first != null) {
            throw attribute
                    .nameRange()
                    .problem(
                            "cannot set \"" + attribute.name() + "\" twice",
                            "it is already set in line "
                                    + first.nameRange().where().line(),
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
                throw cursor.unexpected(labels.isEmpty() ? "expected \"=\" or \"{\"" : "expected \"{\"");
            }
            labels.add(label);
        }
        Range header = typeRange.source().range(typeRange.start(), cursor.position());
        int open = cursor.position();
        cursor.next();
        cursor.enter();
        cursor.blank();
        Body body = endOfLine() || cursor.peek() == '}' ? body(open) : oneLineBody();
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
