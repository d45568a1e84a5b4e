package dev.talosforge.pipeline.request;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.pipeline.publish.Publisher;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.provenance.UploadRecord;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.state.TerragruntCache;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is at the places that a stage delivers to, compared with what was delivered. Changes nothing. */
final class PresentTargets {
    static final String PRESENT = "present";
    static final String MISSING = "missing";

    /** Proxmox has no digests: nobody knows what the nodes that do not answer have. */
    static final String OFFLINE = "offline";

    private final BuildContext context;
    private final StageRequest request;
    private final SequencedMap<String, Json> outputs;
    private final SequencedMap<String, String> states = new TreeMap<>();

    private PresentTargets(BuildContext context, StageRequest request) {
        this.context = context;
        this.request = request;
        LastApply last = request.last();
        this.outputs = last == null ? new TreeMap<>() : last.published();
    }

    /** By target: present, missing, offline, or what else is there. If nothing is known of what was delivered, anything there will do. */
    static SequencedMap<String, String> of(BuildContext context, StageRequest request)
            throws IOException, InterruptedException {
        PresentTargets targets = new PresentTargets(context, request);
        Stage stage = request.stage();
        switch (stage) {
            case Stage.Extension(var given) -> {
                ExtensionInputs inputs = ExtensionInputs.read(given.reader());
                targets.image(inputs.target(), inputs.architectures(), "extension_digest");
            }
            case Stage.Images(var given) -> targets.images(ImagesInputs.read(given.reader()));
            case Stage.Upload(var given) -> targets.upload(UploadInputs.read(given.reader()));
            case Stage.Unmanaged _ -> throw new IllegalStateException("not a stage: " + request.module());
        }
        return targets.states;
    }

    private void image(ImagePlace target, List<Architecture> architectures, String output)
            throws IOException, InterruptedException {
        if (target instanceof ImagePlace.InOciArchive || target instanceof ImagePlace.InDockerArchive) {
            for (Architecture architecture : architectures) {
                ImagePlace.OnDisk file = (ImagePlace.OnDisk) target.of(architecture.label());
                states.put(file.toString(), Files.isRegularFile(file.path()) ? PRESENT : MISSING);
            }
            return;
        }
        Sha256 wanted = outputs.get(output) instanceof JsonText(String digest) ? Sha256.tryParse(digest) : null;
        states.put(target.toString(), state(new Publisher(context, request.name()).now(target), wanted));
    }

    private void images(ImagesInputs inputs) throws IOException, InterruptedException {
        image(inputs.installer(), inputs.architectures(), "installer_digest");
        for (Architecture architecture : inputs.architectures()) {
            Path iso = inputs.iso(architecture);
            states.put(iso.toString(), state(content(iso), hex(architecture)));
        }
    }

    private @Nullable Sha256 hex(Architecture architecture) {
        String hex = outputs.get("iso_sha256s") instanceof JsonObject all
                ? all.text(architecture.label())
                : outputs.get("iso_sha256") instanceof JsonText(String one) ? one : null;
        return hex == null ? null : Sha256.tryHex(hex);
    }

    private static @Nullable Sha256 content(Path file) throws IOException {
        return Files.isRegularFile(file) ? Sha256.of(ByteSource.of(file)) : null;
    }

    private static String state(@Nullable Sha256 now, @Nullable Sha256 wanted) {
        return now == null ? MISSING : wanted == null || now.equals(wanted) ? PRESENT : "other " + now;
    }

    private void upload(UploadInputs inputs) throws IOException, InterruptedException {
        ProxmoxClient client = context.proxmox().client(inputs.nodes(), inputs.hostnames());
        ProxmoxClient.Stock stock = client.stock(inputs.datastore(), inputs.type(), inputs.nodes());
        UploadRecord record = UploadRecord.of(TerragruntCache.unitFolder(inputs.directory()));
        for (String node : inputs.nodes()) {
            String volume = volume(inputs, node);
            List<StoredFile> files = stock.byNode().get(node);
            states.put(node + " " + volume, files == null ? OFFLINE : state(files, node, volume, record));
        }
    }

    /** A file with another time than the recorded one was replaced. */
    private static String state(List<StoredFile> files, String node, String volume, UploadRecord record) {
        for (StoredFile file : files) {
            if (file.volumeId().equals(volume)) {
                boolean replaced = record.get(volume) != null && record.digest(node, file) == null;
                return replaced ? "other file" : PRESENT;
            }
        }
        return MISSING;
    }

    private String volume(UploadInputs inputs, String node) throws IOException {
        if (outputs.get("talos_image_file_ids") instanceof JsonObject ids && ids.text(node) != null) {
            return String.valueOf(ids.text(node));
        }
        Sha256 digest = inputs.naming() == UploadRequest.Naming.CONTENT ? content(inputs.iso()) : null;
        return inputs.volume(inputs.fileName(digest));
    }

    /** One line for what is not there as it was delivered; empty if everything is. */
    static String missing(Map<String, String> states) {
        return String.join(
                ", ",
                states.entrySet().stream()
                        .filter(target -> !target.getValue().equals(PRESENT)
                                && !target.getValue().equals(OFFLINE))
                        .map(target -> target.getKey() + " is "
                                + (target.getValue().equals(MISSING) ? MISSING : "another: " + target.getValue()))
                        .toList());
    }
}
