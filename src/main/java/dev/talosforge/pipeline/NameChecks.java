package dev.talosforge.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Names under which something is delivered: that they change with the content, and belong to one unit. */
final class NameChecks {
    private NameChecks() {}

    static List<Finding> iso(Subject subject, ImagesInputs images) {
        String version = images.version().text();
        String plain = version.startsWith("v") ? version.substring(1) : version;
        String name = nameOf(images.iso());
        if (!subject.isReal("iso_name") || !subject.isReal("talos_version") || name.contains(plain)) {
            return List.of();
        }
        return List.of(subject.finding(
                Check.ISO_NAME_CONSTANT,
                "iso_name",
                "\"%s\" does not have the version %s in it".formatted(name, version),
                "an ISO of the next version gets the same name and replaces this one wherever it was uploaded",
                "put the version into it: \"talos-${local.versions.talos_version}-…iso\""));
    }

    static List<Finding> extensionTag(Subject subject, ExtensionInputs extension) {
        String tag = extension.target().tag();
        if (!subject.isReal("extension_tag") || tag == null || !ExtensionChecks.floats(tag)) {
            return List.of();
        }
        return List.of(subject.finding(
                Check.FLOATING_TAG,
                subject.unit().inputs().containsKey("extension_tag") ? "extension_tag" : "version",
                "the extension is published under %s, which is made to move".formatted(tag),
                "what names it by that tag gets what was published last",
                "publish it under its whole version"));
    }

    /** Units that deliver under one name. */
    static List<Finding> shared(List<Subject> subjects) {
        List<Finding> findings = new ArrayList<>();
        SequencedMap<String, Subject> owners = new LinkedHashMap<>();
        for (Subject subject : subjects) {
            switch (subject.inputs()) {
                case ImagesInputs images -> {
                    claim(subject, "installer_registry", "installer " + images.installer(), owners, findings);
                    for (Path iso : images.isos().values()) {
                        claim(subject, "iso_name", "ISO " + iso, owners, findings);
                    }
                }
                case ExtensionInputs extension ->
                    claim(subject, "extension_registry", "extension " + extension.target(), owners, findings);
                case UploadInputs upload ->
                    claim(
                            subject,
                            "iso_name",
                            "volume %s:%s/%s"
                                    .formatted(upload.datastore(), upload.type().word(), upload.isoName()),
                            owners,
                            findings);
                case null, default -> {}
            }
        }
        return findings;
    }

    /** Says that a unit delivers to a place, and finds who else does. */
    private static void claim(
            Subject subject,
            String input,
            String target,
            SequencedMap<String, Subject> owners,
            List<Finding> findings) {
        if (!subject.isReal(input)) {
            return;
        }
        Subject owner = owners.putIfAbsent(target, subject);
        if (owner != null) {
            findings.add(subject.finding(
                    Check.SAME_TARGET,
                    input,
                    "%s makes %s, too".formatted(owner.unit().name(), target),
                    "the unit that is applied last replaces what the other one made",
                    "give each a name of its own"));
        }
    }

    static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
