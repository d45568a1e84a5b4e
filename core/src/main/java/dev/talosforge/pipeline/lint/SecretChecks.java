package dev.talosforge.pipeline.lint;

import dev.talosforge.pipeline.inputs.ImagesInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Secrets that anyone with the tree, or an image built from it, can read. They are never repeated here. */
final class SecretChecks {
    private static final Pattern IN_URL = Pattern.compile("://[^/@\\s:]*:[^/@\\s]+@");

    private SecretChecks() {}

    static List<LintFinding> of(LintSubject subject) {
        List<LintFinding> findings = new ArrayList<>();
        subject.source()
                .secrets()
                .forEach((name, where) -> findings.add(subject.finding(
                        LintRule.SECRET_IN_PLAIN_TEXT,
                        name,
                        where,
                        "a secret is written here as plain text",
                        "anyone who can read the tree can use it, even after it is removed from the last commit",
                        "change the secret, and read it with get_env or sops_decrypt_file")));
        if (subject.inputs() instanceof ImagesInputs images) {
            for (String argument : images.kernelArgs()) {
                if (IN_URL.matcher(argument).find()) {
                    findings.add(subject.finding(
                            LintRule.SECRET_IN_PLAIN_TEXT,
                            "kernel_args",
                            null,
                            "the URL of %s contains a password".formatted(key(argument)),
                            "it goes into the installer image and the ISO, where anyone can read it",
                            "change the password, and remove it from the URL"));
                }
            }
        }
        return findings;
    }

    private static String key(String argument) {
        int split = argument.indexOf('=');
        return split < 0 ? "an argument" : argument.substring(0, split);
    }
}
