package dev.talosforge.talos.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.talos.extension.ExtensionsYaml.Layer;
import dev.talosforge.yaml.GoScalar;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ExtensionsYamlTest {
    private static ExtensionManifest manifest(String name, String version, String author, String text, String range) {
        return new ExtensionManifest(name, version, author, text, range, "");
    }

    @Test
    void sameBytesAsTheReference() throws Exception {
        List<Layer> layers = List.of(
                new Layer(
                        "0.sqsh",
                        manifest(
                                "gvisor",
                                "20250505.0",
                                "Sidero Labs",
                                "This system extension provides gVisor using containerd's runtime handler.\n",
                                ">= v1.0.0")),
                new Layer(
                        "1.sqsh",
                        manifest(
                                "drbd",
                                "9.2.14-v1.11.5",
                                "Sidero Labs",
                                "This system extension provides the DRBD kernel module.\n",
                                ">= v1.11.0")),
                new Layer(
                        "modules.dep.sqsh",
                        manifest(
                                "modules.dep",
                                "6.12.57-talos",
                                "Talos Machinery",
                                "Combined modules.dep for all extensions",
                                "")));
        assertEquals("""
                layers:
                    - image: 0.sqsh
                      metadata:
                        name: gvisor
                        version: "20250505.0"
                        author: Sidero Labs
                        description: |
                            This system extension provides gVisor using containerd's runtime handler.
                        compatibility:
                            talos:
                                version: '>= v1.0.0'
                    - image: 1.sqsh
                      metadata:
                        name: drbd
                        version: 9.2.14-v1.11.5
                        author: Sidero Labs
                        description: |
                            This system extension provides the DRBD kernel module.
                        compatibility:
                            talos:
                                version: '>= v1.11.0'
                    - image: modules.dep.sqsh
                      metadata:
                        name: modules.dep
                        version: 6.12.57-talos
                        author: Talos Machinery
                        description: Combined modules.dep for all extensions
                        compatibility:
                            talos:
                                version: ""
                """, new String(ExtensionsYaml.of(layers), UTF_8));
        assertEquals("layers: []\n", new String(ExtensionsYaml.of(List.of()), UTF_8));
        assertEquals(layers, ExtensionsYaml.read(ByteSource.of(ExtensionsYaml.of(layers))));
        assertEquals(List.of(), ExtensionsYaml.read(ByteSource.of(ExtensionsYaml.of(List.of()))));
        assertEquals(List.of(), ExtensionsYaml.read(ByteSource.of("layers:\n".getBytes(UTF_8))));
    }

    @Test
    void eachTextInTheStyleItNeeds() {
        Map<String, String> styles = new java.util.TreeMap<>(Map.ofEntries(
                Map.entry("plain text", "plain text"),
                Map.entry("1.2", "\"1.2\""),
                Map.entry("true", "\"true\""),
                Map.entry("y", "\"y\""),
                Map.entry("1e3", "\"1e3\""),
                Map.entry("0x1F", "\"0x1F\""),
                Map.entry("2025-05-05", "\"2025-05-05\""),
                Map.entry("1.2.3", "1.2.3"),
                Map.entry("-x", "-x"),
                Map.entry("- x", "'- x'"),
                Map.entry("a: b", "'a: b'"),
                Map.entry("a #b", "'a #b'"),
                Map.entry("it's", "it's"),
                Map.entry("'quoted'", "'''quoted'''"),
                Map.entry("tab\there", "\"tab\\there\""),
                Map.entry("bell\u0007", "\"bell\\x07\""),
                Map.entry("two\nlines", "|-\n  two\n  lines"),
                Map.entry("two\n\nlines\n", "|\n  two\n\n  lines\n".stripTrailing())));
        styles.forEach((text, expected) -> assertEquals(expected, GoScalar.of(text, 2)));
    }

    /** Whatever the text, a YAML reader gets it back. */
    @Test
    void everyTextComesBack() {
        List<String> texts = List.of(
                "",
                " ",
                "a ",
                " a",
                "~",
                "null",
                "No",
                "1_000",
                "1:30",
                ".5",
                "+1",
                "-",
                "?",
                ":",
                "a:",
                "{",
                "[x]",
                "#x",
                "@x",
                "%x",
                "`x",
                "!x",
                "&x",
                "*x",
                "|",
                ">",
                "\"",
                "\\",
                "--- a",
                "...",
                "<<",
                "é ü 漢字 😀",
                "\n",
                "\n\n",
                "a\n",
                "a\n\n",
                "\na",
                " a\nb",
                "  a\n b\n",
                "a \nb",
                "a\n\nb\n",
                "a\tb\nc",
                "a\r\nb",
                "\u0000",
                "\u0085",
                "\u2028x",
                "\ufeffx",
                "x\u00a0y",
                "tail\n ");
        for (String text : texts) {
            String yaml = new String(
                    ExtensionsYaml.of(List.of(new Layer("0.sqsh", manifest("n", text, "a", text, text)))), UTF_8);
            Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
            Map<?, ?> layer = (Map<?, ?>)
                    ((List<?>) java.util.Objects.requireNonNull(((Map<?, ?>) read).get("layers"))).getFirst();
            Map<?, ?> metadata = (Map<?, ?>) java.util.Objects.requireNonNull(layer.get("metadata"));
            assertEquals(text, metadata.get("version"), yaml);
            assertEquals(text, metadata.get("description"), yaml);
        }
    }
}
