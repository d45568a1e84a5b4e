package dev.talosforge.pipeline.prune;

import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.pipeline.prune.PruneResult.Fate;
import dev.talosforge.pipeline.prune.PruneResult.Item;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.provenance.UploadRecord;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.ProxmoxClient.Stock;
import dev.talosforge.proxmox.api.StoredFile;
import dev.talosforge.proxmox.api.VolumeName;
import dev.talosforge.proxmox.machine.Attachments;
import dev.talosforge.state.StateLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds files of ours on Proxmox storages that are no longer needed, and deletes them if requested.
 *
 * <p>Ours is what a unit's record of uploads names with the size that is stored, and what has the digest of its content
 * in its name in our way. Of these it keeps what a virtual machine uses, what a state of the tree names, and the
 * newest.
 */
public final class Prune {
    private final BuildContext context;
    private final RunSettings settings;

    public Prune(BuildContext context, RunSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    private record Target(UnitTree.Node node, Unit unit, UploadInputs inputs, UploadRecord record) {
        String storage() {
            return inputs.datastore() + ":" + inputs.type().word();
        }
    }

    /**
     * Finds, and deletes.
     *
     * @param keep how many of the newest of each storage stay in any case
     */
    public PruneResult run(Path directory, int keep, boolean delete) throws IOException, InterruptedException {
        TreeSession session = TreeSession.at(directory, "plan", MockPolicy.MOCKS_ALLOWED, settings);
        NamedFiles named = new NamedFiles();
        List<Target> targets = new ArrayList<>();
        for (UnitTree.Node node : session.tree().nodes()) {
            Unit unit =
                    node.problems().isEmpty() && StageModule.UPLOAD.is(node.module()) ? session.evaluate(node) : null;
            Stage stage = unit == null ? null : Stage.of(unit, settings.overrides());
            named.add(
                    node.directory(),
                    node.problems().isEmpty() ? session.workspace().remoteState(node.directory()) : null,
                    stage == null ? null : stage.given().catalog());
            if (unit != null && stage != null) {
                UploadInputs inputs = UploadInputs.read(stage.given().reader());
                UploadRecord record = UploadRecord.of(node.directory());
                if (record.damage() != null) {
                    context.events().warning(node.name(), record.damage());
                }
                targets.add(new Target(node, unit, inputs, record));
            }
        }
        if (targets.isEmpty()) {
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot clean up for " + directory)
                    .because("no unit in it or below it uploads to Proxmox")
                    .trying(Remedy.sentence(
                            "specify the tree's folder: ",
                            Remedy.command(Verb.PRUNE).in("DIR"))));
        }
        List<Item> items = new ArrayList<>();
        Set<String> done = new HashSet<>();
        int others = 0;
        for (Target target : targets) {
            if (done.add(target.storage())) {
                others += storage(target, targets, named, keep, delete, session, items);
            }
        }
        return new PruneResult(items, others);
    }

    /** One storage: how many files on it are not ours. */
    private int storage(
            Target target,
            List<Target> targets,
            NamedFiles named,
            int keep,
            boolean delete,
            TreeSession session,
            List<Item> items)
            throws IOException, InterruptedException {
        UploadInputs inputs = target.inputs;
        ProxmoxClient client = context.proxmox().client(inputs.nodes(), inputs.hostnames());
        Stock stock = client.stock(inputs.datastore(), inputs.type(), inputs.nodes());
        List<Item> uploaded = uploaded(target, targets, stock);
        Attachments attached = client.attachments();
        List<Item> judged = new ArrayList<>();
        for (int i = 0; i < uploaded.size(); i++) {
            Item item = uploaded.get(i);
            String reason = reason(item, i < keep, keep, named, attached);
            judged.add(reason == null ? item : item.with(Fate.KEPT, reason));
        }
        if (delete && judged.stream().anyMatch(item -> item.fate() == Fate.UNUSED)) {
            client.checkRemoval(inputs.datastore());
            Path state = session.stateOf(target.unit);
            StateLock.Holder holder =
                    new StateLock.Holder("prune", settings.who(), settings.version(), settings.clock());
            try (StateLock lock = StateLock.take(state, holder)) {
                for (Item item : judged) {
                    items.add(lock.held() && item.fate() == Fate.UNUSED ? delete(client, stock, item, targets) : item);
                }
            }
        } else {
            Problem unseen = attached.unseen();
            if (delete && unseen != null && !judged.isEmpty()) {
                throw new BuildException(
                        Problem.failed(unseen.kind(), "cannot delete from Proxmox storage " + inputs.datastore())
                                .because(unseen.why())
                                .at(unseen.where())
                                .trying(unseen.remedy()));
            }
            items.addAll(judged);
        }
        return stock.names().size() - uploaded.size();
    }

    /** Newest first. */
    private static List<Item> uploaded(Target target, List<Target> targets, Stock stock) {
        SortedMap<String, Item> found = new TreeMap<>();
        stock.byNode().forEach((node, files) -> {
            for (StoredFile file : files) {
                if (VolumeName.isOfContent(file.fileName()) || recorded(node, file, targets)) {
                    Item before = found.get(file.volumeId());
                    List<String> nodes = new ArrayList<>(before == null ? List.of() : before.nodes());
                    nodes.add(node);
                    found.put(
                            file.volumeId(),
                            new Item(
                                    target.node.name(),
                                    file.volumeId(),
                                    List.copyOf(nodes),
                                    file.size(),
                                    Math.max(file.created(), before == null ? 0 : before.created()),
                                    Fate.UNUSED,
                                    "nothing needs it"));
                }
            }
        });
        List<Item> items = new ArrayList<>(found.values());
        items.sort(Comparator.comparingLong(Item::created).reversed().thenComparing(Item::volumeId));
        return items;
    }

    private static boolean recorded(String node, StoredFile file, List<Target> targets) {
        return targets.stream().anyMatch(target -> target.record.digest(node, file) != null);
    }

    private static @Nullable String reason(
            Item item, boolean newest, int keep, NamedFiles named, Attachments attached) {
        String users = attached.users(item.volumeId());
        if (users != null) {
            return users;
        }
        Path state = named.naming(item.volumeId().substring(item.volumeId().lastIndexOf('/') + 1));
        if (state != null) {
            return "named in " + state;
        }
        if (newest) {
            return "one of the newest " + keep;
        }
        return attached.unknown() == null ? null : "it may be attached: " + attached.unknown();
    }

    private static Item delete(ProxmoxClient client, Stock stock, Item item, List<Target> targets)
            throws IOException, InterruptedException {
        String storage = item.volumeId().substring(0, item.volumeId().indexOf(':'));
        for (String node : stock.shared() ? item.nodes().subList(0, 1) : item.nodes()) {
            client.remove(node, storage, item.volumeId());
        }
        for (Target target : targets) {
            target.record.remove(item.volumeId());
        }
        return item.with(Fate.DELETED, "nothing needed it");
    }
}
