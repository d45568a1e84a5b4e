package dev.talosforge.lab.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.lab.pve.PveFault;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.TlsSettings;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fault",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the lab's running Proxmox endpoint fail in some way, the next time it can.",
            "Without a name: lists all faults, and which are on."
        },
        footer = {
            "",
            "Examples:",
            "  talos-forge lab fault DISK_FULL",
            "  talos-forge lab fault RELAY_TIMEOUT --count 2 --after 3",
            "  talos-forge lab fault --clear"
        })
final class LabFaultCommand extends LabCommands.InFolder {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The fault.")
    @Nullable
    String name;

    @Option(names = "--count", paramLabel = "N", description = "How many times it fails; default: 1.")
    int count = 1;

    @Option(names = "--after", paramLabel = "N", description = "How many times it succeeds first; default: 0.")
    int after;

    @Option(names = "--clear", description = "Switch off all faults.")
    boolean clear;

    LabFaultCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(process, global());
        if (name != null
                && Arrays.stream(PveFault.values())
                        .noneMatch(fault -> fault.name().equals(name))) {
            throw BadOption.invalid(
                    "cannot switch on " + name, "there is no such fault; to list them: talos-forge lab fault");
        }
        if (count < 1 || after < 0 || count > 1_000_000 || after > 1_000_000) {
            throw BadOption.invalid(
                    "cannot use --count %d --after %d".formatted(count, after),
                    "--count must be from 1 to 1000000, --after from 0 to 1000000");
        }
        if (name != null && clear) {
            throw BadOption.invalid("cannot use --clear", "it switches off all faults and takes no name");
        }
        show(session, asked(labFolder(session)));
        return 0;
    }

    /** Sends the request; returns the faults that are on afterwards. */
    private JsonObject asked(Path lab) throws IOException, InterruptedException {
        Path proxmox = lab.resolve("proxmox");
        Path port = proxmox.resolve("port");
        if (!Files.exists(port)) {
            throw notRunning(lab, "there is no lab in " + lab, null);
        }
        URI endpoint = URI.create(
                "https://localhost:%s/".formatted(Files.readString(port, UTF_8).strip()));
        Map<String, String> access = LabServerCommand.access(endpoint, LabServerCommand.authority(proxmox));
        HttpCall call = call(endpoint.resolve("/lab/faults"))
                .with("Authorization", "PVEAPIToken=" + access.get("PROXMOX_VE_API_TOKEN"));
        TransportSettings settings =
                TransportSettings.usual().with(TlsSettings.trusting(LabServerCommand.authority(proxmox)));
        try (HttpTransport transport = new HttpTransport(settings)) {
            HttpAnswer answer = transport.send(call);
            if (!answer.succeeded()) {
                throw new IOException(answer.toString());
            }
            return JsonReader.readObject("answer of the lab", answer.body());
        } catch (IOException e) {
            throw notRunning(lab, "its endpoint does not answer: " + e.getMessage(), e);
        }
    }

    private HttpCall call(URI uri) {
        if (clear) {
            return HttpCall.of("DELETE", uri);
        }
        String form = "name=%s&count=%d&after=%d".formatted(name, count, after);
        return name == null
                ? HttpCall.get(uri)
                : HttpCall.of("POST", uri)
                        .withBody("application/x-www-form-urlencoded", ByteSource.of(form.getBytes(UTF_8)));
    }

    private static BuildException notRunning(Path lab, String why, @Nullable IOException e) {
        return new BuildException(
                Problem.failed(Problem.Kind.ENVIRONMENT, "cannot change the faults of the lab")
                        .because(why)
                        .trying("talos-forge lab up --dir " + lab),
                e);
    }

    private void show(Session session, JsonObject answer) {
        List<JsonObject> armed = new ArrayList<>();
        for (Json item : answer.items("data")) {
            if (item instanceof JsonObject fault) {
                armed.add(fault);
            }
        }
        if (session.json()) {
            // The members of the server's objects are in any order.
            session.print(Json.array(
                            armed,
                            fault -> Json.object()
                                    .put("name", String.valueOf(fault.text("name")))
                                    .put("count", number(fault, "count"))
                                    .put("after", number(fault, "after"))
                                    .build())
                    .compact());
            return;
        }
        if (name == null && !clear) {
            for (PveFault fault : PveFault.values()) {
                session.print(String.format(Locale.ROOT, "%-18s %s", fault.name(), fault.effect()));
            }
        }
        for (JsonObject fault : armed) {
            long first = number(fault, "after");
            session.print("on: %s, %d times%s"
                    .formatted(
                            fault.text("name"),
                            number(fault, "count"),
                            first == 0 ? "" : ", skipping the first %d".formatted(first)));
        }
        if (armed.isEmpty()) {
            session.print("no fault is on");
        }
    }

    private static long number(JsonObject fault, String name) {
        Long value = fault.whole(name);
        return value == null ? 0 : value;
    }
}
