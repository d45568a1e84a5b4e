package dev.talosforge.talos.extension;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.talos.service.YamlDocument;
import dev.talosforge.yaml.GoScalar;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * What an extension says about itself, in {@code manifest.yaml}. Text is kept as written, so that a version like 1.20
 * does not become a number; missing values are empty. Aliases are never expanded.
 *
 * @param talosVersions range of Talos versions that the extension is for; empty for any
 * @param extraInfo free text, often empty
 */
public record ExtensionManifest(
        String name, String version, String author, String description, String talosVersions, String extraInfo) {
    /** The only version of the manifest's own format. */
    public static final String FORMAT = "v1alpha1";

    private static final int MAX_SIZE = 256 << 10;

    private static final String STRUCTURE = "extension manifest";

    /** The manifest as {@code manifest.yaml}. */
    public byte[] toBytes() {
        StringBuilder text = new StringBuilder("version: ").append(FORMAT).append("\nmetadata:\n");
        line(text, "    name", name, 8);
        line(text, "    version", version, 8);
        line(text, "    author", author, 8);
        line(text, "    description", description, 8);
        text.append("    compatibility:\n        talos:\n");
        line(text, "            version", talosVersions, 16);
        if (!extraInfo.isEmpty()) {
            line(text, "    extraInfo", extraInfo, 8);
        }
        return text.toString().getBytes(UTF_8);
    }

    private static void line(StringBuilder text, String key, String value, int blockIndent) {
        text.append(key).append(": ").append(GoScalar.of(value, blockIndent)).append('\n');
    }

    /** Reads a manifest. Unknown keys are ignored. */
    public static ExtensionManifest read(ByteSource file) throws IOException {
        Node root = document(file, MAX_SIZE);
        String format = text(root, "version");
        if (!format.equals(FORMAT)) {
            throw new UnsupportedException(format);
        }
        return of(value(root, "metadata"));
    }

    /** The members of {@code metadata}, in a manifest or in the list of an initramfs. */
    static ExtensionManifest of(@Nullable Node metadata) throws FormatException {
        return new ExtensionManifest(
                text(metadata, "name"),
                text(metadata, "version"),
                text(metadata, "author"),
                text(metadata, "description"),
                text(value(value(metadata, "compatibility"), "talos"), "version"),
                text(metadata, "extraInfo"));
    }

    /** The root of a file's YAML. */
    static @Nullable Node document(ByteSource file, int limit) throws IOException {
        byte[] bytes = file.readAll(STRUCTURE, limit);
        try {
            String text = YamlDocument.utf8(bytes);
            if (text.isEmpty()) {
                throw new FormatException(STRUCTURE, 0, "EOF: the file is empty");
            }
            return YamlDocument.of(text).root();
        } catch (YamlDocument.SyntaxException e) {
            String line = e.line() == null ? "" : ", line " + e.line();
            String left = Placeholders.inWords(new String(bytes, UTF_8));
            String template =
                    left == null ? "" : "; it still contains %s, a template that was not filled in".formatted(left);
            throw new FormatException(STRUCTURE, 0, e.what() + line + template);
        }
    }

    /** A manifest in an unknown format. */
    public static final class UnsupportedException extends IOException {
        UnsupportedException(String format) {
            super("unsupported manifest version: \"%s\"".formatted(format));
        }
    }

    /** The value of a key; null if there is none, or no mapping to look in. */
    static @Nullable Node value(@Nullable Node from, String key) throws FormatException {
        if (from == null || from.getTag().equals(Tag.NULL)) {
            return null;
        }
        if (!(from instanceof MappingNode mapping)) {
            throw new FormatException(STRUCTURE, 0, "the parent of %s is not a mapping".formatted(key));
        }
        Node found = null;
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key)) {
                if (found != null) {
                    throw new FormatException(STRUCTURE, 0, key + " is there twice");
                }
                found = tuple.getValueNode();
            }
        }
        return found;
    }

    static String text(@Nullable Node from, String key) throws FormatException {
        Node value = value(from, key);
        if (value == null || value.getTag().equals(Tag.NULL)) {
            return "";
        }
        if (value instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw new FormatException(STRUCTURE, 0, key + " is not a string");
    }
}
