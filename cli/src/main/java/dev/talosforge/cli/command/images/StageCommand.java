package dev.talosforge.cli.command.images;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.GlobalOptions;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.ProblemText;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.request.RequestReader;
import dev.talosforge.pipeline.request.RequestedStage;
import dev.talosforge.pipeline.request.StageAction;
import dev.talosforge.pipeline.request.StageRequest;
import dev.talosforge.pipeline.run.RunReport;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
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
public final class StageCommand extends ForgeCommand {
    private static final String REQUEST = "TALOS_FORGE_REQUEST";

    /** What {@code retryable_errors} of Terragrunt look for: they see texts, and no exit codes. It stays as it is. */
    private static final String UNAVAILABLE = "talos-forge-unavailable";

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

    public StageCommand(ProcessEnvironment process) {
        super(process);
    }

    @Override
    public Integer call() throws Exception {
        GlobalOptions global = global();
        Session session = Session.open(process, global);
        try {
            refuseTreeOptions(global);
            StageRequest request = request(global);
            session.print(new RequestedStage(session.context(), InstantSource.system(), global.strict(), request)
                    .answer(action)
                    .json());
            return 0;
        } catch (Exception e) {
            return failed(session, e);
        }
    }

    /** As all commands do, with a word for programs that see only the text; with {@code --json}, in one line. */
    private static int failed(Session session, Exception e) throws Exception {
        List<Problem> problems = Failures.interrupted(e) ? List.of() : Failures.problems(e);
        if (problems.isEmpty()) {
            throw e;
        }
        Problem.Kind kind = problems.getFirst().kind();
        boolean unavailable = kind == Problem.Kind.UNAVAILABLE;
        if (session.json()) {
            session.error(Json.object()
                            .put("type", "problems")
                            .put("problems", Json.array(problems, problem -> RunReport.json(problem, RemedyText::of)))
                            .putIfPresent("retry", unavailable ? UNAVAILABLE : null)
                            .build()
                            .compact()
                    + "\n");
        } else {
            session.report(problems, 0);
            session.error(unavailable ? UNAVAILABLE + ": running it again can help\n" : "");
        }
        return ProblemText.exitCode(kind);
    }

    private static void refuseTreeOptions(GlobalOptions global) {
        List<String> given = global.treeOptions();
        if (!given.isEmpty()) {
            throw BadOption.invalid("cannot use " + given.getFirst(), "it is for a tree, and stage reads none");
        }
    }

    private StageRequest request(GlobalOptions global) throws IOException {
        var module = RequestReader.module(stage);
        if (module == null) {
            throw BadOption.invalid(
                    "cannot use the stage \"%s\"".formatted(stage),
                    "it is not talos_extension, talos_images or talos_proxmox_upload");
        }
        boolean inFolder = !global.directory().toString().isEmpty();
        Path folder = global.directory().toAbsolutePath().normalize();
        StageRequest request;
        if (inputs != null) {
            Path file = folder.resolve(inputs);
            byte[] json = ByteSource.of(file).readAll("request", RequestReader.MAX_BYTES);
            request = new RequestReader(module, file.toString(), folder).ofInputs(json);
        } else if (process.environment().containsKey(REQUEST)) {
            String text = String.valueOf(process.environment().get(REQUEST));
            request = new RequestReader(module, REQUEST, folder).read(text.getBytes(StandardCharsets.UTF_8));
        } else {
            byte[] json = process.in().readNBytes(RequestReader.MAX_BYTES + 1);
            request = new RequestReader(module, "the request on stdin", folder).read(json);
        }
        return inFolder ? named(request).in(folder) : named(request);
    }

    private StageRequest named(StageRequest request) {
        if (name == null) {
            return request;
        }
        String why = RequestReader.whyNoName(name);
        if (why != null) {
            throw BadOption.invalid("cannot use --name", why);
        }
        return request.called(name);
    }
}
