package dev.talosforge.cli.command.upkeep;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.ProblemText;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.doctor.Diagnosis;
import dev.talosforge.pipeline.doctor.Diagnosis.Verdict;
import dev.talosforge.pipeline.doctor.Doctor;
import dev.talosforge.pipeline.doctor.HostCheck;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.tree.DiskTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Reports what is missing on this machine or denied to the credentials, and how to fix it.",
            "Checks the units in the folder and changes nothing. With vm: why a virtual machine might not boot, or not report to Proxmox."
        },
        footer = {
            "",
            "Examples:",
            "  talos-forge -C infra/live/artifacts doctor",
            "  talos-forge -C infra/live/artifacts doctor vm talos-cp1"
        })
public final class DoctorCommand extends ForgeCommand {
    private record Cause(String why, Remedy remedy) {}

    public DoctorCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        List<Path> path = new ArrayList<>();
        for (String folder : process.environment().getOrDefault("PATH", "").split(java.io.File.pathSeparator, -1)) {
            if (!folder.isEmpty()) {
                path.add(Path.of(folder));
            }
        }
        List<Diagnosis> findings = new ArrayList<>(
                new HostCheck(Runtime.version().feature(), session.storeFolder(), path, Path.of("/")).look());
        findings.addAll(looking(session, doctor -> doctor.tree(session.directory())));
        return show(session, findings);
    }

    private interface Look {
        List<Diagnosis> at(Doctor doctor) throws IOException, InterruptedException;
    }

    /** Uses a temporary store: nothing that the checks pull is kept. */
    private static List<Diagnosis> looking(Session session, Look look) throws IOException, InterruptedException {
        Path store = Files.createTempDirectory("talos-forge-doctor");
        try {
            return look.at(new Doctor(session.context(store), session.runSettings()));
        } finally {
            DiskTree.delete(store);
        }
    }

    /** Prints the findings; the exit code is that of the first one that is wrong. */
    static int show(Session session, List<Diagnosis> findings) {
        session.print(
                session.json()
                        ? Json.array(findings, finding -> finding.toJson(RemedyText::of))
                                .compact()
                        : text(findings));
        for (Diagnosis finding : findings) {
            if (finding.verdict() == Verdict.WRONG && finding.kind() != null) {
                return ProblemText.exitCode(finding.kind());
            }
        }
        return 0;
    }

    /**
     * The cause, if it is this or another machine: findings with the same cause are reported once; null for all others.
     */
    private static @Nullable Cause cause(Diagnosis finding) {
        String why = finding.why();
        Remedy remedy = finding.remedy();
        boolean others = finding.kind() == Problem.Kind.UNAVAILABLE
                || finding.kind() == Problem.Kind.REFUSED
                || finding.kind() == Problem.Kind.ENVIRONMENT;
        return others && why != null && remedy != null ? new Cause(why, remedy) : null;
    }

    public static String text(List<Diagnosis> findings) {
        StringBuilder out = new StringBuilder();
        long wrong = 0;
        SequencedMap<Object, List<Diagnosis>> groups = new LinkedHashMap<>();
        for (Diagnosis finding : findings) {
            Object cause = cause(finding);
            groups.computeIfAbsent(cause == null ? new Object() : cause, _ -> new ArrayList<>())
                    .add(finding);
        }
        for (List<Diagnosis> group : groups.values()) {
            Diagnosis finding = group.getFirst();
            out.append(String.format(
                    Locale.ROOT,
                    "%-7s  %s: %s%n",
                    finding.verdict().word(),
                    finding.subject(),
                    finding.text(RemedyText::of)));
            for (Diagnosis other : group.subList(1, group.size())) {
                String what = other.message();
                String also = other.subject().equals(finding.subject()) ? what : other.subject() + ": " + what;
                out.append("           also: ").append(also).append('\n');
            }
            if (finding.remedy() != null) {
                out.append("           try: ")
                        .append(RemedyText.of(finding.remedy()))
                        .append('\n');
            }
            wrong += finding.verdict() == Verdict.WRONG ? 1 : 0;
        }
        return out.append(wrong == 0 ? "no problems" : wrong == 1 ? "1 problem" : wrong + " problems")
                .toString();
    }

    @Command(
            name = "vm",
            mixinStandardHelpOptions = true,
            description =
                    "Checks a virtual machine: cloud-init drive, guest agent, firmware, boot order, and which build its ISO is.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts doctor vm 101"})
    public static final class Vm extends ForgeCommand {
        @Parameters(paramLabel = "NAME|VMID", description = "Its name or number.")
        String machine = "";

        public Vm(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            return show(session, looking(session, doctor -> doctor.machine(session.directory(), machine)));
        }
    }
}
