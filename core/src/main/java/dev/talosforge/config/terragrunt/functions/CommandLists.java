package dev.talosforge.config.terragrunt.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.block.Merge;
import java.util.List;
import java.util.TreeMap;

/** Terragrunt's functions whose results are the same everywhere. */
final class CommandLists {
    /** Messages of Terraform after which a command is retried, as Terragrunt lists them. */
    private static final String[] RETRYABLE = {
        "(?s).*Failed to load state.*tcp.*timeout.*",
        "(?s).*Failed to load backend.*TLS handshake timeout.*",
        "(?s).*Creating metric alarm failed.*request to update this alarm is in progress.*",
        "(?s).*Error installing provider.*TLS handshake timeout.*",
        "(?s).*Error configuring the backend.*TLS handshake timeout.*",
        "(?s).*Error installing provider.*tcp.*timeout.*",
        "(?s).*Error installing provider.*tcp.*connection reset by peer.*",
        "NoSuchBucket: The specified bucket does not exist",
        "(?s).*Error creating SSM parameter: TooManyUpdates:.*",
        "(?s).*app.terraform.io.*: 429 Too Many Requests.*",
        "(?s).*ssh_exchange_identification.*Connection closed by remote host.*",
        "(?s).*Client\\.Timeout exceeded while awaiting headers.*",
        "(?s).*Could not download module.*The requested URL returned error: 429.*",
        "(?s).*net/http: TLS.*handshake timeout.*",
        "(?s).*could not query provider registry.*context deadline exceeded.*",
        "(?s).*provider.*TLS handshake timeout.*",
        "(?s).*provider.*tcp.*timeout.*",
        "(?s).*provider.*tcp.*connection reset by peer.*",
        "(?s).*provider.*context deadline exceeded.*",
        "(?s).*registry.*context deadline exceeded.*",
        "(?s).*Failed to resolve provider.*timeout.*",
        "(?s).*Failed to resolve provider.*connection reset by peer.*",
        "(?s).*Failed to resolve provider.*context deadline exceeded.*",
        "(?s).*could not connect to registry.*timeout.*",
        "(?s).*could not connect to registry.*connection reset by peer.*",
        "(?s).*could not connect to registry.*context deadline exceeded.*",
        "(?s).*failed to request discovery document.*context deadline exceeded.*",
        "(?s).*Failed to query available provider packages.*timeout.*",
        "(?s).*Failed to query available provider packages.*connection reset by peer.*",
        "(?s).*Failed to query available provider packages.*context deadline exceeded.*"
    };

    private CommandLists() {}

    static List<Function> all() {
        return List.of(
                texts(
                        "get_terraform_commands_that_need_vars",
                        "apply",
                        "console",
                        "destroy",
                        "import",
                        "plan",
                        "push",
                        "refresh"),
                texts("get_terraform_commands_that_need_input", "apply", "import", "init", "plan", "refresh"),
                texts(
                        "get_terraform_commands_that_need_locking",
                        "apply",
                        "destroy",
                        "import",
                        "plan",
                        "refresh",
                        "taint",
                        "untaint"),
                texts("get_terraform_commands_that_need_parallelism", "apply", "plan", "destroy"),
                texts("get_default_retryable_errors", RETRYABLE),
                Function.of("constraint_check", 2, 2, CommandLists::check),
                Function.of("deep_merge", 0, Function.ANY_NUMBER, CommandLists::merge));
    }

    private static Function texts(String name, String... texts) {
        Value list = Value.listOfTexts(List.of(texts));
        return Function.of(name, 0, 0, _ -> list);
    }

    private static Value check(Arguments arguments) {
        ConstraintVersion version = ConstraintVersion.parse(arguments.text(0));
        if (version == null) {
            throw arguments.failure(0, "\"%s\" is not a version".formatted(arguments.text(0)));
        }
        boolean holds = true;
        for (String one : arguments.text(1).split(",", -1)) {
            ConstraintVersion.Constraint constraint = ConstraintVersion.Constraint.parse(one);
            if (constraint == null) {
                throw arguments.failure(1, "\"%s\" is not a version constraint".formatted(one.strip()));
            }
            holds &= constraint.holds(version);
        }
        return Value.of(holds);
    }

    /** Merges later ones into earlier ones: objects member by member, lists concatenated; null counts as empty. */
    private static Value merge(Arguments arguments) {
        Value merged = Value.object(new TreeMap<>());
        for (int i = 0; i < arguments.size(); i++) {
            if (!(arguments.value(i) instanceof Value.Null)) {
                try {
                    merged = Merge.deep("it", merged, Value.object(arguments.members(i)), true);
                } catch (Merge.Mismatch e) {
                    throw arguments.failure(i, e.why());
                }
            }
        }
        return merged;
    }
}
