package dev.talosforge.cli.command.upkeep;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.StoreText;
import dev.talosforge.cli.words.Amounts;
import dev.talosforge.engine.StoreItem;
import dev.talosforge.engine.StoreLimits;
import dev.talosforge.pipeline.context.StoreUpkeep;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "store",
        mixinStandardHelpOptions = true,
        description = {
            "Shows where blobs and intermediate results are kept, how large the store is, and what it contains.",
            "Changes nothing. With clean: removes what was not used for some time."
        },
        footer = {"", "Examples:", "  talos-forge store", "  talos-forge store --json"})
public final class StoreCommand extends ForgeCommand {
    public StoreCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        Path folder = session.storeFolder();
        StoreUpkeep upkeep = new StoreUpkeep(folder, InstantSource.system());
        List<StoreItem> contents = upkeep.contents();
        List<StoreItem> unused = upkeep.beyond(contents, StoreLimits.usual());
        session.print(
                session.json()
                        ? StoreText.contentsJson(folder, contents, unused).compact()
                        : StoreText.contents(folder, contents, unused));
        return 0;
    }

    @Command(
            name = "clean",
            mixinStandardHelpOptions = true,
            description = {
                "Removes from the store what was not used for 30 days, and leftovers of killed runs.",
                "All of it is built or pulled again when needed. Fails while another run uses the store."
            },
            footer = {
                "",
                "Examples:",
                "  talos-forge store clean",
                "  talos-forge store clean --older-than 7d --dry-run",
                "  talos-forge store clean --max-size 20GB"
            })
    public static final class Clean extends ForgeCommand {
        @Option(
                names = "--older-than",
                paramLabel = "TIME",
                description = "Remove what was not used for this long: 12h, 7d, 4w; default: 30d.")
        @Nullable
        String olderThan;

        @Option(
                names = "--max-size",
                paramLabel = "SIZE",
                description =
                        "Remove the least recently used items, however new, until the store is no larger than this: 500MB, 20GB, 20GiB.")
        @Nullable
        String maxSize;

        @Option(names = "--dry-run", description = "Only show what would be removed.")
        boolean dryRun;

        public Clean(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            Path folder = session.storeFolder();
            StoreLimits limits = limits();
            StoreUpkeep.Cleaned cleaned = new StoreUpkeep(folder, InstantSource.system()).clean(limits, dryRun);
            session.print(
                    session.json()
                            ? StoreText.cleanedJson(folder, cleaned.removed(), cleaned.kept(), dryRun)
                                    .compact()
                            : StoreText.cleaned(cleaned.removed(), cleaned.kept(), limits, dryRun));
            return 0;
        }

        private StoreLimits limits() {
            if (olderThan == null && maxSize == null) {
                return StoreLimits.usual();
            }
            return new StoreLimits(
                    olderThan == null ? null : Amounts.time("--older-than", olderThan),
                    maxSize == null ? null : Amounts.size("--max-size", maxSize));
        }
    }
}
