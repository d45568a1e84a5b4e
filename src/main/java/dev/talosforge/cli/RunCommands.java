package dev.talosforge.cli;

import dev.talosforge.cli.Main.Surroundings;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.pipeline.Planned;
import dev.talosforge.pipeline.Queue;
import dev.talosforge.pipeline.StagePlan;
import dev.talosforge.pipeline.UnitResult;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
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
            return show(session, session.forge().plan(session.directory(), false), detailed);
        }

        /** Prints plans and problems, and says the exit code: that of the first problem, 2 for changes when asked. */
        static int show(Session session, List<Planned> planned, boolean detailed) {
            int code = 0;
            List<StagePlan> plans = new ArrayList<>();
            for (Planned unit : planned) {
                code = session.tell(unit.unit(), unit.problems(), unit.bug(), code);
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
            boolean changes = plans.stream()
                    .anyMatch(plan -> !plan.applied() || !plan.changes().isEmpty());
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
            return finish(session, List.of(session.forge().apply(session.directory())));
        }
    }

    /** Prints results and says the exit code: that of the first problem. */
    private static int finish(Session session, List<UnitResult> results) {
        session.clear();
        int code = 0;
        for (UnitResult result : results) {
            code = session.tell(result.unit(), result.problems(), result.bug(), code);
        }
        if (session.json()) {
            Json.Builder byUnit = Json.object();
            results.forEach(result -> byUnit.put(result.unit(), ResultText.json(result)));
            session.print(byUnit.build().compact());
        } else {
            session.print(ResultText.render(results).stripTrailing());
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
                names = "--queue-include-dir",
                paramLabel = "DIR",
                description = "Only this unit or glob, and what it depends on. May be repeated.")
        List<String> include = new ArrayList<>();

        @Option(
                names = "--queue-exclude-dir",
                paramLabel = "DIR",
                description = "Not this unit or glob. May be repeated.")
        List<String> exclude = new ArrayList<>();

        Queue queue() {
            return new Queue(parallelism, failFast, include, exclude);
        }
    }

    private static int runAll(Session session, String command, Queue queue) throws Exception {
        switch (command) {
            case "apply" -> {
                return finish(session, session.forge().applyAll(session.directory(), queue));
            }
            case "plan" -> {
                return Plan.show(session, session.forge().plan(session.directory(), true), false);
            }
            case "validate" ->
                TreeCommands.Validate.show(session, session.forge().validate(session.directory()));
            case "output" -> Output.show(session, session.forge().outputs(session.directory()));
            default ->
                throw new BuildException(
                        new Problem(
                                Problem.Kind.INVALID_INPUT,
                                "cannot run-all \"%s\"".formatted(command),
                                null,
                                "it is none of apply, plan, output, validate",
                                "run: talos-forge run-all --help"),
                        null);
        }
        return 0;
    }

    @Command(
            name = "run-all",
            mixinStandardHelpOptions = true,
            description = "Runs a command in every unit below the folder, in dependency order.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts run-all apply"})
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
            return runAll(Session.open(surroundings, global()), command, options.queue());
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Terragrunt's newer spelling: run --all COMMAND.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts run --all apply"})
    static final class Run extends Commands.WithGlobal {
        @Option(names = "--all", description = "Every unit below the folder.")
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
                return finish(session, List.of(session.forge().apply(session.directory())));
            }
            if (!all && command.equals("plan")) {
                return Plan.show(session, session.forge().plan(session.directory(), false), false);
            }
            return runAll(session, command, options.queue());
        }
    }

    @Command(
            name = "output",
            mixinStandardHelpOptions = true,
            description = "Prints recorded outputs of the unit in the folder, or of every unit below it.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts/images output --raw installer_image"})
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
                    session.forge().outputs(session.directory());
            if (name == null) {
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
            session.print(raw && value instanceof JsonText(String text) ? text : value.compact());
            return 0;
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
