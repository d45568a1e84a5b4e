package dev.talosforge.cli.session;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command with the shared options. */
public abstract class WithGlobal implements java.util.concurrent.Callable<Integer> {
    protected final Surroundings surroundings;

    @Mixin
    Global own = new Global();

    @Spec
    protected CommandSpec spec = CommandSpec.create();

    protected WithGlobal(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    protected final Global global() {
        Global merged = own;
        for (CommandSpec above = spec.parent(); above != null; above = above.parent()) {
            if (above.userObject() instanceof WithGlobal command) {
                merged = Global.merge(command.own, merged);
            }
        }
        return merged;
    }
}
