package dev.talosforge.pipeline;

import dev.talosforge.config.MockPolicy;
import dev.talosforge.config.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.Attachments;
import dev.talosforge.proxmox.Machine;
import dev.talosforge.proxmox.Prepared;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.Readiness;
import dev.talosforge.proxmox.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks whether a tree could be built and delivered from here, and at the virtual machines that boot from it. */
public final class Doctor {
    private final Workshop workshop;
    private final RunSettings settings;

    public Doctor(Workshop workshop, RunSettings settings) {
        this.workshop = workshop;
        this.settings = settings;
    }

    /** Every unit of ours at or below the folder: its references at the registries, its storage at Proxmox. */
    public List<DoctorFinding> tree(Path directory) throws InterruptedException, IOException {
        List<DoctorFinding> findings = new ArrayList<>();
        try {
            for (Planned planned : plans(directory)) {
                unit(planned.result(), findings);
            }
            Looking looking = Looking.at(directory, "plan", MockPolicy.MOCKS_ALLOWED, settings);
            DoctorPushes pushes = new DoctorPushes(workshop, settings);
            for (UnitTree.Node node : looking.tree().nodes()) {
                unit(looking, node, pushes, findings);
            }
            programs(looking, findings);
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(DoctorFinding.wrong("tree", problem)));
        }
        return findings;
    }

    private List<Planned> plans(Path directory) throws InterruptedException {
        Looking looking = Looking.at(directory, "plan", MockPolicy.MOCKS_ALLOWED, settings);
        return Planning.all(workshop, settings, looking, Queue.all(2));
    }

    /** What one unit needs of others; that it cannot be told is no reason to leave out the next. */
    private void unit(Looking looking, UnitTree.Node node, DoctorPushes pushes, List<DoctorFinding> findings)
            throws InterruptedException, IOException {
        try {
            pushes.add(looking, node, findings);
            UploadInputs inputs = uploads(looking, node);
            if (inputs != null) {
                SequencedMap<String, Json> before = looking.states()
                        .recorded(node.directory(), looking.workspace().stateHome(node.directory()));
                storage(node.name(), inputs, before == null ? new TreeMap<>() : before, findings);
            } else if (StageModule.UPLOAD.is(node.module())) {
                access(node.name(), DoctorUpload.of(looking, node), findings);
            }
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(DoctorFinding.wrong(node.name(), problem)));
        }
    }

    /** Of a unit that cannot be evaluated as a whole: whether Proxmox answers, and its storage where that is known. */
    private void access(String unit, DoctorUpload known, List<DoctorFinding> findings) throws InterruptedException {
        String subject = unit + ", Proxmox";
        findings.add(DoctorFinding.note(
                subject, "looked at as far as is known: not all inputs of the unit can be evaluated now", null));
        try {
            ProxmoxClient client = workshop.proxmox().client(known.nodes(), known.hostnames());
            findings.add(answers(subject, client));
            if (known.storage() != null) {
                Readiness ready = client.prepare(known.parcel()).ready();
                findings.add(takes(subject, known.storage(), ready));
            }
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(DoctorFinding.wrong(subject, problem)));
        }
    }

    private static DoctorFinding answers(String subject, ProxmoxClient client) throws InterruptedException {
        return DoctorFinding.ok(
                subject,
                "Proxmox VE %s answers, its certificate is trusted and the credentials are good"
                        .formatted(client.version()));
    }

    private static DoctorFinding takes(String subject, String storage, Readiness ready) {
        return DoctorFinding.ok(
                subject, "%s takes the file, on %s".formatted(storage, String.join(", ", ready.online())));
    }

    /** Programs that units need beside this one: each once, with who needs it. */
    private void programs(Looking looking, List<DoctorFinding> findings) throws InterruptedException, IOException {
        List<String> builders = needing(looking, ExtensionInputs::hasBuild);
        if (!builders.isEmpty()) {
            findings.add(looked(
                    "sandbox",
                    workshop.sandbox().problem(),
                    "bwrap runs builds apart from this machine, for " + String.join(", ", builders)));
        }
        List<String> packaged = needing(looking, inputs -> !inputs.packages().isEmpty());
        if (!packaged.isEmpty()) {
            findings.add(looked(
                    "Debian packages",
                    workshop.debian().problem(),
                    "apt-get is there, and has Debian's archive, for " + String.join(", ", packaged)));
        }
    }

    private static DoctorFinding looked(String subject, @Nullable Problem problem, String good) {
        return problem == null ? DoctorFinding.ok(subject, good) : DoctorFinding.wrong(subject, problem);
    }

    /** Names of the extensions that need something, as far as that is known. */
    private List<String> needing(Looking looking, Predicate<ExtensionInputs> needs) {
        return looking.tree().nodes().stream()
                .filter(node -> node.problems().isEmpty())
                .filter(node -> needs(looking, node, needs))
                .map(UnitTree.Node::name)
                .toList();
    }

    private boolean needs(Looking looking, UnitTree.Node node, Predicate<ExtensionInputs> needs) {
        try {
            return Stage.of(looking.evaluate(node), settings.overrides()) instanceof Stage.Extension extension
                    && extension.is(needs);
        } catch (BuildException e) {
            return false; // told elsewhere
        }
    }

    private static void unit(UnitResult result, List<DoctorFinding> findings) {
        result.problems().forEach(problem -> findings.add(DoctorFinding.wrong(result.unit(), problem)));
        if (!result.problems().isEmpty() || !StageModule.isOurs(result.module())) {
            return;
        }
        switch (result.ending()) {
            case PLANNED ->
                findings.add(DoctorFinding.ok(result.unit(), "its inputs are right and all it refers to is there"));
            default -> findings.add(DoctorFinding.note(result.unit(), "not looked at: " + result.because(), null));
        }
    }

    /** Null for a unit that uploads nothing, and for one whose inputs are wrong, which is told elsewhere. */
    private @Nullable UploadInputs uploads(Looking looking, UnitTree.Node node) {
        if (!node.problems().isEmpty() || !StageModule.UPLOAD.is(node.module())) {
            return null;
        }
        try {
            Unit unit = looking.evaluate(node);
            return UploadInputs.read(new InputReader(unit, settings.overrides()));
        } catch (BuildException e) {
            return null;
        }
    }

    /** @param before outputs of the last apply */
    private void storage(
            String unit, UploadInputs inputs, SequencedMap<String, Json> before, List<DoctorFinding> findings)
            throws InterruptedException, IOException {
        String subject = unit + ", Proxmox";
        try {
            ProxmoxClient client = workshop.proxmox().client(inputs.nodes(), inputs.hostnames());
            findings.add(answers(subject, client));
            UploadStage stage = new UploadStage(workshop, unit, inputs);
            Prepared prepared = stage.prepare(client);
            Readiness ready = prepared.ready();
            findings.add(takes(subject, inputs.datastore(), ready));
            ready.unasked()
                    .forEach((node, why) -> findings.add(
                            DoctorFinding.note(subject, "node %s cannot be asked: %s".formatted(node, why), null)));
            room(subject, client, stage.rehearse(prepared, before), findings);
            comfort(subject, client, inputs, findings);
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(DoctorFinding.wrong(subject, problem)));
        }
    }

    /** Room counts only for what would be sent. */
    private static void room(
            String subject, ProxmoxClient client, @Nullable Rehearsal rehearsal, List<DoctorFinding> findings)
            throws InterruptedException {
        if (rehearsal == null) {
            findings.add(
                    DoctorFinding.note(subject, "whether the file has room is not known: it is not built yet", null));
            return;
        }
        rehearsal.problems().forEach(problem -> findings.add(DoctorFinding.wrong(subject, problem)));
        if (!rehearsal.transfers()) {
            if (rehearsal.problems().isEmpty()) {
                findings.add(DoctorFinding.ok(subject, "the file is there already, nothing would be sent"));
            }
            return;
        }
        if (!rehearsal.wayTold()) {
            findings.add(DoctorFinding.note(
                    subject,
                    "whether the file has room in /var/tmp of the node that receives it is not told: that takes Sys.Audit on /nodes",
                    client.spoolRemedy()));
        } else if (rehearsal.problems().isEmpty()) {
            findings.add(DoctorFinding.ok(subject, "the file has room where it goes and on its way there"));
        }
    }

    /** Rights that an upload can do without. */
    private static void comfort(String subject, ProxmoxClient client, UploadInputs inputs, List<DoctorFinding> findings)
            throws InterruptedException {
        Attachments attached = client.attachments();
        findings.add(
                attached.unknown() == null
                        ? DoctorFinding.ok(subject, "which machines have a file attached can be seen")
                        : DoctorFinding.note(
                                subject,
                                attached.unknown() + "; a file is replaced or pruned only where that can be seen",
                                attached.remedy()));
        try {
            client.checkRemoval(inputs.datastore());
            findings.add(DoctorFinding.ok(subject, "files can be deleted, which only prune needs"));
        } catch (BuildException e) {
            Problem problem = e.problems().getFirst();
            findings.add(DoctorFinding.note(
                    subject, problem.why() + "; only talos-forge prune --delete needs it", problem.remedy()));
        }
    }

    /**
     * A virtual machine.
     *
     * @param idOrName its number or its name
     */
    public List<DoctorFinding> machine(Path directory, String idOrName) throws InterruptedException, IOException {
        DoctorBuilds builds = new DoctorBuilds(new ArrayList<>(), new ArrayList<>());
        List<String> nodes = new ArrayList<>();
        List<String> hostnames = new ArrayList<>();
        List<DoctorFinding> findings = new ArrayList<>();
        try {
            Looking looking = Looking.at(directory, "plan", MockPolicy.MOCKS_ALLOWED, settings);
            for (UnitTree.Node node : looking.tree().nodes()) {
                UploadInputs inputs = uploads(looking, node);
                if (inputs != null) {
                    nodes.addAll(nodes.isEmpty() ? inputs.nodes() : List.of());
                    hostnames.addAll(hostnames.isEmpty() ? inputs.hostnames() : List.of());
                }
                builds.add(looking, node);
            }
        } catch (BuildException e) {
            findings.add(DoctorFinding.note(
                    "tree",
                    "no builds are known: " + e.problems().getFirst().why(),
                    "name the folder of the tree: talos-forge -C DIR doctor vm …"));
        }
        Machine machine = workshop.proxmox().client(nodes, hostnames).machine(idOrName);
        findings.addAll(DoctorVm.look(machine, builds));
        return findings;
    }
}
