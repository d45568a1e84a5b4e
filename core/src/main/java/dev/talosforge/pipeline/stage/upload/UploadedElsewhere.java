package dev.talosforge.pipeline.stage.upload;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.proxmox.ProxmoxClient.Stock;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadHistory;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.api.VolumeName;
import dev.talosforge.proxmox.upload.PreflightCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What another machine has uploaded, found without the file. */
record UploadedElsewhere(UploadInputs inputs, Sha256 content, UploadHistory history) {
    static PreflightCheck.Need need(UploadInputs inputs) {
        return new PreflightCheck.Need(inputs.datastore(), inputs.type(), PreflightCheck.Purpose.COMPARE);
    }

    /** As if nothing had to be sent; null if a node that answers is not known to have the content. */
    @Nullable
    UploadResult result(Stock stock) {
        for (String name : inputs.fileNames(content)) {
            String volume = inputs.volume(name);
            List<UploadResult.OnNode> nodes = new ArrayList<>();
            long size = 0;
            for (String node : stock.byNode().keySet()) {
                StoredFile file = known(stock, node, volume);
                if (file != null) {
                    nodes.add(new UploadResult.OnNode(node, volume, UploadResult.How.SKIPPED, null));
                    size = file.size();
                }
            }
            if (!nodes.isEmpty() && nodes.size() == stock.byNode().size()) {
                SequencedMap<String, String> unasked = new LinkedHashMap<>();
                stock.offline().forEach(node -> unasked.put(node, "it is offline"));
                return new UploadResult(name, volume, size, stock.shared(), nodes, unasked, List.of());
            }
        }
        return null;
    }

    /** A digest in the name tells the content; otherwise it has to be recorded. */
    private @Nullable StoredFile known(Stock stock, String node, String volume) {
        boolean own = volume.equals(inputs.volume(VolumeName.ofContent(inputs.isoName(), content)));
        for (StoredFile file : stock.byNode().getOrDefault(node, List.of())) {
            if (file.volumeId().equals(volume) && (own || content.equals(history.digest(node, file)))) {
                return file;
            }
        }
        return null;
    }
}
