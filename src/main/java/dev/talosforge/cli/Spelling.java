package dev.talosforge.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Options as people who come from Terragrunt and Terraform type them: older names and single dashes mean the same, and
 * what would keep a tool from asking questions is left out, because nothing here asks any.
 */
final class Spelling {
    private static final Map<String, String> OURS = Map.ofEntries(
            Map.entry("--terragrunt-parallelism", "--parallelism"),
            Map.entry("--terragrunt-fail-fast", "--fail-fast"),
            Map.entry("--terragrunt-ignore-dependency-errors", "--queue-ignore-errors"),
            Map.entry("--terragrunt-include-dir", "--queue-include-dir"),
            Map.entry("--terragrunt-strict-include", "--queue-strict-include"),
            Map.entry("--terragrunt-exclude-dir", "--queue-exclude-dir"),
            Map.entry("--terragrunt-working-dir", "--directory"),
            Map.entry("--working-dir", "--directory"),
            Map.entry("--report-file", "--report"),
            Map.entry("-detailed-exitcode", "--detailed-exitcode"),
            Map.entry("-json", "--json"),
            Map.entry("-raw", "--raw"),
            Map.entry("-var", "--var"));

    private static final Set<String> LEFT_OUT = Set.of(
            "--non-interactive",
            "--terragrunt-non-interactive",
            "--auto-approve",
            "-auto-approve",
            "-input=false",
            "--no-color",
            "-no-color");

    private Spelling() {}

    static String[] ours(String[] given) {
        List<String> arguments = new ArrayList<>();
        for (String argument : given) {
            if (!LEFT_OUT.contains(argument)) {
                arguments.add(ours(argument));
            }
        }
        return arguments.toArray(String[]::new);
    }

    private static String ours(String argument) {
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        String value = equals < 0 ? "" : argument.substring(equals);
        return OURS.getOrDefault(name, name) + value;
    }
}
