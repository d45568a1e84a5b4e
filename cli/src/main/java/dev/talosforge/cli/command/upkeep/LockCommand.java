package dev.talosforge.cli.command.upkeep;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.pipeline.lock.LockResult;
import dev.talosforge.pipeline.lock.LockUpdate;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lock}: pins every reference of a tree. */
@Command(
        name = "lock",
        mixinStandardHelpOptions = true,
        description =
                "Pins every image of the tree by digest, in talos.lock.json beside its common folder. Existing pins are kept.",
        footer = {
            "",
            "Examples:",
            "  talos-forge -C infra/live lock",
            "  talos-forge -C infra/live lock --update qemu-guest-agent",
            "  talos-forge -C infra/live lock --check"
        })
public final class LockCommand extends ForgeCommand {
    @Option(names = "--check", description = "Change nothing; fail if something that is locked has moved or is gone.")
    boolean check;

    @Option(names = "--update", description = "Look up what is locked again: all of it, or the named images.")
    boolean update;

    @Option(names = "--print-hcl", description = "Print the inputs with their digests instead of writing the lock.")
    boolean printHcl;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "With --update: an image as written, its repository, or the last part of that.")
    List<String> names = new ArrayList<>();

    public LockCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        if (!names.isEmpty() && !update) {
            throw BadOption.invalid("cannot lock only " + String.join(", ", names), "names need --update");
        }
        if (check && (update || printHcl)) {
            throw BadOption.invalid(
                    "cannot use --check with --update or --print-hcl", "--check neither changes nor prints anything");
        }
        LockResult result = check
                ? session.forge().checkLock(session.directory())
                : session.forge()
                        .lock(session.directory(), new LockUpdate(update && names.isEmpty(), names), !printHcl);
        show(session, result);
        return 0;
    }

    private void show(Session session, LockResult result) {
        session.clear();
        if (printHcl) {
            result.hcl().forEach(session::print);
        } else if (session.json()) {
            session.print(result.toJson().compact());
        } else {
            session.print(text(result).stripTrailing());
        }
    }

    private String text(LockResult result) {
        StringBuilder out = new StringBuilder();
        String talos = "";
        for (LockResult.Change change : result.changes()) {
            if (!change.talos().equals(talos)) {
                talos = change.talos();
                out.append(change.release()).append('\n');
            }
            out.append("  ").append(line(change)).append('\n');
        }
        for (String given : result.given()) {
            out.append("not locked, because it comes from another unit or a program: ")
                    .append(given)
                    .append('\n');
        }
        String count = result.references() == 1 ? "1 reference" : result.references() + " references";
        return out + "%s: %s, %s".formatted(result.file(), count, check ? "everything is as locked" : outcome(result));
    }

    private static String outcome(LockResult result) {
        int changes = result.changes().size();
        return !result.written() ? "no changes" : changes == 1 ? "1 change" : changes + " changes";
    }

    private static String line(LockResult.Change change) {
        return switch (change.kind()) {
            case ADDED -> "+ %s = %s".formatted(change.reference(), change.after());
            case REMOVED -> "- %s = %s".formatted(change.reference(), change.before());
            case MOVED -> "~ %s: %s -> %s".formatted(change.reference(), change.before(), change.after());
        };
    }
}
