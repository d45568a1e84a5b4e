package dev.talosforge.pipeline.lint;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.source.SourceTrace;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.ServiceRemark;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.talos.service.ExtensionServices.Remark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * Checks evaluated units for what is allowed but probably a mistake. Uses no network, and reports nothing about mock
 * values.
 */
public final class Linter {
    private final List<LintSubject> subjects;

    private Linter(List<LintSubject> subjects) {
        this.subjects = subjects;
    }

    /**
     * All findings of a tree, unit by unit in the order given.
     *
     * @param units of one tree: some checks compare them
     * @param overrides inputs set from outside
     */
    public static List<LintFinding> of(List<Unit> units, SortedMap<String, Value> overrides) {
        SourceTrace trace = new SourceTrace();
        List<LintSubject> subjects = new ArrayList<>();
        for (Unit unit : units) {
            subjects.add(LintSubject.of(unit, trace, overrides));
        }
        return new Linter(subjects).all();
    }

    private List<LintFinding> all() {
        List<LintFinding> between = new ArrayList<>(VersionChecks.kubernetes(subjects));
        between.addAll(NameChecks.shared(subjects));
        between.addAll(StateChecks.of(subjects));
        List<LintFinding> all = new ArrayList<>();
        for (LintSubject subject : subjects) {
            List<LintFinding> own = alone(subject);
            between.stream()
                    .filter(finding -> finding.unit().equals(subject.unit().name()))
                    .forEach(own::add);
            own.stream()
                    .distinct()
                    .sorted(Comparator.comparing(LintFinding::check))
                    .forEach(all::add);
        }
        return all;
    }

    private List<LintFinding> alone(LintSubject subject) {
        List<LintFinding> findings = new ArrayList<>(SecretChecks.of(subject));
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
                if (!StageModule.isManaged(subject.unit().module())) {
                    findings.addAll(MockChecks.of(subject));
                    findings.addAll(ModuleChecks.of(subject));
                }
            }
        }
        return findings;
    }

    /** Something in a service file that Talos accepts but that is probably a mistake. */
    private static LintFinding service(LintSubject subject, ServiceRemark found) {
        Remark remark = found.remark();
        return subject.finding(
                LintRule.SERVICE_FILE,
                found.input(),
                found.where(),
                "/" + found.file(),
                found.shown() ? remark.why() : remark.whyWithLine(),
                remark.remedy());
    }
}
