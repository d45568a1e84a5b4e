package dev.talosforge.talos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Writes {@code extensions.yaml}, by which Talos' init mounts the extensions: the last layer is on top. */
public final class ExtensionsYaml {
    private ExtensionsYaml() {}

    /**
     * One layer.
     *
     * @param image file in the initramfs's root, such as {@code 0.sqsh}
     */
    public record Layer(String image, ExtensionManifest manifest) {}

    /** The file, in the same bytes as Talos' own imager writes. */
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

    private static void line(StringBuilder text, String key, String value, int blockIndent) {
        text.append(key).append(": ").append(YamlText.of(value, blockIndent)).append('\n');
    }
}
