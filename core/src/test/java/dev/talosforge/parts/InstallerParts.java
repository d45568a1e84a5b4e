package dev.talosforge.parts;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** An installer image: its configuration, its layers and what the last one holds. */
public final class InstallerParts {
    private static final List<String> PROGRAMS = List.of("vmlinuz.efi", "systemd-boot.efi");

    private final Path scratch;
    private final Parts parts;

    private InstallerParts(Path scratch, Parts iso) {
        this.scratch = scratch;
        this.parts = new Parts(iso);
    }

    /** As imager writes it: an archive that Docker loads. */
    public static Parts ofDockerArchive(Path archive, Parts iso, Path folder) throws IOException, InterruptedException {
        InstallerParts reader = new InstallerParts(Files.createTempDirectory(folder, "installer"), iso);
        FieldTool.of("tar", "tar").output("-xf", archive.toString(), "-C", reader.scratch.toString());
        JsonObject image = object(
                JsonReader.read("manifest.json", read(reader.scratch.resolve("manifest.json")))
                                instanceof Json.JsonArray array
                        ? array.items().getFirst()
                        : null);
        reader.parts.put("name", Json.texts(image.items("RepoTags")));
        reader.configuration(reader.scratch.resolve(String.valueOf(image.text("Config"))));
        List<Path> layers = new ArrayList<>();
        for (String layer : Json.texts(image.items("Layers"))) {
            layers.add(reader.scratch.resolve(layer));
        }
        reader.layers(layers);
        return reader.parts;
    }

    /** As it is in a folder with the OCI layout, which holds no other image. */
    public static Parts ofLayout(Path layout, Parts iso, Path folder) throws IOException, InterruptedException {
        InstallerParts reader = new InstallerParts(Files.createTempDirectory(folder, "installer"), iso);
        JsonObject index = JsonReader.readObject("index.json", read(layout.resolve("index.json")));
        if (index.items("manifests").size() != 1) {
            throw new AssertionError("not one image: " + index.compact());
        }
        JsonObject descriptor = object(index.items("manifests").getFirst());
        reader.parts.put(
                "name",
                descriptor.get("annotations") == null
                        ? "-"
                        : object(descriptor.get("annotations")).compact());
        JsonObject manifest = JsonReader.readObject("manifest", read(blob(layout, descriptor)));
        reader.parts.put(
                "manifest's annotations",
                manifest.get("annotations") == null
                        ? Difference.NOTHING
                        : object(manifest.get("annotations")).compact());
        reader.configuration(blob(layout, object(manifest.get("config"))));
        List<Path> layers = new ArrayList<>();
        for (Json layer : manifest.items("layers")) {
            layers.add(blob(layout, object(layer)));
        }
        reader.layers(layers);
        return reader.parts;
    }

    private static Path blob(Path layout, JsonObject descriptor) {
        return layout.resolve("blobs")
                .resolve(String.valueOf(descriptor.text("digest")).replace(':', '/'));
    }

    private static JsonObject object(@Nullable Json json) {
        if (json instanceof JsonObject object) {
            return object;
        }
        throw new AssertionError("not an object: " + json);
    }

    private static byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    private void configuration(Path file) throws IOException {
        JsonObject config = JsonReader.readObject("configuration", read(file));
        for (String name : config.members().keySet()) {
            if (!name.equals("rootfs")) {
                parts.put(
                        "configuration/" + name,
                        Objects.requireNonNull(config.get(name)).compact());
            }
        }
        JsonObject root = object(config.get("rootfs"));
        parts.put("configuration/rootfs/type", String.valueOf(root.text("type")));
        List<String> diffIds = Json.texts(root.items("diff_ids"));
        parts.put("layers of the base", diffIds.subList(0, diffIds.size() - 1));
    }

    private void layers(List<Path> layers) throws IOException, InterruptedException {
        parts.put("layers", layers.size());
        Path last = layers.getLast();
        for (String path : FieldTool.of("tar", "tar").lines("-tzf", last.toString())) {
            for (String program : PROGRAMS) {
                if (path.endsWith("/" + program)) {
                    ByteSource content = ByteSource.of(
                            FieldTool.of("tar", "tar").into(scratch.resolve(program), "-xzOf", last.toString(), path));
                    if (program.equals("vmlinuz.efi")) {
                        UkiParts.of("uki", content, scratch, parts);
                        parts.call(content, "uki");
                    }
                }
            }
        }
        try (InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(last)))) {
            TreeParts.ofTar("layer", in, parts);
        }
    }
}
