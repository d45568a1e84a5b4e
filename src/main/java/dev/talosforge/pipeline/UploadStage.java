package dev.talosforge.pipeline;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.UploadRequest;
import dev.talosforge.proxmox.UploadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code talos_proxmox_upload}: an ISO to Proxmox storage. */
final class UploadStage {
    private static final String STEP = "upload ISO";

    private final Workshop workshop;
    private final String unit;
    private final UploadInputs inputs;

    UploadStage(Workshop workshop, String unit, UploadInputs inputs) {
        this.workshop = workshop;
        this.unit = unit;
        this.inputs = inputs;
    }

    /** Digest of the ISO as it is on disk; null when it is not built yet. */
    @Nullable
    Sha256 content() throws IOException {
        return Files.isRegularFile(inputs.iso()) ? Sha256.of(ByteSource.of(inputs.iso())) : null;
    }

    Made describe(@Nullable Sha256 content) {
        Made made = new Made("boot ISO to Proxmox storage");
        made.add("ISO", inputs.iso().toString());
        made.add("content", content == null ? "not built yet" : content.toString());
        made.add("volume", inputs.datastore() + ":iso/" + inputs.isoName());
        made.add("nodes", String.join(", ", inputs.nodes()));
        return made;
    }

    /**
     * Uploads, unless the same content is there.
     *
     * @param remembered digest of what the last apply uploaded under that name
     */
    SequencedMap<String, Json> apply(@Nullable Sha256 remembered) throws IOException, InterruptedException {
        Sha256 digest = content();
        if (digest == null) {
            throw new BuildException(
                    new Problem(
                            Problem.Kind.INVALID_INPUT,
                            "cannot upload " + inputs.iso(),
                            null,
                            "there is no such file",
                            "build it: talos-forge apply in the unit that iso_path comes from"),
                    null);
        }
        ProxmoxClient client = workshop.proxmox().client(inputs.nodes(), inputs.hostnames());
        workshop.events().started(unit, STEP);
        ByteSource iso = ByteSource.of(inputs.iso());
        UploadResult result = client.upload(
                new UploadRequest(
                        inputs.datastore(),
                        inputs.isoName(),
                        iso,
                        digest,
                        inputs.nodes(),
                        remembered,
                        UploadRequest.Conflict.REPLACE),
                (sent, size) -> workshop.events().progress(unit, STEP, sent, size));
        for (UploadResult.OnNode node : result.nodes()) {
            if (node.warning() != null) {
                workshop.events().warning(unit, "%s: %s".formatted(node.node(), node.warning()));
            }
        }
        for (String node : result.offline()) {
            workshop.events().warning(unit, "node %s is offline and was not looked at".formatted(node));
        }
        workshop.events()
                .finished(
                        unit,
                        STEP,
                        "%s:iso/%s on %d nodes"
                                .formatted(
                                        inputs.datastore(),
                                        result.fileName(),
                                        result.nodes().size()),
                        !result.uploaded());
        SequencedMap<String, Json> outputs = new TreeMap<>();
        outputs.put("talos_image_file_ids", Json.ofMap(result.volumeIds()));
        outputs.put("talos_image_file_name", Json.of(result.fileName()));
        outputs.put("talos_image_id", Json.of(inputs.datastore() + ":iso/" + result.fileName()));
        outputs.put("iso_sha256", Json.of(digest.hex()));
        if (inputs.talosVersion() != null) {
            outputs.put("talos_version", Json.of(inputs.talosVersion()));
        }
        if (inputs.kubernetesVersion() != null) {
            outputs.put("kubernetes_version", Json.of(inputs.kubernetesVersion()));
        }
        return outputs;
    }
}
