package dev.talosforge.pipeline.request;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.provenance.UploadRecord;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.upload.PreflightCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file is on the nodes that it was uploaded to. Proxmox has no digests: size and time show what was replaced.
 * Changes nothing.
 *
 * @param outputs of the last apply; empty if there was none
 */
record PresentUpload(UploadInputs inputs, SequencedMap<String, Json> outputs) {
    /** By node and volume. */
    SequencedMap<String, TargetState> states(BuildContext context) throws IOException, InterruptedException {
        ProxmoxClient client = context.proxmox().client(inputs.nodes(), inputs.hostnames());
        ProxmoxClient.Stock stock = client.stock(
                new PreflightCheck.Need(inputs.datastore(), inputs.type(), PreflightCheck.Purpose.COMPARE),
                inputs.nodes());
        UploadRecord record = UploadRecord.of(inputs.unit());
        Sha256 here = isHere() ? Sha256.of(ByteSource.of(inputs.iso())) : inputs.content();
        SequencedMap<String, TargetState> states = new TreeMap<>();
        for (String node : inputs.nodes()) {
            String volume = volume(node, here);
            List<StoredFile> files = stock.byNode().get(node);
            states.put(
                    node + " " + volume,
                    files == null ? TargetState.OFFLINE : state(files, node, volume, record, here));
        }
        return states;
    }

    private TargetState state(
            List<StoredFile> files, String node, String volume, UploadRecord record, @Nullable Sha256 here)
            throws IOException {
        String what = volume + " on " + node;
        for (StoredFile file : files) {
            if (file.volumeId().equals(volume)) {
                Sha256 now = record.digest(node, file);
                if (now != null) {
                    return TargetState.of(what, "contains", now, wanted());
                }
                boolean other = record.get(volume) != null || isOtherSize(file, here);
                return other ? TargetState.file(what, "another file than was uploaded") : TargetState.PRESENT;
            }
        }
        return TargetState.missing(what);
    }

    /** The size is known if the file that was uploaded is here. */
    private boolean isOtherSize(StoredFile stored, @Nullable Sha256 here) throws IOException {
        return here != null && here.equals(wanted()) && isHere() && Files.size(inputs.iso()) != stored.size();
    }

    private boolean isHere() {
        return Files.isRegularFile(inputs.iso());
    }

    private @Nullable Sha256 wanted() {
        return outputs.get("iso_sha256") instanceof JsonText(String hex) ? Sha256.tryHex(hex) : inputs.content();
    }

    private String volume(String node, @Nullable Sha256 here) {
        if (outputs.get("talos_image_file_ids") instanceof JsonObject ids && ids.text(node) != null) {
            return String.valueOf(ids.text(node));
        }
        return inputs.volume(inputs.fileName(inputs.naming() == UploadRequest.Naming.CONTENT ? here : null));
    }
}
