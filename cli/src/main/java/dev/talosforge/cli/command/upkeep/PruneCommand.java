package dev.talosforge.cli.command.upkeep;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.pipeline.prune.Prune;
import dev.talosforge.pipeline.prune.PruneResult;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description = {
            "Lists files that this tree uploaded to Proxmox and that are no longer needed.",
            "No virtual machine has them attached, no state names them, and they are not among the newest. Deletes them with --delete."
        },
        footer = {"", "Example:", "  talos-forge -C infra/live prune --keep 2 --delete"})
public final class PruneCommand extends ForgeCommand {
    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "How many of the newest files to keep on each storage; default: 2.")
    int keep = 2;

    @Option(names = "--delete", description = "Delete the files listed as unused.")
    boolean delete;

    public PruneCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        if (keep < 0) {
            throw BadOption.invalid("cannot use --keep " + keep, "it is negative");
        }
        PruneResult result = new Prune(session.context(), session.runSettings()).run(session.directory(), keep, delete);
        session.print(session.json() ? result.toJson().compact() : text(result, again()));
        return 0;
    }

    /** The command that deletes exactly what was listed: with the same folder and number. */
    private String again() {
        String directory = global().directory().toString();
        return "talos-forge %sprune --keep %d --delete"
                .formatted(directory.isEmpty() || directory.equals(".") ? "" : "-C '%s' ".formatted(directory), keep);
    }

    /** @param again the command that deletes what is listed as unused */
    static String text(PruneResult result, String again) {
        StringBuilder out = new StringBuilder();
        long unused = 0;
        for (PruneResult.Item item : result.items()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%-8s %s  %d bytes, on %s: %s%n",
                    item.fate().name().toLowerCase(Locale.ROOT),
                    item.volumeId(),
                    item.size(),
                    String.join(", ", item.nodes()),
                    item.why()));
            unused += item.fate() == PruneResult.Fate.UNUSED ? 1 : 0;
        }
        out.append("%d files of this tree, %d others ignored"
                .formatted(result.items().size(), result.others()));
        return unused == 0
                ? out.toString()
                : out.append("; to delete the unused ones: ").append(again).toString();
    }
}
