package dev.talosforge.pipeline.image;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.compress.Gzip;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Layer;
import dev.talosforge.oci.LayerWriter;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.registry.TagPolicy;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An image of one file tree: an extension, or a stand-in of the lab. */
public final class SingleLayerImage {
    private static final int GZIP_LEVEL = 1;

    private SingleLayerImage() {}

    /**
     * Builds the image in the store.
     *
     * @param config the configuration's {@code config} block; null for none
     * @param annotations of the manifest
     * @param created in seconds since the epoch
     */
    public static Image make(
            BuildContext context,
            FileTree tree,
            Platform platform,
            @Nullable JsonObject config,
            SequencedMap<String, String> annotations,
            long created)
            throws IOException {
        Path file = context.store().temporaryFile();
        Layer layer;
        try {
            layer = LayerWriter.gzip(out -> Gzip.encode(out, GZIP_LEVEL)).write(tree, file);
            context.store().adopt(file, layer.descriptor().digest());
        } finally {
            Files.deleteIfExists(file);
        }
        ImageConfig bare =
                ImageConfig.of(platform, Instant.ofEpochSecond(created).toString(), List.of(layer.diffId()));
        ImageConfig configuration = new ImageConfig(
                bare.architecture(),
                bare.os(),
                bare.variant(),
                bare.created(),
                config,
                bare.diffIds(),
                bare.history(),
                bare.others());
        Manifest manifest = new Manifest(
                MediaType.OCI_MANIFEST,
                null,
                Descriptor.of(MediaType.OCI_CONFIG, configuration.toBytes()),
                List.of(layer.descriptor()),
                null,
                annotations);
        context.store().put(out -> out.write(configuration.toBytes()));
        context.store().put(out -> out.write(manifest.toBytes()));
        return Image.of(manifest, configuration);
    }

    /** The same without an environment. */
    public static Sha256 push(
            BuildContext context, ImageReference target, FileTree tree, List<String> entrypoint, long created)
            throws IOException, InterruptedException {
        return push(context, target, tree, entrypoint, List.of(), created);
    }

    /**
     * Builds an image for linux/amd64 and pushes it; the tag moves if it named another image.
     *
     * @param environment initial variables of whatever runs in it: {@code NAME=VALUE}
     */
    public static Sha256 push(
            BuildContext context,
            ImageReference target,
            FileTree tree,
            List<String> entrypoint,
            List<String> environment,
            long created)
            throws IOException, InterruptedException {
        Json.Builder members = Json.object();
        if (!entrypoint.isEmpty()) {
            members.put("Entrypoint", Json.ofTexts(entrypoint));
        }
        if (!environment.isEmpty()) {
            members.put("Env", Json.ofTexts(environment));
        }
        JsonObject config = entrypoint.isEmpty() && environment.isEmpty() ? null : members.build();
        Image image = make(context, tree, Platform.linux("amd64"), config, new TreeMap<>(), created);
        context.registries()
                .push(target, image.descriptor(), new ImageStore(context).blobs(), List.of(), TagPolicy.MOVE);
        return image.descriptor().digest();
    }
}
