package dev.talosforge.cli.session;

import java.util.List;
import picocli.CommandLine;

/** Commands from another jar; a service of {@link java.util.ServiceLoader}, with a constructor without arguments. */
public interface CommandPack {
    /** Creates the commands for one run of the program, each with its own subcommands. */
    List<CommandLine> commands(ProcessEnvironment process);
}
