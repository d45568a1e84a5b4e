package dev.talosforge.cli;

import dev.talosforge.cli.Main.Surroundings;
import dev.talosforge.engine.Graph.OnFailure;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.Planned;
import dev.talosforge.pipeline.Queue;
import dev.talosforge.pipeline.RunReport;
import dev.talosforge.pipeline.StagePlan;
import dev.talosforge.pipeline.UnitResult;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that run stages, or read what they recorded. */
final class RunCommands {
    private RunCommands() {}

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description =
                    "Says what the unit in the folder would do, resolved to digests, and what changed since its last apply.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts/images plan"})
    static final class Plan extends Commands.WithGlobal {
        /** As Terraform has it. */
        private static final int CHANGES = 2;

        @Option(
                names = "--detailed-exitcode",
                description = "Exit code 2 when applying would change something, 0 when not; problems keep theirs.")
        boolean detailed;

        Plan(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(surroundings, global());
            return show(session, List.of(session.forge().plan(session.directory())), detailed);
        }

        /** Prints plans and problems, and says the exit code: that of the first problem, 2 for changes when asked. */
        static int show(Session session, List<Planned> planned, boolean detailed) {
            int code = 0;
            List<StagePlan> plans = new ArrayList<>();
            for (Planned unit : planned) {
                code = session.tell(unit.result(), code);
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
            boolean changes = plans.stream().anyMatch(StagePlan::changesSomething);
            return code == 0 && detailed && changes ? CHANGES : code;
        }
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description =
                    "Runs the unit in the folder. Outputs of its dependencies must be recorded; mock outputs are never used.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts/images apply --no-push"})
    static final class Apply extends Commands.WithGlobal {
        Apply(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(surroundings, global());
            List<UnitResult> results = List.of(session.forge().apply(session.directory()));
            return finish(session, results, results);
        }
    }

    /**
     * Prints results and says the exit code: that of the first problem.
     *
     * @param shown those of {@code results} that a person sees in full
     */
    private static int finish(Session session, List<UnitResult> results, List<UnitResult> shown) {
        session.clear();
        int code = 0;
        for (UnitResult result : results) {
            code = session.tell(result, code);
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

    /** Which units are run, and how: the options of Terragrunt's queue. */
    static final class QueueOptions {
        @Option(names = "--parallelism", paramLabel = "N", description = "Units at the same time; default: 2.")
        int parallelism = 2;

        @Option(names = "--fail-fast", description = "Begin nothing more once a unit has failed.")
        boolean failFast;

        @Option(
                names = "--queue-ignore-errors",
                description = "Run a unit though something that it depends on has failed.")
        boolean ignoreErrors;

        @Option(
                names = "--queue-include-dir",
                paramLabel = "DIR",
                description = "Only this unit, units below it, or a glob, and what they depend on. May be repeated.")
        List<String> include = new ArrayList<>();

        @Option(names = "--queue-strict-include", description = "Of what is included leave out what it depends on.")
        boolean strictInclude;

        @Option(
                names = "--queue-exclude-dir",
                paramLabel = "DIR",
                description = "Not this unit, those below it, or a glob. May be repeated.")
        List<String> exclude = new ArrayList<>();

        @Option(
                names = "--report",
                paramLabel = "FILE",
                description = "Write how each unit ended to this file, as JSON.")
        @Nullable
        Path report;

        @Option(
                names = "--detailed-exitcode",
                description = "Of plan: exit code 2 when applying would change something.")
        boolean detailed;

        Queue queue() {
            if (parallelism < 1) {
                throw Session.invalid(
                        "cannot run %d units at the same time".formatted(parallelism), "--parallelism is at least 1");
            }
            if (failFast && ignoreErrors) {
                throw Session.invalid(
                        "cannot use --fail-fast with --queue-ignore-errors",
                        "one ends a run at the first failure, the other goes on after it");
            }
            return new Queue(
                    parallelism,
                    failFast ? OnFailure.STOP : ignoreErrors ? OnFailure.CARRY_ON : OnFailure.SKIP_DEPENDENTS,
                    include,
                    exclude,
                    strictInclude);
        }
    }

    private static int runAll(Session session, String command, QueueOptions options) throws Exception {
        Path directory = session.directory();
        Queue queue = options.queue();
        return switch (command) {
            case "apply" -> {
                List<UnitResult> results = session.forge().applyAll(directory, queue);
                int code = finish(session, results, applied(results));
                yield end(session, options, command, results, code);
            }
            case "plan" -> {
                List<Planned> plans = session.forge().planAll(directory, queue);
                int code = Plan.show(session, plans, options.detailed);
                yield end(
                        session,
                        options,
                        command,
                        plans.stream().map(Planned::result).toList(),
                        code);
            }
            case "validate" -> {
                var units = session.forge().validate(directory, queue);
                int code = TreeCommands.Validate.show(session, units);
                yield end(
                        session,
                        options,
                        command,
                        units.stream().map(unit -> unit.result()).toList(),
                        code);
            }
            case "output" -> {
                Output.show(session, session.forge().outputs(directory, queue, session.json()));
                yield 0;
            }
            default ->
                throw new BuildException(
                        new Problem(
                                Problem.Kind.INVALID_INPUT,
                                "cannot run-all \"%s\"".formatted(command),
                                null,
                                "it is none of apply, plan, output, validate",
                                "run: talos-forge run-all --help"),
                        null);
        };
    }

    /** The others stand in the table at the end. */
    private static List<UnitResult> applied(List<UnitResult> results) {
        return results.stream()
                .filter(result -> result.ending() == UnitResult.Ending.APPLIED)
                .toList();
    }

    /** The table at the end of a run, and the file that is asked for. */
    private static int end(Session session, QueueOptions options, String command, List<UnitResult> results, int code)
            throws Exception {
        RunReport report = new RunReport(command, session.directory().toString(), results);
        if (!session.json() && !command.equals("validate")) {
            session.print(SummaryText.render(report).stripTrailing());
        }
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
    static final class RunAll extends Commands.WithGlobal {
        @Parameters(paramLabel = "COMMAND", description = "apply, plan, output or validate.")
        String command = "";

        @Mixin
        QueueOptions options = new QueueOptions();

        RunAll(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            return runAll(Session.open(surroundings, global()), command, options);
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Terragrunt's newer spelling: run --all COMMAND.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts run --all apply"})
    static final class Run extends Commands.WithGlobal {
        @Option(
                names = {"--all", "-a"},
                description = "Every unit below the folder.")
        boolean all;

        @Mixin
        QueueOptions options = new QueueOptions();

        @Parameters(paramLabel = "COMMAND", description = "apply, plan, output or validate.")
        String command = "";

        Run(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(surroundings, global());
            if (!all && command.equals("apply")) {
                List<UnitResult> results = List.of(session.forge().apply(session.directory()));
                return end(session, options, command, results, finish(session, results, applied(results)));
            }
            if (!all && command.equals("plan")) {
                List<Planned> plans = List.of(session.forge().plan(session.directory()));
                int code = Plan.show(session, plans, options.detailed);
                return end(
                        session,
                        options,
                        command,
                        plans.stream().map(Planned::result).toList(),
                        code);
            }
            return runAll(session, command, options);
        }
    }

    @Command(
            name = "output",
            mixinStandardHelpOptions = true,
            description = "Prints recorded outputs of the unit in the folder, or of every unit below it.",
            footer = {
                "",
                "Examples:",
                "  talos-forge -C infra/live/artifacts output",
                "  talos-forge -C infra/live/artifacts/images output --raw installer_image",
                "  talos-forge -C infra/live/artifacts/registry output --json"
            })
    static final class Output extends Commands.WithGlobal {
        @Parameters(paramLabel = "NAME", arity = "0..1", description = "One output only.")
        @Nullable
        String name;

        @Option(names = "--raw", description = "The text of one output, without quotes.")
        boolean raw;

        Output(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(surroundings, global());
            SequencedMap<String, SequencedMap<String, Json>> all =
                    session.forge().outputs(session.directory(), Queue.all(1), session.json() || name != null);
            if (name == null) {
                if (raw) {
                    throw Session.invalid("cannot print all outputs raw", "--raw prints one: name it");
                }
                show(session, all);
                return 0;
            }
            SequencedMap<String, Json> here = all.get(".");
            Json value = here == null ? null : here.get(name);
            if (value == null) {
                throw new BuildException(
                        new Problem(
                                Problem.Kind.INVALID_INPUT,
                                "cannot print the output \"%s\"".formatted(name),
                                null,
                                here == null || here.isEmpty()
                                        ? "nothing is recorded for this unit"
                                        : "recorded are: " + String.join(", ", here.keySet()),
                                here == null || here.isEmpty() ? "run: talos-forge apply" : null),
                        null);
            }
            session.print(raw ? rawText(name, value) : value.compact());
            return 0;
        }

        /** As Terraform has it: what is composed has no raw form. */
        private static String rawText(String name, Json value) {
            return switch (value) {
                case JsonText(String text) -> text;
                case Json.JsonNumber _, Json.JsonBool _ -> value.compact();
                case Json.JsonNull _, Json.JsonArray _, Json.JsonObject _ ->
                    throw Session.invalid(
                            "cannot print the output \"%s\" raw".formatted(name),
                            "it is no text, number or bool: leave --raw out");
            };
        }

        static void show(Session session, SequencedMap<String, SequencedMap<String, Json>> all) {
            if (session.json()) {
                Json.Builder units = Json.object();
                all.forEach((unit, outputs) -> units.put(unit, object(outputs)));
                session.print((all.size() == 1 && all.containsKey(".")
                                ? object(all.firstEntry().getValue())
                                : units.build())
                        .compact());
                return;
            }
            if (all.isEmpty()) {
                session.error("nothing is recorded yet: talos-forge apply records outputs\n");
            }
            all.forEach((unit, outputs) -> {
                if (!unit.equals(".")) {
                    session.print(unit);
                }
                session.print(ResultText.outputs(outputs).stripTrailing());
            });
        }

        private static Json object(Map<String, Json> outputs) {
            Json.Builder object = Json.object();
            outputs.forEach(object::put);
            return object.build();
        }
    }
}
