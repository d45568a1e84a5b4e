package dev.talosforge.cli.command.tree;

import dev.talosforge.cli.session.ForgeCommand;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.Session;
import dev.talosforge.cli.text.GraphFormat;
import dev.talosforge.cli.text.GraphText;
import dev.talosforge.cli.text.PlainText;
import dev.talosforge.cli.text.RemedyText;
import dev.talosforge.config.Workspace;
import dev.talosforge.json.Json;
import dev.talosforge.pipeline.apply.ValidatedUnit;
import dev.talosforge.pipeline.lint.LintFinding;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunReport;
import dev.talosforge.pipeline.run.UnitResult.Ending;
import dev.talosforge.pipeline.run.UnitView;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that only read the tree. */
public final class TreeCommands {
    private TreeCommands() {}

    @Command(
            name = "validate",
            mixinStandardHelpOptions = true,
            description = "Evaluates every unit below the folder and reports all problems at once.",
            footer = {"", "Example:", "  talos-forge -C infra/live validate"})
    public static final class Validate extends ForgeCommand {
        public Validate(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            return show(session, session.forge().validate(session.directory(), RunQueue.all(1)));
        }

        /** Prints units and problems and returns the exit code: that of the first problem. */
        static int show(Session session, List<ValidatedUnit> validated) {
            int code = 0;
            for (ValidatedUnit one : validated) {
                code = session.report(one.result(), code);
                one.findings().forEach(session::warn);
            }
            if (session.json()) {
                session.print(Json.array(validated, Validate::json).compact());
            } else if (code == 0) {
                list(session, validated);
                session.print(summary(validated));
            } else if (validated.size() > 1) {
                list(session, validated);
                session.error(broken(session, validated) + System.lineSeparator());
            }
            return code;
        }

        public static Json json(ValidatedUnit one) {
            // The problem of a unit may be that an input is a secret.
            Json view = one.view() == null || one.result().ending() == Ending.FAILED
                    ? Json.object()
                            .put("unit", one.result().unit())
                            .putIfPresent("module", one.result().module())
                            .build()
                    : one.view().toJson(RemedyText::of);
            Json.JsonObject unit = ((Json.JsonObject) view)
                    .with("result", Json.of(one.result().ending().word()));
            if (one.result().because() != null) {
                unit = unit.with("reason", Json.of(one.result().because()));
            }
            return unit.with("findings", Json.array(one.findings(), LintFinding::toJson))
                    .with(
                            "problems",
                            Json.array(one.result().problems(), problem -> RunReport.json(problem, RemedyText::of)));
        }

        private static String broken(Session session, List<ValidatedUnit> validated) {
            List<ValidatedUnit> all = validated.stream()
                    .filter(one -> one.result().ending() == Ending.FAILED)
                    .toList();
            long others = all.stream()
                    .filter(one -> culprit(session, one, validated) != null)
                    .count();
            long own = all.size() - others;
            return "%d of %d units %s problems%s"
                    .formatted(
                            own,
                            validated.size(),
                            own == 1 ? "has" : "have",
                            others == 0
                                    ? ""
                                    : others == 1
                                            ? " of %s own, 1 more depends on such a unit"
                                                    .formatted(own == 1 ? "its" : "their")
                                            : " of %s own, %d more depend on such units"
                                                    .formatted(own == 1 ? "its" : "their", others));
        }

        /** The unit whose file contains all problems of another; null if they are its own or in no unit's file. */
        private static @Nullable String culprit(Session session, ValidatedUnit broken, List<ValidatedUnit> validated) {
            for (ValidatedUnit other : validated) {
                Path folder = session.directory().resolve(other.result().unit());
                if (!other.equals(broken)
                        && broken.result().problems().stream().allMatch(problem -> isIn(folder, problem))) {
                    return other.result().unit();
                }
            }
            return null;
        }

        private static boolean isIn(Path unit, Problem problem) {
            return problem.where() instanceof Where.Source source
                    && unit.equals(source.file().getParent());
        }

        private static void list(Session session, List<ValidatedUnit> validated) {
            for (ValidatedUnit one : validated) {
                UnitView unit = one.view();
                String module = one.result().module();
                boolean excluded = one.result().ending() == Ending.EXCLUDED;
                session.print(String.format(
                        Locale.ROOT,
                        "%-36s %s%s",
                        one.result().unit(),
                        module == null ? "no module" : module,
                        excluded
                                ? "  (excluded: %s)".formatted(one.result().because())
                                : one.result().ending() == Ending.FAILED
                                        ? "  (%s problems)".formatted(has(culprit(session, one, validated)))
                                        : unit == null || unit.managed() ? "" : "  (not managed)"));
                if (one.result().because() != null && !excluded) {
                    session.print("    " + PlainText.indented(one.result().because()));
                }
                if (session.verbose() && unit != null) {
                    unit.notes().forEach(note -> session.print("    note: " + PlainText.indented(note)));
                }
            }
        }

        private static String has(@Nullable String culprit) {
            return culprit == null ? "has" : culprit + " has";
        }

        private static String summary(List<ValidatedUnit> validated) {
            String units = validated.size() == 1 ? "1 unit" : validated.size() + " units";
            long findings =
                    validated.stream().mapToLong(one -> one.findings().size()).sum();
            return units + ", no problems"
                    + (findings == 0 ? "" : findings == 1 ? ", 1 warning" : ", " + findings + " warnings");
        }
    }

    @Command(
            name = "render",
            mixinStandardHelpOptions = true,
            description = "Prints the evaluated inputs of the unit in the folder, or of every unit below it, as JSON.",
            footer = {"", "Example:", "  talos-forge -C infra/live/artifacts/images render"})
    public static final class Render extends ForgeCommand {
        @Parameters(
                paramLabel = "UNIT",
                arity = "0..1",
                description = "A unit's folder, relative to the working folder.")
        Path unit = Path.of("");

        public Render(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            Path at = session.directory(unit);
            List<ValidatedUnit> validated = session.forge().render(at, RunQueue.all(1));
            int code = 0;
            Json.Builder byUnit = Json.object();
            for (ValidatedUnit one : validated) {
                code = session.report(one.result(), code);
                Json shown = shown(session, one);
                if (validated.size() == 1 && one.result().unit().equals(Workspace.nameOf(at))) {
                    if (shown != null) {
                        session.print(shown.pretty().stripTrailing());
                    }
                    return code;
                }
                if (shown != null) {
                    byUnit.put(one.result().unit(), shown);
                }
            }
            session.print(byUnit.build().pretty().stripTrailing());
            return code;
        }

        /** Null for a unit that cannot be evaluated and whose problems are reported elsewhere. */
        private static @Nullable Json shown(Session session, ValidatedUnit one) {
            if (one.view() != null) {
                return one.view().inputs();
            }
            return session.json() && !one.result().problems().isEmpty()
                    ? Json.object()
                            .put(
                                    "problems",
                                    Json.array(
                                            one.result().problems(),
                                            problem -> RunReport.json(problem, RemedyText::of)))
                            .build()
                    : null;
        }
    }

    @Command(
            name = "graph",
            mixinStandardHelpOptions = true,
            description = "Shows units, their dependencies, and their consumers.",
            footer = {"", "Example:", "  talos-forge -C infra/live graph --format mermaid"})
    public static final class GraphOf extends ForgeCommand {
        @Option(names = "--format", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}; default: text.")
        GraphFormat format = GraphFormat.TEXT;

        public GraphOf(ProcessEnvironment process) {
            super(process);
        }

        @Override
        public Integer call() throws Exception {
            Session session = Session.open(process, global());
            List<UnitView> units = session.forge().graph(session.directory(), RunQueue.all(1));
            int code = 0;
            for (UnitView unit : units) {
                code = session.report(unit.problems(), code);
            }
            session.print(
                    session.json()
                            ? Json.array(units, unit -> unit.toJson(RemedyText::of))
                                    .compact()
                            : GraphText.render(units, format).stripTrailing());
            return code;
        }
    }
}
