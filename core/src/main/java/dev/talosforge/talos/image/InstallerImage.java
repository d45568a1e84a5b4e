package dev.talosforge.talos.image;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.Layer;
import dev.talosforge.oci.Manifest;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The container image that installs Talos to a disk: the layers of a base installer, and one more with what is
 * installed.
 *
 * <p>Where imager writes members of mode 0 without directories, this writes 0644 and the directories; the installer,
 * which runs as root, accepts either.
 */
public final class InstallerImage {
    /** A base with exactly this many layers is an installer of an early version: its second layer is replaced. */
    private static final int LAYERS_OF_OLD_INSTALLER = 2;

    private static final Json EMPTY = Json.of(true);

    private InstallerImage() {}

    /** The files of the artifacts layer (Talos 1.10 and later: kernel and initramfs are inside the UKI). */
    public static FileTree artifacts(Architecture architecture, ByteSource bootLoader, ByteSource uki, long created)
            throws IOException {
        EfiProgram.read("systemd-boot.efi", bootLoader, architecture);
        EfiProgram.read("vmlinuz.efi", uki, architecture);
        String directory = "usr/install/" + architecture.label();
        return new TreeBuilder(created)
                .file(directory + "/systemd-boot.efi", 0644, bootLoader)
                .file(directory + "/vmlinuz.efi", 0644, uki)
                .build();
    }

    /**
     * The image's documents: the base's layers unchanged, the new one on top, the base's configuration kept.
     *
     * @param created in seconds since the epoch
     */
    public static Image of(Image base, Layer artifacts, long created) {
        int given = base.manifest().layers().size();
        int kept = given == LAYERS_OF_OLD_INSTALLER ? 1 : given;
        List<Descriptor> layers = new ArrayList<>(base.manifest().layers().subList(0, kept));
        layers.add(artifacts.descriptor());
        String time = Instant.ofEpochSecond(created).toString();
        ImageConfig config = base.config();
        List<Sha256> diffIds = new ArrayList<>(config.diffIds().subList(0, kept));
        diffIds.add(artifacts.diffId());
        ImageConfig configuration = new ImageConfig(
                config.architecture(),
                config.os(),
                config.variant(),
                time,
                config.config(),
                diffIds,
                history(config.history(), kept, time),
                config.others());
        return Image.of(
                Manifest.of(Descriptor.of(dev.talosforge.oci.MediaType.OCI_CONFIG, configuration.toBytes()), layers),
                configuration);
    }

    /**
     * The base's history of the kept layers, and a line for the new one. If the base has less, or none, there is no
     * history at all: one that does not match the layers is worse than none.
     */
    private static List<Json> history(List<Json> base, int kept, String time) {
        List<Json> lines = new ArrayList<>();
        int layers = 0;
        for (Json line : base) {
            boolean ofLayer = !(line instanceof JsonObject object && EMPTY.equals(object.get("empty_layer")));
            if (ofLayer && layers == kept) {
                break;
            }
            layers += ofLayer ? 1 : 0;
            lines.add(line);
        }
        if (layers != kept) {
            return List.of();
        }
        lines.add(Json.object()
                .put("created", time)
                .put("created_by", "talos-forge")
                .build());
        return lines;
    }
}
