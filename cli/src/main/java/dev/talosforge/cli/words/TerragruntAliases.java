package dev.talosforge.cli.words;

import dev.talosforge.cli.words.ForeignWords.Unused;
import dev.talosforge.problem.BuildException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Options as users of Terragrunt and Terraform type them: older names and single dashes mean the same, and options
 * without effect here are dropped.
 */
public final class TerragruntAliases {
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("--terragrunt-parallelism", "--parallelism"),
            Map.entry("--terragrunt-fail-fast", "--fail-fast"),
            Map.entry("--terragrunt-ignore-dependency-errors", "--queue-ignore-errors"),
            Map.entry("--terragrunt-include-dir", "--queue-include-dir"),
            Map.entry("--terragrunt-strict-include", "--queue-strict-include"),
            Map.entry("--terragrunt-exclude-dir", "--queue-exclude-dir"),
            Map.entry("--terragrunt-working-dir", "--directory"),
            Map.entry("--working-dir", "--directory"),
            Map.entry("--report-file", "--report"),
            Map.entry("--terragrunt-all", "--all"),
            Map.entry("--terragrunt-feature", "--feature"),
            Map.entry("--terragrunt-no-hooks", "--no-hooks"),
            Map.entry("--terragrunt-no-auto-retry", "--no-auto-retry"),
            Map.entry("-detailed-exitcode", "--detailed-exitcode"),
            Map.entry("-json", "--json"),
            Map.entry("-raw", "--raw"),
            Map.entry("-var", "--var"));

    /** Commands after which {@code --} precedes the arguments for Terraform in Terragrunt. */
    private static final Set<String> RUNS = Set.of("run", "run-all");

    private TerragruntAliases() {}

    /** Refuses options that cannot be used. */
    public static String[] translate(String[] given) {
        List<String> arguments = new ArrayList<>();
        boolean runs = Arrays.stream(given).anyMatch(RUNS::contains);
        for (int i = 0; i < given.length; i++) {
            if (given[i].equals("--") && runs) {
                runs = false;
                continue;
            }
            String name = name(given[i]);
            Unused unused = ALIASES.containsKey(name) ? null : ForeignWords.option(name);
            if (unused == null) {
                arguments.add(ALIASES.getOrDefault(name, name) + given[i].substring(name.length()));
            } else if (unused.refusal() != null && !given[i].equals(name + "=false")) {
                throw new BuildException(unused.refusal(), null);
            } else if (unused.value() && given[i].equals(name)) {
                i++;
            }
        }
        return arguments.toArray(String[]::new);
    }

    private static String name(String argument) {
        int equals = argument.indexOf('=');
        return equals < 0 ? argument : argument.substring(0, equals);
    }
}
