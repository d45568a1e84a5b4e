package dev.talosforge.cli;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.pipeline.request.RequestReader;
import dev.talosforge.pipeline.request.RequestedStage;
import dev.talosforge.pipeline.request.StageAction;
import dev.talosforge.pipeline.request.StageRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stage",
        mixinStandardHelpOptions = true,
        description = {
            "Plans or applies one stage for another program, such as a Terraform module: without a tree, with the inputs as JSON.",
            "The request is read from --inputs, from TALOS_FORGE_REQUEST or from stdin; the answer is one JSON object of texts."
        },
        footer = {
            "",
            "Examples:",
            "  talos-forge stage talos_images plan --inputs images.json",
            "  echo '{\"inputs\": {\"talos_version\": \"v1.11.5\", \"installer_registry\": \"ghcr.io/acme/installer\"}}' | talos-forge stage images plan"
        })
final class StageCommand extends WithGlobal {
    private static final String REQUEST = "TALOS_FORGE_REQUEST";

    @Parameters(
            index = "0",
            paramLabel = "STAGE",
            description = "talos_extension, talos_images or talos_proxmox_upload; also without talos_.")
    String stage = "";

    @Parameters(index = "1", paramLabel = "ACTION", description = "${COMPLETION-CANDIDATES}.")
    StageAction action = StageAction.PLAN;

    @Option(
            names = "--inputs",
            paramLabel = "FILE",
            description = "A JSON object with the stage's inputs, instead of a request.")
    @Nullable
    Path inputs;

    @Option(names = "--name", paramLabel = "NAME", description = "How messages call the unit; default: the stage.")
    @Nullable
    String name;

    StageCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        Session session = Session.open(surroundings, global());
        StageRequest request = request();
        session.print(new RequestedStage(session.context(), InstantSource.system(), request)
                .answer(action)
                .json());
        return 0;
    }

    private StageRequest request() throws IOException {
        var module = RequestReader.module(stage);
        if (module == null) {
            throw BadOption.invalid(
                    "cannot use the stage \"%s\"".formatted(stage),
                    "it is not talos_extension, talos_images or talos_proxmox_upload");
        }
        Path folder = global().directory.toAbsolutePath().normalize();
        if (inputs != null) {
            Path file = folder.resolve(inputs);
            byte[] json = ByteSource.of(file).readAll("request", RequestReader.MAX_BYTES);
            return new RequestReader(module, file.toString(), folder).ofInputs(json);
        }
        String given = surroundings.environment().get(REQUEST);
        if (given != null) {
            return new RequestReader(module, REQUEST, folder).read(given.getBytes(StandardCharsets.UTF_8));
        }
        byte[] json = surroundings.in().readNBytes(RequestReader.MAX_BYTES + 1);
        return new RequestReader(module, "the request on stdin", folder).read(json);
    }
}
