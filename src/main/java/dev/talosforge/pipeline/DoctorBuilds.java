package dev.talosforge.pipeline;

import dev.talosforge.config.RemoteState;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the tree has made, as far as it is recorded.
 *
 * @param images installers and ISOs, by unit
 * @param uploads files on Proxmox storages, by unit
 */
record DoctorBuilds(List<Images> images, List<Upload> uploads) {
    /**
     * What a unit built last.
     *
     * @param iso digest of the boot ISO; null where it is not recorded
     * @param parts what it is made of, by name
     */
    record Images(String unit, @Nullable String iso, List<String> parts) {
        boolean hasGuestAgent() {
            return parts.stream().anyMatch(part -> part.contains("qemu-guest-agent"));
        }
    }

    /**
     * What a unit uploaded last, and before.
     *
     * @param current volume id of the last one; null where nothing is recorded
     */
    record Upload(String unit, @Nullable String current, UploadRecord record) {}

    void add(Looking looking, UnitTree.Node node) throws IOException {
        if (!node.problems().isEmpty()) {
            return;
        }
        RemoteState remote = looking.workspace().remoteState(node.directory());
        Path state = looking.states().path(node.directory(), remote);
        SequencedMap<String, Json> outputs = looking.states().recorded(node.directory(), remote);
        if (ImagesInputs.MODULE.equals(node.module())) {
            Made made = Made.read(state);
            if (made != null) {
                List<String> parts = made.plan(node.name(), null).lines().stream()
                        .map(StagePlan.Line::name)
                        .toList();
                images.add(new Images(node.name(), text(outputs, "iso_sha256"), parts));
            }
        }
        if (UploadInputs.MODULE.equals(node.module())) {
            uploads.add(new Upload(node.name(), text(outputs, "talos_image_id"), UploadRecord.of(node.directory())));
        }
    }

    private static @Nullable String text(@Nullable SequencedMap<String, Json> outputs, String name) {
        return outputs != null && outputs.get(name) instanceof JsonText(String text) ? text : null;
    }

    /** The build of a file: of its unit, its digest, and whether it is the newest; null when it is none of ours. */
    @Nullable
    String told(String volumeId) {
        for (Upload upload : uploads) {
            UploadRecord.Uploaded known = upload.record.get(volumeId);
            String digest = known == null ? "" : ", sha256 " + known.sha256().substring(0, 16);
            if (volumeId.equals(upload.current)) {
                return "the newest upload of %s%s".formatted(upload.unit, digest);
            }
            if (known != null) {
                return "an earlier upload of %s%s; the newest is %s".formatted(upload.unit, digest, upload.current);
            }
        }
        return null;
    }

    boolean isCurrent(String volumeId) {
        return uploads.stream().anyMatch(upload -> volumeId.equals(upload.current));
    }
}
