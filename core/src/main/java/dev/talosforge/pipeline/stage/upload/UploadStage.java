package dev.talosforge.pipeline.stage.upload;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.StageKind;
import dev.talosforge.provenance.UploadRecord;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.api.ContentType;
import dev.talosforge.proxmox.api.SentTask;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.UploadHistory;
import dev.talosforge.proxmox.api.UploadProgress;
import dev.talosforge.proxmox.api.UploadRequest;
import dev.talosforge.proxmox.api.UploadResult;
import dev.talosforge.proxmox.upload.PreparedUpload;
import dev.talosforge.proxmox.upload.Rehearsal;
import dev.talosforge.proxmox.upload.UploadTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** {@code talos_proxmox_upload}: an ISO to Proxmox storage. */
public final class UploadStage {
    private final BuildContext context;
    private final String unit;
    private final UploadInputs inputs;

    public UploadStage(BuildContext context, String unit, UploadInputs inputs) {
        this.context = context;
        this.unit = unit;
        this.inputs = inputs;
    }

    private String step() {
        return inputs.type() == ContentType.ISO ? "upload ISO" : "upload disk image";
    }

    /**
     * Digest of the ISO on disk, which has to be the given one; the given one if it is on another machine. Null if it is
     * not built yet.
     */
    @Nullable
    public Sha256 content() throws IOException {
        return isHere() ? checked(Sha256.of(ByteSource.of(inputs.iso()))) : inputs.content();
    }

    private boolean isHere() {
        return Files.isRegularFile(inputs.iso());
    }

    private Sha256 checked(Sha256 content) {
        if (inputs.content() != null && !content.equals(inputs.content())) {
            throw new BuildException(Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot upload " + inputs.iso())
                    .because("its SHA-256 is %s, but iso_sha256 is %s"
                            .formatted(content.hex(), inputs.content().hex()))
                    .trying("build it again, or correct iso_path or iso_sha256"));
        }
        return content;
    }

    public ApplyRecord describe(@Nullable Sha256 content) {
        return new ApplyRecord(
                StageKind.UPLOAD,
                List.of(
                        new Part.IsoFile(null, inputs.iso().toString()),
                        new Part.Content(content),
                        new Part.Volume(inputs.volume(inputs.fileName(content))),
                        new Part.Nodes(inputs.nodes()),
                        new Part.Output("talos_version", inputs.talosVersion()),
                        new Part.Output("kubernetes_version", inputs.kubernetesVersion())));
    }

    /**
     * Uploads, unless the same content is already there.
     *
     * @param before outputs of the last apply
     */
    public SequencedMap<String, Json> apply(SequencedMap<String, Json> before)
            throws IOException, InterruptedException {
        if (!isHere()) {
            return elsewhere(before);
        }
        ProxmoxClient client = context.proxmox().client(inputs.nodes(), inputs.hostnames());
        context.events().started(unit, step());
        // The server is asked whether it accepts the file while the file is hashed.
        FutureTask<Sha256> hashing = new FutureTask<>(() -> Sha256.of(ByteSource.of(inputs.iso())));
        context.workers().execute(hashing);
        try {
            PreparedUpload prepared = prepare(client);
            Sha256 digest = checked(hashed(hashing));
            UploadRecord record = record();
            UploadRequest request = request(digest, record, before);
            UploadResult result = prepared.upload(request, new Watching(request, record));
            report(result);
            return outputs(result, digest, record);
        } finally {
            hashing.cancel(true);
        }
    }

    private UploadRecord record() throws IOException {
        UploadRecord record = UploadRecord.of(inputs.unit());
        if (record.damage() != null) {
            context.events().warning(unit, record.damage());
        }
        return record;
    }

    /** For an ISO that is on another machine: nothing can be sent, so that everything has to be there. */
    private SequencedMap<String, Json> elsewhere(SequencedMap<String, Json> before)
            throws IOException, InterruptedException {
        Sha256 content = inputs.content();
        if (content == null) {
            throw missing("there is no such file");
        }
        ProxmoxClient client = context.proxmox().client(inputs.nodes(), inputs.hostnames());
        context.events().started(unit, step());
        UploadRecord record = record();
        UploadedElsewhere elsewhere = new UploadedElsewhere(inputs, content, history(record, before));
        UploadResult result = elsewhere.result(client.stock(UploadedElsewhere.need(inputs), inputs.nodes()));
        if (result == null) {
            throw missing("there is no such file, and not every node is known to have its content already");
        }
        report(result);
        return outputs(result, content, record);
    }

    private BuildException missing(String why) {
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot upload " + inputs.iso())
                .because(why)
                .trying(Remedy.sentence("build it: ", Remedy.command(Verb.APPLY))
                        .then(" in the unit that iso_path comes from")
                        .or("correct iso_path")));
    }

    /** Checks whether the server accepts such a file; anything missing is a {@link BuildException}. */
    public PreparedUpload prepare(ProxmoxClient client) throws IOException, InterruptedException {
        return client.prepare(target());
    }

    /**
     * What an apply would do now, changing nothing; null if the ISO is not built yet.
     *
     * @param before outputs of the last apply
     */
    @Nullable
    public Rehearsal rehearse(PreparedUpload prepared, SequencedMap<String, Json> before)
            throws IOException, InterruptedException {
        Sha256 digest = isHere() ? content() : null;
        return digest == null ? null : prepared.rehearse(request(digest, UploadRecord.of(inputs.unit()), before));
    }

    /** A file that is not built yet counts as one with any content. */
    private UploadTarget target() throws IOException {
        return new UploadTarget(
                inputs.datastore(),
                inputs.type(),
                inputs.isoName(),
                isHere() ? Files.size(inputs.iso()) : 1,
                inputs.nodes(),
                inputs.from() != null);
    }

    private static Sha256 hashed(FutureTask<Sha256> hashing) throws IOException, InterruptedException {
        try {
            return hashing.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    private UploadHistory history(UploadRecord record, SequencedMap<String, Json> before) {
        return new UploadHistory() {
            @Override
            public @Nullable Sha256 digest(String node, StoredFile file) {
                // The outputs have no file time: they are used only if there is no record of it.
                return record.get(file.volumeId()) != null
                        ? record.digest(node, file)
                        : recorded(before, node, file.volumeId());
            }

            @Override
            public List<SentTask> unseen() {
                return record.unseen(inputs.volume(""));
            }
        };
    }

    private UploadRequest request(Sha256 digest, UploadRecord record, SequencedMap<String, Json> before)
            throws IOException {
        UploadHistory history = history(record, before);
        return new UploadRequest(
                inputs.datastore(),
                inputs.type(),
                inputs.isoName(),
                ByteSource.of(inputs.iso()),
                digest,
                inputs.nodes(),
                inputs.from(),
                new UploadRequest.Manner(inputs.naming(), inputs.conflict(), history, inputs.verifies()));
    }

    /** What the outputs of the last apply contain for a volume on a node. */
    private static @Nullable Sha256 recorded(SequencedMap<String, Json> before, String node, String volume) {
        return before.get("talos_image_file_ids") instanceof JsonObject ids
                        && volume.equals(ids.text(node))
                        && before.get("iso_sha256") instanceof JsonText(String hex)
                ? Sha256.tryHex(hex)
                : null;
    }

    /** Shows the progress, and records each file that has arrived. */
    private final class Watching implements UploadProgress {
        private final UploadRequest request;
        private final UploadRecord record;

        Watching(UploadRequest request, UploadRecord record) {
            this.request = request;
            this.record = record;
        }

        @Override
        public void sent(long bytes, long size) {
            context.events().progress(unit, step(), bytes, size);
        }

        @Override
        public void started(SentTask task) {
            writing(() -> record.begin(request.volumeId(task.fileName()), task));
        }

        @Override
        public void ended(SentTask task) {
            writing(() -> record.end(task));
        }

        @Override
        public void stored(String node, StoredFile file) {
            writing(() -> record.add(node, file, request.sha256()));
        }

        private void writing(Writing writing) {
            try {
                writing.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void report(UploadResult result) {
        for (UploadResult.OnNode node : result.nodes()) {
            if (node.warning() != null) {
                context.events().warning(unit, "%s: %s".formatted(node.node(), node.warning()));
            }
        }
        result.notes().forEach(note -> context.events().warning(unit, note.text(), note.remedy()));
        result.unasked()
                .forEach((node, why) ->
                        context.events().warning(unit, "node %s was not checked: %s".formatted(node, why)));
        int nodes = result.nodes().size();
        String where = "%s on %d %s".formatted(result.volumeId(), nodes, nodes == 1 ? "node" : "nodes");
        context.events().finished(unit, step(), where, !result.uploaded());
    }

    /** An offline node with its own storage keeps the id of what was stored there. */
    private SequencedMap<String, Json> outputs(UploadResult result, Sha256 digest, UploadRecord record) {
        SequencedMap<String, String> ids = result.volumeIds();
        for (String node : result.unasked().keySet()) {
            if (digest.equals(record.digest(node, result.volumeId()))) {
                ids.put(node, result.volumeId());
            }
        }
        SequencedMap<String, Json> outputs = new TreeMap<>();
        outputs.put("talos_image_file_ids", Json.ofMap(ids));
        outputs.put("talos_image_file_name", Json.of(result.fileName()));
        outputs.put("talos_image_id", Json.of(result.volumeId()));
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
