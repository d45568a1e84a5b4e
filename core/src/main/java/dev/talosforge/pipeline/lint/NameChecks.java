package dev.talosforge.pipeline.lint;

import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.UploadInputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Names under which something is delivered: they should change with the content and belong to one unit. */
final class NameChecks {
    private NameChecks() {}

    static List<LintFinding> iso(LintSubject subject, ImagesInputs images) {
        String version = images.version().text();
        String plain = version.startsWith("v") ? version.substring(1) : version;
        String name = nameOf(images.iso());
        if (!subject.isReal("iso_name") || !subject.isReal("talos_version") || name.contains(plain)) {
            return List.of();
        }
        return List.of(subject.finding(
                LintRule.ISO_NAME_CONSTANT,
                "iso_name",
                "\"%s\" does not contain the version %s".formatted(name, version),
                "the next version's ISO gets the same name and replaces this one wherever it was uploaded",
                "include the version: \"talos-${local.versions.talos_version}-…iso\""));
    }

    static List<LintFinding> extensionTag(LintSubject subject, ExtensionInputs extension) {
        String tag = extension.target().tag();
        if (!subject.isReal("extension_tag") || tag == null || !ExtensionChecks.floats(tag)) {
            return List.of();
        }
        return List.of(subject.finding(
                LintRule.FLOATING_TAG,
                subject.unit().inputs().containsKey("extension_tag")
                        ? "extension_tag"
                        : subject.unit().inputs().containsKey("version") ? "version" : "extension_version",
                "the extension is published under %s, which is a moving tag".formatted(tag),
                "whatever uses that tag gets the version published last",
                "publish it under its full version"));
    }

    /** Units that deliver under one name. */
    static List<LintFinding> shared(List<LintSubject> subjects) {
        List<LintFinding> findings = new ArrayList<>();
        SequencedMap<String, LintSubject> owners = new LinkedHashMap<>();
        for (LintSubject subject : subjects) {
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

    /** Registers that a unit delivers to a place, and finds others that do. */
    private static void claim(
            LintSubject subject,
            String input,
            String target,
            SequencedMap<String, LintSubject> owners,
            List<LintFinding> findings) {
        if (!subject.isReal(input)) {
            return;
        }
        LintSubject owner = owners.putIfAbsent(target, subject);
        if (owner != null) {
            findings.add(subject.finding(
                    LintRule.SAME_TARGET,
                    input,
                    "%s delivers %s as well".formatted(owner.unit().name(), target),
                    "the unit applied last replaces the result of the other one",
                    "give each its own name"));
        }
    }

    static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
