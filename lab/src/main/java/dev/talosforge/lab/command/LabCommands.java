package dev.talosforge.lab.command;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.json.Json;
import dev.talosforge.lab.Lab;
import dev.talosforge.lab.LabStatus;
import dev.talosforge.lab.RealTalos;
import dev.talosforge.lab.pve.PveEndpoint;
import dev.talosforge.lab.pve.PveSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        description = {
            "A stand-in for the outside world, on loopback.",
            "A registry with a bootable stand-in for Talos under the real names, and a Proxmox endpoint. None of it is used when the real ones are reachable."
        },
        footer = {
            "",
            "Example:",
            "  talos-forge lab up && . .lab/env && talos-forge -C examples/live/artifacts run-all apply",
        })
final class LabCommands extends ForgeCommand {
    LabCommands(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command: up, down, status or fault");
    }

    /** The options of all lab commands. */
    abstract static class InFolder extends ForgeCommand {
        @Option(names = "--dir", paramLabel = "DIR", description = "The lab's folder; default: .lab.")
        Path folder = Path.of(".lab");

        InFolder(ProcessEnvironment process) {
            super(process);
        }

        Path labFolder(Session session) {
            return session.directory().resolve(folder).normalize();
        }

        static void show(Session session, LabStatus status) {
            if (session.json()) {
                session.print(Json.object()
                        .put("registry_running", status.registryRuns())
                        .put("proxmox_running", status.proxmoxRuns())
                        .put("images", Json.ofTexts(status.filled()))
                        .put("environment_file", status.environmentFile().toString())
                        .build()
                        .compact());
                return;
            }
            session.print("registry  " + (status.registryRuns() ? "running" : "stopped"));
            session.print("proxmox   " + (status.proxmoxRuns() ? "running" : "stopped"));
            status.filled().forEach(image -> session.print("image     " + image));
            session.print("to use it: . " + status.environmentFile());
        }
    }

    @Command(
            name = "up",
            mixinStandardHelpOptions = true,
            description = "Fetches what is missing, starts both servers, and fills the registry. Can be run again.",
            footer = {
                "",
                "Examples:",
                "  talos-forge lab up --dir build/lab",
                "  talos-forge lab up --real \"$(scripts/judges.sh talos talos-root)\""
            })
    static final class Up extends InFolder {
        @Option(
                names = "--talos",
                paramLabel = "VERSION",
                description = "The version of Talos to stand in for; default: v1.11.5.")
        String version = "v1.11.5";

        @Option(
                names = "--base-size",
                paramLabel = "MB",
                description = "Add this much incompressible data to the base initramfs; for measurements.")
        int baseMegabytes;

        @Option(
                names = "--real",
                paramLabel = "DIR",
                description = {
                    "Use Talos itself instead of its stand-in in the base images, on Debian's kernel and programs: from",
                    "the folder where scripts/judges.sh built it."
                })
        @Nullable
        Path real;

        @Option(
                names = "--deny",
                paramLabel = "PRIVILEGE",
                description = "Withhold this Proxmox privilege from the lab's token. May be repeated.")
        Set<String> denied = new TreeSet<>();

        Up(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            check(denied);
            if (real != null && baseMegabytes > 0) {
                throw BadOption.invalid(
                        "cannot use --base-size with --real", "the size of the real Talos cannot be changed");
            }
            RealTalos talos =
                    real == null ? null : RealTalos.in(session.directory().resolve(real), version);
            Lab lab = new Lab(labFolder(session), Path.of("/etc"), baseMegabytes * 1_000_000L, talos);
            session.events().started("lab", "up");
            LabStatus status = lab.up(
                    version,
                    new LabImages(session.context(), session.events()),
                    new LabServerCommand(process.environment(), denied));
            session.events().finished("lab", "up", status.filled().size() + " images", false);
            show(session, status);
            return 0;
        }

        private static void check(Set<String> denied) {
            for (String privilege : denied) {
                if (!LabServerCommand.privileges().contains(privilege)) {
                    throw BadOption.invalid(
                            "cannot use --deny " + privilege,
                            "the lab's token has " + String.join(", ", LabServerCommand.privileges()));
                }
            }
        }
    }

    @Command(
            name = "down",
            mixinStandardHelpOptions = true,
            description = "Stops both servers. Images and packages are kept.",
            footer = {"", "Example:", "  talos-forge lab down --dir build/lab"})
    static final class Down extends InFolder {
        Down(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            boolean ran = new Lab(labFolder(session), Path.of("/etc")).down();
            session.print(ran ? "stopped" : "nothing was running");
            return 0;
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows what is running and what the registry contains.",
            footer = {"", "Example:", "  talos-forge lab status --dir build/lab --json"})
    static final class Status extends InFolder {
        Status(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            show(session, new Lab(labFolder(session), Path.of("/etc")).status());
            return 0;
        }
    }

    /** The endpoint's own process: started by {@code lab up}, stopped by its process ID. */
    @Command(name = "serve", hidden = true, description = "Runs the Proxmox endpoint until it is stopped.")
    static final class Serve extends ForgeCommand {
        @Option(names = "--dir", required = true)
        Path folder = Path.of("");

        @Option(names = "--port", required = true)
        int port;

        @Option(names = "--deny")
        Set<String> denied = new TreeSet<>();

        @Spec
        CommandSpec command = CommandSpec.create();

        Serve(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            try (PveEndpoint endpoint = PveEndpoint.start(
                    LabServerCommand.world(denied),
                    PveSettings.of(PveSettings.Release.CURRENT).controlled(),
                    new PveEndpoint.Place(
                            folder.resolve("state"),
                            folder.resolve("certificates"),
                            port,
                            InstantSource.system(),
                            new Random()))) {
                process.out().println("proxmox endpoint: " + endpoint.uri());
                Thread.sleep(Long.MAX_VALUE);
            }
            return 0;
        }
    }
}
