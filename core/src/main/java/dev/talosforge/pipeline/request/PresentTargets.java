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
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is at the places that a stage delivers to, compared with what was delivered. Changes nothing. */
final class PresentTargets {
    private final BuildContext context;
    private final SequencedMap<String, Json> outputs;
    private final SequencedMap<String, TargetState> states = new TreeMap<>();

    private PresentTargets(BuildContext context, @Nullable LastApply last) {
        this.context = context;
        this.outputs = last == null ? new TreeMap<>() : last.published();
    }

    /** By target. If nothing is known of what was delivered, anything there will do. */
    static SequencedMap<String, TargetState> of(BuildContext context, StageRequest request)
            throws IOException, InterruptedException {
        PresentTargets targets = new PresentTargets(context, request.last());
        switch (request.stage()) {
            case Stage.Extension(var given) -> {
                ExtensionInputs inputs = ExtensionInputs.read(given.reader());
                targets.image(inputs.target(), inputs.architectures(), "extension_digest");
            }
            case Stage.Images(var given) -> targets.images(ImagesInputs.read(given.reader()));
            case Stage.Upload(var given) ->
                targets.states.putAll(
                        new PresentUpload(UploadInputs.read(given.reader()), targets.outputs).states(context));
            case Stage.Unmanaged _ -> throw new IllegalStateException("not a stage: " + request.module());
        }
        return targets.states;
    }

    /** The outputs have one digest: if each of several architectures has its own place, it is that of none of them. */
    private void image(ImagePlace target, List<Architecture> architectures, String output)
            throws IOException, InterruptedException {
        boolean apart = target instanceof ImagePlace.OnDisk disk && disk.perArchitecture();
        boolean known = architectures.size() == 1 || !apart;
        Sha256 wanted = known && outputs.get(output) instanceof JsonText(String text) ? Sha256.tryParse(text) : null;
        PresentImage image = new PresentImage(context, wanted);
        for (Architecture architecture : apart ? architectures : architectures.subList(0, 1)) {
            ImagePlace place = apart ? target.of(architecture.label()) : target;
            states.put(place.toString(), image.at(place));
        }
    }

    private void images(ImagesInputs inputs) throws IOException, InterruptedException {
        image(inputs.installer(), inputs.architectures(), "installer_digest");
        for (Architecture architecture : inputs.architectures()) {
            Path iso = inputs.iso(architecture);
            states.put(iso.toString(), iso(iso, hex(architecture)));
        }
    }

    private @Nullable Sha256 hex(Architecture architecture) {
        String hex = outputs.get("iso_sha256s") instanceof JsonObject all
                ? all.text(architecture.label())
                : outputs.get("iso_sha256") instanceof JsonText(String one) ? one : null;
        return hex == null ? null : Sha256.tryHex(hex);
    }

    private static TargetState iso(Path iso, @Nullable Sha256 wanted) throws IOException {
        if (Files.isDirectory(iso)) {
            return TargetState.folder(iso.toString());
        }
        Sha256 now = Files.isRegularFile(iso) ? Sha256.of(ByteSource.of(iso)) : null;
        return TargetState.of(iso.toString(), "contains", now, wanted);
    }
}
