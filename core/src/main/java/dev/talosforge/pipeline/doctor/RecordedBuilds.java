package dev.talosforge.pipeline.doctor;

import dev.talosforge.config.unit.StateHome;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.run.RecordedApply;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.UploadRecord;
import dev.talosforge.talos.Architecture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the tree has built, as far as it is recorded.
 *
 * @param images installers and ISOs, by unit
 * @param uploads files on Proxmox storages, by unit
 */
record RecordedBuilds(List<Images> images, List<Upload> uploads) {
    private static final Pattern NAMED = Pattern.compile("[-_.](amd64|arm64)[-_.]");

    /**
     * What a unit built last.
     *
     * @param isos architectures of the boot ISOs, by the digest in hexadecimal
     * @param extensions names of the images of all extensions in it
     */
    record Images(String unit, SortedMap<String, String> isos, List<String> extensions) {
        boolean hasGuestAgent() {
            return extensions.stream().anyMatch(name -> name.contains("qemu-guest-agent"));
        }
    }

    /**
     * What a unit uploaded last, and before.
     *
     * @param current volume id of the last one; null if nothing is recorded
     */
    record Upload(String unit, @Nullable String current, UploadRecord record) {}

    void add(TreeSession session, UnitTree.Node node) throws IOException {
        if (!node.problems().isEmpty()) {
            return;
        }
        StateHome home = session.workspace().stateHome(node.directory());
        RecordedApply last = session.states().lastApply(node.directory(), home);
        SequencedMap<String, Json> outputs = last.outputs();
        if (StageModule.IMAGES.is(node.module())) {
            ApplyRecord record = last.record();
            if (record != null) {
                images.add(new Images(node.name(), isos(outputs, record.parts()), extensions(record.parts())));
            }
        }
        if (StageModule.UPLOAD.is(node.module())) {
            uploads.add(new Upload(node.name(), text(outputs, "talos_image_id"), UploadRecord.of(node.directory())));
        }
    }

    private static List<String> extensions(List<Part> parts) {
        List<String> names = new ArrayList<>();
        for (Part part : parts) {
            switch (part) {
                case Part.Extension extension ->
                    names.add(extension.image().place().name());
                case Part.ExtensionVariant variant ->
                    names.add(variant.image().place().name());
                case Part.TalosRelease _, Part.Architectures _, Part.BaseImage _, Part.ExtensionOrder _ -> {}
                case Part.KernelArgument _, Part.CommandLine _, Part.StageRevision _, Part.Target _ -> {}
                case Part.IsoFile _, Part.Content _, Part.Volume _, Part.Nodes _, Part.Output _ -> {}
                case Part.Setting _, Part.SourceDate _, Part.Unknown _ -> {}
                case Part.OfExtension _ -> {}
            }
        }
        return names;
    }

    private static SortedMap<String, String> isos(@Nullable SequencedMap<String, Json> outputs, List<Part> parts) {
        SortedMap<String, String> isos = new TreeMap<>();
        if (outputs != null && outputs.get("iso_sha256s") instanceof JsonObject several) {
            several.members().keySet().forEach(label -> isos.put(String.valueOf(several.text(label)), label));
        }
        String one = text(outputs, "iso_sha256");
        if (one != null && isos.isEmpty()) {
            Architecture only = Architecture.AMD64;
            for (Part part : parts) {
                only = part instanceof Part.Architectures(var all) ? all.getFirst() : only;
            }
            isos.put(one, only.label());
        }
        return isos;
    }

    /** The architecture of an ISO: as recorded, otherwise from its name; null if neither has it. */
    @Nullable
    Architecture architecture(String volumeId) {
        for (Upload upload : uploads) {
            UploadRecord.Uploaded known = upload.record.get(volumeId);
            String digest = known == null ? "" : known.sha256();
            for (Images built : images) {
                String label = built.isos.get(digest);
                if (label != null) {
                    return Architecture.of(label);
                }
            }
        }
        Matcher named = NAMED.matcher(volumeId);
        return named.find() ? Architecture.of(named.group(1)) : null;
    }

    private static @Nullable String text(@Nullable SequencedMap<String, Json> outputs, String name) {
        return outputs != null && outputs.get(name) instanceof JsonText(String text) ? text : null;
    }

    /** The build of a file: of its unit, its digest, and whether it is the newest; null if it is not ours. */
    @Nullable
    String describe(String volumeId) {
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
