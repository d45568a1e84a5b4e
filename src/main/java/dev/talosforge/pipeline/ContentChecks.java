package dev.talosforge.pipeline;

import dev.talosforge.config.Unit;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.talos.ExtensionServices.Remark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * Looks at what evaluated units say, for what is allowed and hardly meant. Nothing is asked of the network, and nothing is
 * said about values that are mocks.
 */
final class ContentChecks {
    private final List<Subject> subjects;

    private ContentChecks(List<Subject> subjects) {
        this.subjects = subjects;
    }

    /**
     * All findings of a tree, unit by unit in the order given.
     *
     * @param units of one tree: some checks compare them
     * @param overrides inputs set from outside
     */
    static List<Finding> of(List<Unit> units, SortedMap<String, Value> overrides) {
        Written written = new Written();
        List<Subject> subjects = new ArrayList<>();
        for (Unit unit : units) {
            subjects.add(Subject.of(unit, written, overrides));
        }
        return new ContentChecks(subjects).all();
    }

    private List<Finding> all() {
        List<Finding> between = new ArrayList<>(VersionChecks.kubernetes(subjects));
        between.addAll(NameChecks.shared(subjects));
        between.addAll(StateChecks.of(subjects));
        List<Finding> all = new ArrayList<>();
        for (Subject subject : subjects) {
            List<Finding> own = alone(subject);
            between.stream()
                    .filter(finding -> finding.unit().equals(subject.unit().name()))
                    .forEach(own::add);
            own.stream().distinct().sorted(Comparator.comparing(Finding::check)).forEach(all::add);
        }
        return all;
    }

    private List<Finding> alone(Subject subject) {
        List<Finding> findings = new ArrayList<>(SecretChecks.of(subject));
        switch (subject.inputs()) {
            case ImagesInputs images -> {
                findings.addAll(KernelArgumentChecks.of(subject, images));
                findings.addAll(InstallationChecks.of(subject, images));
                findings.addAll(ExtensionChecks.of(subject, images));
                findings.addAll(VersionChecks.of(subject, images));
                findings.addAll(NameChecks.iso(subject, images));
            }
            case ExtensionInputs extension -> {
                findings.addAll(NameChecks.extensionTag(subject, extension));
                findings.addAll(VersionChecks.of(subject, extension));
                extension.remarks().forEach(remark -> findings.add(service(subject, remark)));
            }
            case UploadInputs upload -> findings.addAll(UploadChecks.of(subject, upload, subjects));
            case null -> {
                if (!StageModule.isOurs(subject.unit().module())) {
                    findings.addAll(MockChecks.of(subject));
                    findings.addAll(ModuleChecks.of(subject));
                }
            }
        }
        return findings;
    }

    /** Something in a service file that Talos takes and that is hardly meant. */
    private static Finding service(Subject subject, ServiceRemark found) {
        Remark remark = found.remark();
        return subject.finding(
                Check.SERVICE_FILE,
                found.input(),
                found.where(),
                "/" + found.file(),
                found.shown() ? remark.why() : remark.whyWithLine(),
                remark.remedy());
    }
}
