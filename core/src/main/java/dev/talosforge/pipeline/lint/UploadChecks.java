package dev.talosforge.pipeline.lint;

import dev.talosforge.config.source.UnitSource;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.UploadInputs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks an upload: a dependency should build its ISO, and its nodes should be named correctly. */
final class UploadChecks {
    private static final String PATH = "iso_path";
    private static final String NAMES = "proxmox_node_names";
    private static final String HOSTS = "proxmox_node_hostnames";

    private UploadChecks() {}

    static List<LintFinding> of(LintSubject subject, UploadInputs upload, List<LintSubject> all) {
        List<LintFinding> findings = new ArrayList<>();
        source(subject, upload, all, findings);
        if (subject.isReal(NAMES)) {
            twice(subject, upload, findings);
            count(subject, upload, findings);
        }
        return findings;
    }

    private static void source(
            LintSubject subject, UploadInputs upload, List<LintSubject> all, List<LintFinding> findings) {
        UnitSource.Input written = subject.source().inputs().get(PATH);
        Set<String> dependencies = written == null ? null : written.dependencies();
        boolean handedOn = !subject.overridden().contains(PATH)
                && (dependencies == null ? !subject.unit().dependencies().isEmpty() : !dependencies.isEmpty());
        if (handedOn) {
            return;
        }
        LintSubject maker = null;
        for (LintSubject other : all) {
            if (other.inputs() instanceof ImagesInputs images && images.isos().containsValue(upload.iso())) {
                maker = other;
            }
        }
        if (maker == null) {
            findings.add(subject.finding(
                    LintRule.ISO_NOT_MADE_HERE,
                    PATH,
                    "no unit builds " + upload.iso(),
                    "the upload sends whatever file is there",
                    "use the output of the unit that builds it: dependency.images.outputs.iso_path"));
        } else if (!subject.dependsOn(maker.unit())) {
            findings.add(subject.finding(
                    LintRule.ISO_NOT_MADE_HERE,
                    PATH,
                    "%s builds it, but is not a dependency"
                            .formatted(maker.unit().name()),
                    "the upload may run before the ISO is built, and then sends an old one",
                    "add a dependency block, and use dependency.images.outputs.iso_path"));
        }
    }

    private static void twice(LintSubject subject, UploadInputs upload, List<LintFinding> findings) {
        Set<String> seen = new HashSet<>();
        List<String> nodes = upload.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            String node = nodes.get(i);
            if (!seen.add(node)) {
                findings.add(subject.finding(
                        LintRule.PROXMOX_NODES,
                        NAMES,
                        subject.place(NAMES, i, node),
                        "%s is listed more than once".formatted(node),
                        "one upload to a node is enough",
                        "keep one of them"));
            }
        }
    }

    private static void count(LintSubject subject, UploadInputs upload, List<LintFinding> findings) {
        int hosts = upload.hostnames().size();
        int nodes = upload.nodes().size();
        if (hosts != 0 && hosts != nodes && subject.isReal(HOSTS)) {
            findings.add(subject.finding(
                    LintRule.PROXMOX_NODES,
                    HOSTS,
                    "%d hostnames for %d nodes".formatted(hosts, nodes),
                    "a node or a hostname is missing, or one is left over",
                    "list one hostname for each node, or none at all"));
        }
    }
}
