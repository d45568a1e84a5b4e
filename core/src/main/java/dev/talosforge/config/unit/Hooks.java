package dev.talosforge.config.unit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of a unit, and how its failures are handled.
 *
 * @param all those that can run when it is applied: before hooks, after hooks, error hooks, each in the order in
 *     which they run
 * @param initOnly titles of those that Terragrunt also runs during an apply, when it fetches a module and has
 *     Terraform initialize it; here nothing does that
 * @param retries failures after which it is tried again
 * @param terraformBinary the unit's Terraform or OpenTofu program; null if the unit does not name one
 */
public record Hooks(
        List<Hook> all,
        List<String> initOnly,
        List<Retry> retries,
        @Nullable String terraformBinary) {
    public Hooks {
        all = List.copyOf(all);
        initOnly = List.copyOf(initOnly);
        retries = List.copyOf(retries);
    }

    /** The hooks of a unit that has none. */
    public static Hooks none() {
        return new Hooks(List.of(), List.of(), List.of(), null);
    }

    /** Whether there are none to run for an apply. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Those of a kind that run for a command. */
    public List<Hook> of(Hook.Kind kind, String command) {
        return all.stream()
                .filter(hook -> hook.kind() == kind && hook.runsFor(command))
                .toList();
    }
}
