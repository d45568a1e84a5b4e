package dev.talosforge.pipeline.doctor;

import dev.talosforge.config.unit.MockPolicy;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.apply.PlanTask;
import dev.talosforge.pipeline.apply.PlannedUnit;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.InputReader;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.TreeSession;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.pipeline.stage.upload.UploadStage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.machine.Attachments;
import dev.talosforge.proxmox.machine.Machine;
import dev.talosforge.proxmox.upload.PreflightResult;
import dev.talosforge.proxmox.upload.PreparedUpload;
import dev.talosforge.proxmox.upload.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Checks whether a tree can be built and delivered from here, and the virtual machines that boot from it. */
public final class Doctor {
    private final BuildContext context;
    private final RunSettings settings;

    public Doctor(BuildContext context, RunSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** Every unit of ours at or below the folder: its references at the registries, its storage at Proxmox. */
    public List<Diagnosis> tree(Path directory) throws InterruptedException, IOException {
        List<Diagnosis> findings = new ArrayList<>();
        try {
            for (PlannedUnit planned : plans(directory)) {
                unit(planned.result(), findings);
            }
            TreeSession session = TreeSession.at(directory, "plan", MockPolicy.MOCKS_ALLOWED, settings);
            PushCheck pushCheck = new PushCheck(context, settings);
            for (UnitTree.Node node : session.tree().nodes()) {
                unit(session, node, pushCheck, findings);
            }
            programs(session, findings);
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(Diagnosis.wrong("tree", problem)));
        }
        return findings;
    }

    private List<PlannedUnit> plans(Path directory) throws InterruptedException {
        TreeSession session = TreeSession.at(directory, "plan", MockPolicy.MOCKS_ALLOWED, settings);
        return PlanTask.all(context, settings, session, RunQueue.all(2));
    }

    /** Checks what one unit needs from other machines; if that fails, the next unit is still checked. */
    private void unit(TreeSession session, UnitTree.Node node, PushCheck pushCheck, List<Diagnosis> findings)
            throws InterruptedException, IOException {
        try {
            pushCheck.add(session, node, findings);
            UploadInputs inputs = uploads(session, node);
            if (inputs != null) {
                SequencedMap<String, Json> before = session.states()
                        .recorded(node.directory(), session.workspace().stateHome(node.directory()));
                storage(node.name(), inputs, before == null ? new TreeMap<>() : before, findings);
            } else if (StageModule.UPLOAD.is(node.module())) {
                access(node.name(), UploadCheck.of(session, node), findings);
            }
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(Diagnosis.wrong(node.name(), problem)));
        }
    }

    /** For a unit that cannot be fully evaluated: whether Proxmox answers, and its storage if that is known. */
    private void access(String unit, UploadCheck known, List<Diagnosis> findings) throws InterruptedException {
        String subject = unit + ", Proxmox";
        findings.add(
                Diagnosis.note(subject, "checked only in part: not all inputs of the unit can be evaluated now", null));
        try {
            ProxmoxClient client = context.proxmox().client(known.nodes(), known.hostnames());
            findings.add(answers(subject, client));
            if (known.storage() != null) {
                PreflightResult preflight = client.prepare(known.target()).ready();
                findings.add(takes(subject, known.storage(), preflight));
            }
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(Diagnosis.wrong(subject, problem)));
        }
    }

    private static Diagnosis answers(String subject, ProxmoxClient client) throws InterruptedException {
        return Diagnosis.ok(
                subject,
                "Proxmox VE %s answers, its certificate is trusted and the credentials are valid"
                        .formatted(client.version()));
    }

    private static Diagnosis takes(String subject, String storage, PreflightResult preflight) {
        return Diagnosis.ok(
                subject, "%s accepts the file, on %s".formatted(storage, String.join(", ", preflight.online())));
    }

    /** Programs that units need in addition to this one: each once, with the units that need it. */
    private void programs(TreeSession session, List<Diagnosis> findings) throws InterruptedException, IOException {
        List<String> builders = needing(session, ExtensionInputs::hasBuild);
        if (!builders.isEmpty()) {
            findings.add(looked(
                    "sandbox",
                    context.sandbox().problem(),
                    "bwrap can isolate builds from this machine, for " + String.join(", ", builders)));
        }
        List<String> packaged = needing(session, inputs -> !inputs.packages().isEmpty());
        if (!packaged.isEmpty()) {
            findings.add(looked(
                    "Debian packages",
                    context.debian().problem(),
                    "apt-get is installed and has Debian's archive, for " + String.join(", ", packaged)));
        }
    }

    private static Diagnosis looked(String subject, @Nullable Problem problem, String good) {
        return problem == null ? Diagnosis.ok(subject, good) : Diagnosis.wrong(subject, problem);
    }

    /** Names of the extensions that need something, as far as that is known. */
    private List<String> needing(TreeSession session, Predicate<ExtensionInputs> needs) {
        return session.tree().nodes().stream()
                .filter(node -> node.problems().isEmpty())
                .filter(node -> needs(session, node, needs))
                .map(UnitTree.Node::name)
                .toList();
    }

    private boolean needs(TreeSession session, UnitTree.Node node, Predicate<ExtensionInputs> needs) {
        try {
            return Stage.of(session.evaluate(node), settings.overrides()) instanceof Stage.Extension extension
                    && extension.is(needs);
        } catch (BuildException e) {
            return false; // reported elsewhere
        }
    }

    private static void unit(UnitResult result, List<Diagnosis> findings) {
        result.problems().forEach(problem -> findings.add(Diagnosis.wrong(result.unit(), problem)));
        if (!result.problems().isEmpty() || !StageModule.isManaged(result.module())) {
            return;
        }
        switch (result.ending()) {
            case PLANNED ->
                findings.add(Diagnosis.ok(result.unit(), "its inputs are valid and everything they refer to exists"));
            default -> findings.add(Diagnosis.note(result.unit(), "not checked: " + result.because(), null));
        }
    }

    /** Null for a unit that uploads nothing, and for one whose inputs are wrong, which is reported elsewhere. */
    private @Nullable UploadInputs uploads(TreeSession session, UnitTree.Node node) {
        if (!node.problems().isEmpty() || !StageModule.UPLOAD.is(node.module())) {
            return null;
        }
        try {
            Unit unit = session.evaluate(node);
            return UploadInputs.read(new InputReader(unit, settings.overrides()));
        } catch (BuildException e) {
            return null;
        }
    }

    /** @param before outputs of the last apply */
    private void storage(String unit, UploadInputs inputs, SequencedMap<String, Json> before, List<Diagnosis> findings)
            throws InterruptedException, IOException {
        String subject = unit + ", Proxmox";
        try {
            ProxmoxClient client = context.proxmox().client(inputs.nodes(), inputs.hostnames());
            findings.add(answers(subject, client));
            UploadStage stage = new UploadStage(context, unit, inputs);
            PreparedUpload prepared = stage.prepare(client);
            PreflightResult preflight = prepared.ready();
            findings.add(takes(subject, inputs.datastore(), preflight));
            preflight
                    .unasked()
                    .forEach((node, why) -> findings.add(
                            Diagnosis.note(subject, "node %s cannot be asked: %s".formatted(node, why), null)));
            room(subject, client, stage.rehearse(prepared, before), findings);
            comfort(subject, client, inputs, findings);
        } catch (BuildException e) {
            e.problems().forEach(problem -> findings.add(Diagnosis.wrong(subject, problem)));
        }
    }

    /** Room matters only for what would be sent. */
    private static void room(
            String subject, ProxmoxClient client, @Nullable Rehearsal rehearsal, List<Diagnosis> findings)
            throws InterruptedException {
        if (rehearsal == null) {
            findings.add(
                    Diagnosis.note(subject, "unknown whether there is room for the file: it is not built yet", null));
            return;
        }
        rehearsal.problems().forEach(problem -> findings.add(Diagnosis.wrong(subject, problem)));
        if (!rehearsal.transfers()) {
            if (rehearsal.problems().isEmpty()) {
                findings.add(Diagnosis.ok(subject, "the file is already there; nothing would be sent"));
            }
            return;
        }
        if (!rehearsal.roomReported()) {
            findings.add(Diagnosis.note(
                    subject,
                    "unknown whether /var/tmp of the receiving node has room for the file: reading that needs Sys.Audit on /nodes",
                    client.spoolRemedy()));
        } else if (rehearsal.problems().isEmpty()) {
            findings.add(Diagnosis.ok(subject, "there is room for the file on the storage and on the way to it"));
        }
    }

    /** Privileges that an upload can do without. */
    private static void comfort(String subject, ProxmoxClient client, UploadInputs inputs, List<Diagnosis> findings)
            throws InterruptedException {
        Attachments attached = client.attachments();
        findings.add(
                attached.unknown() == null
                        ? Diagnosis.ok(subject, "the credentials can see which machines have a file attached")
                        : Diagnosis.noted(
                                subject,
                                attached.unknown() + "; a file is replaced or pruned only if that can be seen",
                                attached.remedy()));
        try {
            client.checkRemoval(inputs.datastore());
            findings.add(Diagnosis.ok(subject, "the credentials can delete files, which only prune needs"));
        } catch (BuildException e) {
            Problem problem = e.problems().getFirst();
            findings.add(Diagnosis.noted(subject, problem.why(), problem.remedy())
                    .onlyFor(Remedy.command(Verb.PRUNE).with(RunOption.DELETE)));
        }
    }

    /**
     * A virtual machine.
     *
     * @param idOrName its number or its name
     */
    public List<Diagnosis> machine(Path directory, String idOrName) throws InterruptedException, IOException {
        RecordedBuilds builds = new RecordedBuilds(new ArrayList<>(), new ArrayList<>());
        List<String> nodes = new ArrayList<>();
        List<String> hostnames = new ArrayList<>();
        List<Diagnosis> findings = new ArrayList<>();
        try {
            TreeSession session = TreeSession.at(directory, "plan", MockPolicy.MOCKS_ALLOWED, settings);
            for (UnitTree.Node node : session.tree().nodes()) {
                UploadInputs inputs = uploads(session, node);
                if (inputs != null) {
                    nodes.addAll(nodes.isEmpty() ? inputs.nodes() : List.of());
                    hostnames.addAll(hostnames.isEmpty() ? inputs.hostnames() : List.of());
                }
                builds.add(session, node);
            }
        } catch (BuildException e) {
            findings.add(Diagnosis.noted(
                    "tree",
                    "no builds found: " + e.problems().getFirst().why(),
                    Remedy.sentence(
                                    "specify the tree's folder: ",
                                    Remedy.command(Verb.DOCTOR_VM).in("DIR"))
                            .then(" …")));
        }
        Machine machine = context.proxmox().client(nodes, hostnames).machine(idOrName);
        findings.addAll(MachineCheck.look(machine, builds));
        return findings;
    }
}
