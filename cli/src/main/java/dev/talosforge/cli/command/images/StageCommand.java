package dev.talosforge.cli.command.images;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.GlobalOptions;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.ProblemText;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.cli.text.RequestRemedies;
import dev.talosforge.cli.words.BadOption;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.request.RequestReader;
import dev.talosforge.pipeline.request.RequestedStage;
import dev.talosforge.pipeline.request.StageAction;
import dev.talosforge.pipeline.request.StageRequest;
import dev.talosforge.pipeline.run.RunReport;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
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
        Session session = Session.ofRequest(process, global);
        try {
            refuseTreeOptions(global);
            StageRequest request;
            try {
                request = request(global);
            } catch (InterruptedException e) {
                return ProblemText.INTERRUPTED; // nothing has begun
            }
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
        List<Problem> problems = Failures.interrupted(e) ? List.of() : RequestRemedies.of(Failures.problems(e));
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

    private StageRequest request(GlobalOptions global) throws IOException, InterruptedException {
        String called = name;
        String why = called == null ? null : RequestReader.whyNoName(called);
        if (why != null) {
            throw BadOption.invalid("cannot use --name", why);
        }
        Path folder = global.directory().toAbsolutePath().normalize();
        StageRequest request = read(folder);
        StageRequest placed = global.directory().toString().isEmpty() ? request : request.in(folder);
        return called == null ? placed : placed.called(called);
    }

    private StageRequest read(Path folder) throws IOException, InterruptedException {
        if (inputs != null) {
            Path file = folder.resolve(inputs);
            RequestReader reader = reader(file.toString(), folder);
            return reader.ofInputs(ByteSource.of(file).readAll("request", RequestReader.MAX_BYTES));
        }
        if (process.environment().containsKey(REQUEST)) {
            String text = String.valueOf(process.environment().get(REQUEST));
            return reader(REQUEST, folder).read(text.getBytes(StandardCharsets.UTF_8));
        }
        RequestReader reader = reader("the request on stdin", folder);
        if (process.in().terminal()) {
            throw new BuildException(nobodyTypes(reader));
        }
        return reader.read(process.in().read(RequestReader.MAX_BYTES + 1));
    }

    private RequestReader reader(String from, Path folder) {
        var module = RequestReader.module(stage);
        if (module == null) {
            throw BadOption.invalid(
                    "cannot use the stage \"%s\"".formatted(stage),
                    "it is not talos_extension, talos_images or talos_proxmox_upload");
        }
        return new RequestReader(module, from, folder);
    }

    /** Nobody types JSON blindly: whoever started it by hand learns how to give the inputs. */
    private Problem nobodyTypes(RequestReader reader) {
        return Problem.failed(Problem.Kind.INVALID_INPUT, "cannot read a request")
                .because("stdin is a terminal; the inputs are expected there as JSON, from another program")
                .trying("write the inputs into a file, such as %s, and run: talos-forge stage %s %s --inputs FILE"
                        .formatted(reader.example(), stage, action.name().toLowerCase(Locale.ROOT)));
    }
}
