package dev.talosforge.cli.session;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command with the shared options. */
public abstract class ForgeCommand implements java.util.concurrent.Callable<Integer> {
    protected final ProcessEnvironment process;

    @Mixin
    GlobalOptions own = new GlobalOptions();

    @Spec
    protected CommandSpec spec = CommandSpec.create();

    protected ForgeCommand(ProcessEnvironment process) {
        this.process = process;
    }

    protected final GlobalOptions global() {
        GlobalOptions merged = own;
        for (CommandSpec above = spec.parent(); above != null; above = above.parent()) {
            if (above.userObject() instanceof ForgeCommand command) {
                merged = GlobalOptions.merge(command.own, merged);
            }
        }
        return merged;
    }
}
