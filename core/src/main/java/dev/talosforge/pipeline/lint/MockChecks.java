package dev.talosforge.pipeline.lint;

import dev.talosforge.config.source.UnitSource;
import dev.talosforge.config.unit.Dependency;
import java.util.ArrayList;
import java.util.List;

/**
 * Mock outputs that another tool would use in an apply. Our stages never do, so only units of other tools are checked.
 */
final class MockChecks {
    private static final String REMEDY =
            "write: mock_outputs_allowed_terraform_commands = [\"init\", \"validate\", \"plan\"]";

    private MockChecks() {}

    static List<LintFinding> of(LintSubject subject) {
        List<LintFinding> findings = new ArrayList<>();
        for (Dependency dependency : subject.unit().dependencies()) {
            UnitSource.Mock mock = subject.source().mocks().get(dependency.name());
            if (mock == null) {
                continue;
            }
            String name = "dependency \"%s\"".formatted(dependency.name());
            if (mock.commands() == null) {
                findings.add(subject.finding(
                        LintRule.MOCK_REACHES_APPLY,
                        name,
                        mock.where(),
                        "its mock outputs are not limited to read-only commands",
                        "while real outputs are missing, Terragrunt applies this unit with mocks",
                        REMEDY));
            } else if (mock.applied()) {
                findings.add(subject.finding(
                        LintRule.MOCK_REACHES_APPLY,
                        name,
                        mock.commands(),
                        "its mock outputs are allowed for an apply",
                        "while real outputs are missing, Terragrunt applies this unit with mocks",
                        REMEDY));
            }
        }
        return findings;
    }
}
