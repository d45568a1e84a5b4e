package dev.talosforge.cli.command.tree;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.PlanText;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.cli.text.ResultText;
import dev.talosforge.cli.text.SummaryText;
import dev.talosforge.cli.words.ForeignWords;
import dev.talosforge.cli.words.TerragruntVariables;
import dev.talosforge.config.Workspace;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.apply.PlannedUnit;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunReport;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.provenance.StagePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that run stages. */
public final class RunCommands {
    private static final String UNIT = "A unit's folder, relative to the working folder.";

    private RunCommands() {}

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description =
                    "Shows what the unit in the folder, or every unit below it, would do, resolved to digests, and what changed.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts/images plan"})
    public static final class Plan extends ForgeCommand {
        /** The same as Terraform's. */
        private static final int CHANGES = 2;

        @Parameters(paramLabel = "UNIT", arity = "0..1", description = UNIT)
        Path unit = Path.of("");

        @Option(
                names = "--detailed-exitcode",
                description =
                        "Exit with 2 if applying would change something, with 0 if not; problems keep their exit codes.")
        boolean detailed;

        public Plan(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            Path at = session.directory(unit);
            List<PlannedUnit> plans = session.forge().plans(at);
            int code = show(session, plans, detailed);
            return isOf(at, plans) ? code : end(session, at, new QueueOptions(), "plan", results(plans), code);
        }

        /** Whether this is the plan of the requested unit, not of a tree. */
        private static boolean isOf(Path at, List<PlannedUnit> plans) {
            return plans.size() == 1 && plans.getFirst().result().unit().equals(Workspace.nameOf(at));
        }

        static List<UnitResult> results(List<PlannedUnit> plans) {
            return plans.stream().map(PlannedUnit::result).toList();
        }

        /**
         * Prints plans and problems and returns the exit code: that of the first problem, or 2 for changes if
         * requested.
         */
        static int show(Session session, List<PlannedUnit> planned, boolean detailed) {
            int code = 0;
            List<StagePlan> plans = new ArrayList<>();
            for (PlannedUnit unit : planned) {
                code = session.report(unit.result(), code);
                StagePlan plan = unit.plan();
                if (plan != null) {
                    plans.add(plan);
                }
            }
            if (session.json()) {
                session.print(Json.array(plans, StagePlan::toJson).compact());
            } else {
                plans.forEach(plan -> session.print(PlanText.render(plan)));
            }
            boolean changes = plans.stream().anyMatch(StagePlan::hasChanges);
            return code == 0 && detailed && changes ? CHANGES : code;
        }
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description =
                    "Runs the unit in the folder. Outputs of its dependencies must be recorded; mock outputs are never used.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts/images apply --no-push"})
    public static final class Apply extends ForgeCommand {
        @Parameters(paramLabel = "UNIT", arity = "0..1", description = UNIT)
        Path unit = Path.of("");

        public Apply(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            List<UnitResult> results = List.of(session.forge().apply(session.directory(unit)));
            int code = finish(session, results, results);
            nextSteps(session, results);
            return code;
        }
    }

    /**
     * Prints results and returns the exit code: that of the first problem.
     *
     * @param shown those of {@code results} that are printed in full for a person
     */
    private static int finish(Session session, List<UnitResult> results, List<UnitResult> shown) {
        session.clear();
        int code = 0;
        for (UnitResult result : results) {
            code = session.report(result, code);
        }
        if (session.json()) {
            Json.Builder byUnit = Json.object();
            results.forEach(result -> byUnit.put(result.unit(), ResultText.json(result)));
            session.print(byUnit.build().compact());
        } else {
            shown.forEach(
                    result -> session.print(ResultText.render(List.of(result)).stripTrailing()));
        }
        return code;
    }

    /** Printed last, where a person sees it; with {@code --json}, it is part of the results. */
    private static void nextSteps(Session session, List<UnitResult> results) {
        if (!session.json()) {
            session.error(ResultText.nextSteps(results));
        }
    }

    static int runAll(Session session, String command, QueueOptions options) throws Exception {
        Path directory = session.directory();
        options.complete(session.environment());
        RunQueue queue = options.queue();
        return switch (command) {
            case "apply" -> {
                List<UnitResult> results = session.forge().applyAll(directory, queue);
                int code = finish(session, results, applied(results));
                yield end(session, directory, options, command, results, code);
            }
            case "plan" -> {
                List<PlannedUnit> plans = session.forge().planAll(directory, queue);
                int code = Plan.show(session, plans, options.detailed);
                yield end(session, directory, options, command, Plan.results(plans), code);
            }
            case "validate" -> {
                var units = session.forge().validate(directory, queue);
                int code = TreeCommands.Validate.show(session, units);
                yield end(
                        session,
                        directory,
                        options,
                        command,
                        units.stream().map(unit -> unit.result()).toList(),
                        code);
            }
            case "output" -> {
                OutputCommand.show(session, directory, session.forge().outputs(directory, queue, session.json()));
                yield 0;
            }
            default -> throw noCommand(command);
        };
    }

    private static BuildException noCommand(String command) {
        Problem foreign = ForeignWords.command(command);
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot run-all \"%s\"".formatted(command))
                .because(foreign == null ? "it is not apply, plan, output or validate" : foreign.why())
                .trying(foreign == null ? new Remedy.Text("run: talos-forge run-all --help") : foreign.remedy()));
    }

    /** The others are only in the table at the end. */
    private static List<UnitResult> applied(List<UnitResult> results) {
        return results.stream()
                .filter(result ->
                        result.ending() == UnitResult.Ending.APPLIED || result.ending() == UnitResult.Ending.BUILT)
                .toList();
    }

    /** Prints the table at the end of a run and writes the requested report file. */
    private static int end(
            Session session, Path directory, QueueOptions options, String command, List<UnitResult> results, int code)
            throws Exception {
        RunReport report = new RunReport(command, directory.toString(), results, RemedyText::of);
        if (!session.json() && !command.equals("validate")) {
            session.print(SummaryText.render(report).stripTrailing());
        }
        nextSteps(session, results);
        if (options.report != null) {
            report.write(options.report.toAbsolutePath());
        }
        return code;
    }

    @Command(
            name = "run-all",
            mixinStandardHelpOptions = true,
            description = "Runs a command in every unit below the folder, in dependency order.",
            footer = {
                "",
                "Examples:",
                "  talos-forge -C infra/live/artifacts run-all apply",
                "  talos-forge -C infra/live run-all apply --queue-include-dir artifacts/images --report run.json",
                "  talos-forge -C infra/live/artifacts run-all plan --detailed-exitcode"
            })
    public static final class RunAll extends ForgeCommand {
        @Parameters(paramLabel = "COMMAND", description = "apply, plan, output or validate.")
        String command = "";

        @Mixin
        QueueOptions options = new QueueOptions();

        public RunAll(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            return runAll(Session.open(process, global()), command, options);
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Terragrunt's newer spelling: run --all COMMAND.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts run --all apply"})
    public static final class Run extends ForgeCommand {
        @Option(
                names = {"--all", "-a"},
                description = "Every unit below the folder.")
        boolean all;

        @Mixin
        QueueOptions options = new QueueOptions();

        @Parameters(paramLabel = "COMMAND", description = "apply, plan, output or validate.")
        String command = "";

        public Run(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            all |= new TerragruntVariables(session.environment()).is("ALL");
            if (!all && command.equals("apply")) {
                List<UnitResult> results = List.of(session.forge().apply(session.directory()));
                int code = finish(session, results, applied(results));
                return end(session, session.directory(), options, command, results, code);
            }
            if (!all && command.equals("plan")) {
                List<PlannedUnit> plans = session.forge().plans(session.directory());
                int code = Plan.show(session, plans, options.detailed);
                return end(session, session.directory(), options, command, Plan.results(plans), code);
            }
            return runAll(session, command, options);
        }
    }
}
