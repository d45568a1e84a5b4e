package dev.talosforge.config.terragrunt.block;

import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.Expression;
import dev.talosforge.config.hcl.syntax.Expression.ObjectItem;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.text.PlacedJson;
import dev.talosforge.config.text.PlacedJson.Member;
import dev.talosforge.config.text.PlacedJson.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * The JSON syntax of HCL, as a Terragrunt file uses it: a block in the native syntax is an object, or a list of them;
 * labels are names of members; texts are templates; members called {@code //} are comments.
 */
public final class JsonSyntax {
    private JsonSyntax() {}

    public static Body parse(SourceText source) {
        Node file = PlacedJson.read(source);
        if (!(file instanceof Node.Members members)) {
            throw file.range().problem("cannot parse " + source.file().getFileName(), "expected an object", null);
        }
        return body(members, BlockSchema.FILE);
    }

    private static Body body(Node.Members members, SortedMap<String, BlockSchema> blocks) {
        SequencedMap<String, Body.Attribute> attributes = new LinkedHashMap<>();
        List<Body.Block> found = new ArrayList<>();
        for (Member member : members.members()) {
            String name = member.name().value();
            BlockSchema schema = blocks.get(name);
            if (schema != null) {
                found.addAll(blocks(name, schema, member.name().range(), member.value()));
            } else if (!name.equals("//")) {
                Body.Attribute attribute = new Body.Attribute(
                        name, expression(member.value()), member.name().range());
                if (attributes.putIfAbsent(name, attribute) != null) {
                    throw attribute
                            .nameRange()
                            .problem("cannot set \"" + name + "\" twice", "the object already sets it", null);
                }
            }
        }
        return new Body(attributes, found, members.range());
    }

    private static List<Body.Block> blocks(String type, BlockSchema schema, Range at, Node node) {
        List<Body.Block> found = new ArrayList<>();
        for (Node.Members one : objects(type, node)) {
            boolean labelled = schema.mostLabels() > 0 && !(schema.leastLabels() == 0 && isInclude(one));
            if (!labelled) {
                found.add(new Body.Block(type, List.of(), body(one, schema.blocks()), at));
                continue;
            }
            for (Member member : one.members()) {
                for (Node.Members inner : objects(type, member.value())) {
                    found.add(new Body.Block(
                            type,
                            List.of(member.name().value()),
                            body(inner, schema.blocks()),
                            member.name().range()));
                }
            }
        }
        return found;
    }

    /** Without a label, it has its path right here. */
    private static boolean isInclude(Node.Members members) {
        return members.members().stream()
                .anyMatch(member -> member.name().value().equals("path") && member.value() instanceof Node.Text);
    }

    private static List<Node.Members> objects(String type, Node node) {
        return switch (node) {
            case Node.Members one -> List.of(one);
            case Node.Items(List<Node> items, Range _) ->
                items.stream().flatMap(item -> objects(type, item).stream()).toList();
            case Node.Text _, Node.Plain _ ->
                throw node.range().problem("cannot read this " + type, "expected an object", null);
        };
    }

    private static Expression expression(Node node) {
        return switch (node) {
            case Node.Plain(var value, Range range) -> new Expression.Literal(value, range);
            case Node.Text text -> HclParser.parseTemplate(text.inside());
            case Node.Items(List<Node> items, Range range) ->
                new Expression.Tuple(items.stream().map(JsonSyntax::expression).toList(), range);
            case Node.Members(List<Member> members, Range range) ->
                new Expression.ObjectConstructor(
                        members.stream()
                                .map(member -> new ObjectItem(expression(member.name()), expression(member.value())))
                                .toList(),
                        range);
        };
    }
}
