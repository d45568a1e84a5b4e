package dev.talosforge.pipeline.lint;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.unit.RemoteState;
import dev.talosforge.pipeline.inputs.InputReader;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.problem.Where;
import dev.talosforge.state.TerragruntCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Outputs of ours that units run by Terragrunt would not get. Reported once for all units with the same finding. */
final class StateChecks {
    private static final String WHY =
            "Terragrunt gives units that depend on it mock outputs, or outputs left by one of its earlier runs";

    private static final String OWN_STATE =
            "add to the unit a remote_state block with backend = \"local\" and config = { path = \"${get_terragrunt_dir()}/terraform.tfstate\" }";

    private StateChecks() {}

    static List<LintFinding> of(List<LintSubject> subjects) {
        SequencedMap<String, LintFinding> findings = new LinkedHashMap<>();
        for (LintSubject subject : subjects) {
            if (StageModule.isManaged(subject.unit().module())
                    && !subject.unit().inputs().containsKey(InputReader.CATALOG)
                    && !subject.overridden().contains(InputReader.CATALOG)) {
                LintFinding finding = of(subject);
                if (finding != null) {
                    findings.putIfAbsent(finding.where() + finding.why(), finding);
                }
            }
        }
        return new ArrayList<>(findings.values());
    }

    private static @Nullable LintFinding of(LintSubject subject) {
        RemoteState remote = subject.unit().remoteState();
        if (remote == null) {
            return null;
        }
        if (!remote.isLocal()) {
            return finding(
                    subject,
                    remote,
                    "it is kept in %s, but talos-forge records outputs only beside the unit"
                            .formatted(remote.backend()),
                    OWN_STATE + ", or pass them in a file: catalog_path");
        }
        String source = subject.unit().source();
        if (source == null
                || !isRelative(remote)
                || TerragruntCache.workingFolder(Path.of(""), subject.unit().directory(), source) != null) {
            return null;
        }
        return finding(
                subject,
                remote,
                "its path is relative to a folder that Terragrunt names after the source %s".formatted(source),
                "write: path = " + fromTheUnit(remote.path()));
    }

    private static LintFinding finding(LintSubject subject, RemoteState remote, String what, String remedy) {
        return subject.finding(LintRule.OUTPUTS_OUT_OF_REACH, "remote_state", remote.where(), what, WHY, remedy);
    }

    private static boolean isRelative(RemoteState remote) {
        return !(remote.config().get("path") instanceof Value.Text(String text) && text.startsWith("/"));
    }

    /** The same path, so that nothing must be moved. */
    private static String fromTheUnit(Where.@Nullable Source path) {
        if (path == null || path.column() - 1 + path.length() > path.text().length()) {
            return "\"${get_terragrunt_dir()}/terraform.tfstate\"";
        }
        String written = path.text().substring(path.column() - 1, path.column() - 1 + path.length());
        return written.startsWith("\"")
                ? "\"${get_terragrunt_dir()}/" + written.substring(1)
                : "\"${get_terragrunt_dir()}/${%s}\"".formatted(written);
    }
}
