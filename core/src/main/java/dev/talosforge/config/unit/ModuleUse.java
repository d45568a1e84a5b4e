package dev.talosforge.config.unit;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a unit requires of the module that Terragrunt runs for it.
 *
 * @param source {@code terraform.source}; null without one
 * @param remote where the state is kept; null if the unit does not declare it
 * @param variables names that {@code extra_arguments} sets on the command line: Terraform refuses those that the module
 *     does not declare, unlike those from files and from the environment
 */
public record ModuleUse(@Nullable String source, @Nullable RemoteState remote, SortedSet<String> variables) {
    public ModuleUse {
        variables = Collections.unmodifiableSortedSet(new TreeSet<>(variables));
    }
}
