package dev.talosforge.talos.extension;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.yaml.GoScalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Writes and reads {@code extensions.yaml}, from which Talos' init mounts the extensions: the last layer is on top. */
public final class ExtensionsYaml {
    private static final String STRUCTURE = "extensions.yaml";
    private static final int MAX_LAYERS = 1000;

    /** Also the YAML reader's limit. */
    private static final int MAX_SIZE = 256 << 10;

    private ExtensionsYaml() {}

    /**
     * One layer.
     *
     * @param image file in the root of the initramfs, such as {@code 0.sqsh}
     */
    public record Layer(String image, ExtensionManifest manifest) {}

    /** The file, byte for byte as Talos' own imager writes it. */
    public static byte[] of(List<Layer> layers) {
        StringBuilder text = new StringBuilder();
        if (layers.isEmpty()) {
            return "layers: []\n".getBytes(UTF_8);
        }
        text.append("layers:\n");
        for (Layer layer : layers) {
            ExtensionManifest manifest = layer.manifest();
            line(text, "    - image", layer.image(), 8);
            text.append("      metadata:\n");
            line(text, "        name", manifest.name(), 12);
            line(text, "        version", manifest.version(), 12);
            line(text, "        author", manifest.author(), 12);
            line(text, "        description", manifest.description(), 12);
            text.append("        compatibility:\n            talos:\n");
            line(text, "                version", manifest.talosVersions(), 20);
            if (!manifest.extraInfo().isEmpty()) {
                line(text, "        extraInfo", manifest.extraInfo(), 12);
            }
        }
        return text.toString().getBytes(UTF_8);
    }

    /** The layers of a file that this program or Talos' own imager wrote. */
    public static List<Layer> read(ByteSource file) throws IOException {
        Node layers = ExtensionManifest.value(ExtensionManifest.document(file, MAX_SIZE), "layers");
        if (layers == null || layers.getTag().equals(Tag.NULL)) {
            return List.of();
        }
        if (!(layers instanceof SequenceNode sequence) || sequence.getValue().size() > MAX_LAYERS) {
            throw new FormatException(STRUCTURE, 0, "layers is not a list of at most %d".formatted(MAX_LAYERS));
        }
        List<Layer> read = new ArrayList<>();
        for (Node layer : sequence.getValue()) {
            read.add(new Layer(
                    ExtensionManifest.text(layer, "image"),
                    ExtensionManifest.of(ExtensionManifest.value(layer, "metadata"))));
        }
        return List.copyOf(read);
    }

    private static void line(StringBuilder text, String key, String value, int blockIndent) {
        text.append(key).append(": ").append(GoScalar.of(value, blockIndent)).append('\n');
    }
}
