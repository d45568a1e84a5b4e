package dev.talosforge.pipeline.hook;

import dev.talosforge.config.hcl.functions.PatternSearch;
import dev.talosforge.config.unit.Hook;
import dev.talosforge.config.unit.Hooks;
import dev.talosforge.config.unit.Retry;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitRunner.Done;
import dev.talosforge.pipeline.run.UnitTree;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Where;
import dev.talosforge.provenance.StagePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs a unit's hooks around what is done with it, by Terragrunt's rules. */
public record HookRuns(BuildContext context, RunSettings settings) {
    private static final String APPLY = "apply";
    private static final String NO_INIT = "not run, because Talos Forge runs no init";

    /** Characters of a failure that Terragrunt replaces by spaces before it matches patterns of {@code retry}. */
    private static final String NOT_COMPARED = "[^a-zA-Z0-9./'\"():=\\- ]+";

    /** What is done with a unit. */
    @FunctionalInterface
    public interface Work {
        Done done() throws Exception;
    }

    /** A failure, and its text for error hooks. */
    private record Wrong(Exception failure, String text) {}

    /** Terragrunt adds this at the end, because Terraform exits this way. */
    private static final String TERRAFORM_FAILED = "\nexit status 1";

    /**
     * Does the work between before hooks and after hooks. After a failure only hooks with run_on_error run; error hooks
     * come last.
     *
     * @param state where the unit's outputs are recorded
     */
    public Done around(UnitTree.Node node, Unit unit, Path state, Work work) throws Exception {
        String off = off();
        List<String> initOnly = unit.hooks().initOnly();
        if (off == null && !initOnly.isEmpty()) {
            context.events().info(node.name(), NO_INIT + ": " + String.join(", ", initOnly));
        }
        if (off != null && !unit.hooks().isEmpty()) {
            reportDisabled(node, unit, off);
        }
        if (unit.hooks().isEmpty() || off != null) {
            return repeated(node, unit, wrong -> work(work, wrong));
        }
        KnownSecrets secrets = KnownSecrets.of(settings.environment(), unit.inputs());
        HookRun reading =
                new HookRun(unit, node.name(), state, Hook.CONFIGURATION_READ, settings, context.events(), secrets);
        List<Wrong> before = new ArrayList<>();
        run(reading, Hook.Kind.AFTER, before);
        end(before);
        HookRun applying = new HookRun(unit, node.name(), state, APPLY, settings, context.events(), secrets);
        return repeated(node, unit, wrong -> around(applying, work, wrong));
    }

    private @Nullable Done around(HookRun applying, Work work, List<Wrong> wrong) throws InterruptedException {
        run(applying, Hook.Kind.BEFORE, wrong);
        Done done = wrong.isEmpty() ? work(work, wrong) : null;
        run(applying, Hook.Kind.AFTER, wrong);
        if (!wrong.isEmpty()) {
            runErrorHooks(applying, wrong);
        }
        return done;
    }

    /** Work that succeeds or leaves a failure. */
    @FunctionalInterface
    private interface Attempt {
        @Nullable
        Done done(List<Wrong> wrong) throws InterruptedException;
    }

    /** Repeats the work until it succeeds, or fails in a way that is not retried. */
    private Done repeated(UnitTree.Node node, Unit unit, Attempt attempt) throws Exception {
        for (int number = 1; ; number++) {
            List<Wrong> wrong = new ArrayList<>();
            Done done = attempt.done(wrong);
            if (wrong.isEmpty() && done != null) {
                return done;
            }
            Retry retry = retry(unit, wrong);
            if (retry == null || number >= retry.attempts()) {
                end(wrong);
                throw new IllegalStateException("neither completed nor failed: " + node.name());
            }
            context.events()
                    .warning(
                            node.name(),
                            "failed; retrying in %d s, %d of %d, by retry \"%s\": %s"
                                    .formatted(
                                            retry.pause().toSeconds(),
                                            number + 1,
                                            retry.attempts(),
                                            retry.name(),
                                            reason(wrong.getFirst().failure())));
            Thread.sleep(retry.pause());
        }
    }

    private static String reason(Exception failure) {
        List<Problem> problems = Failures.problems(failure);
        return problems.isEmpty()
                ? failure.toString()
                : problems.getFirst().what() + ": " + problems.getFirst().why();
    }

    /** Null if it is not retried; a bug never is. */
    private @Nullable Retry retry(Unit unit, List<Wrong> wrong) {
        if (!settings.retries()
                || wrong.stream()
                        .anyMatch(one -> Failures.problems(one.failure()).isEmpty())) {
            return null;
        }
        String text = wrong.stream().map(Wrong::text).collect(Collectors.joining("\n"));
        String plain = text.replaceAll(NOT_COMPARED, " ").strip().replaceAll(" +", " ");
        for (Retry retry : unit.hooks().retries()) {
            for (String pattern : retry.errors()) {
                boolean not = pattern.startsWith("!");
                if (PatternSearch.finds(not ? pattern.substring(1) : pattern, plain)) {
                    if (!not) {
                        return retry;
                    }
                    break;
                }
            }
        }
        return null;
    }

    private @Nullable Done work(Work work, List<Wrong> wrong) throws InterruptedException {
        try {
            return work.done();
        } catch (Exception e) {
            if (Thread.currentThread().isInterrupted() || Failures.interrupted(e)) {
                throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
            }
            wrong.add(new Wrong(e, text(e) + TERRAFORM_FAILED));
            return null;
        }
    }

    private static void run(HookRun run, Hook.Kind kind, List<Wrong> wrong) throws InterruptedException {
        for (Hook hook : run.unit().hooks().of(kind, run.command())) {
            if (wrong.isEmpty() || hook.runOnError()) {
                add(run.run(hook), wrong);
            }
        }
    }

    private static void runErrorHooks(HookRun run, List<Wrong> wrong) throws InterruptedException {
        String text = wrong.stream().map(Wrong::text).collect(Collectors.joining("\n"));
        for (Hook hook : run.unit().hooks().of(Hook.Kind.ERROR, run.command())) {
            if (hook.notKnown() != null || hook.onErrors().stream().anyMatch(one -> PatternSearch.finds(one, text))) {
                add(run.run(hook), wrong);
            }
        }
    }

    private static void add(HookRun.@Nullable Failure failure, List<Wrong> wrong) {
        if (failure != null) {
            wrong.add(new Wrong(failure.problem(), failure.text()));
        }
    }

    /** The whole text of a failure. */
    private String text(Exception e) {
        List<Problem> problems = Failures.problems(e);
        return problems.isEmpty()
                ? e.toString()
                : problems.stream()
                        .map(problem -> "%s\n%s\n%s%s"
                                .formatted(
                                        problem.what(),
                                        problem.where() == null ? "" : place(problem.where()),
                                        problem.why(),
                                        problem.remedy() == null
                                                ? ""
                                                : "\n" + settings.wording().of(problem.remedy())))
                        .collect(Collectors.joining("\n"));
    }

    private String place(Where where) {
        return switch (where) {
            case Where.Source source -> "%s:%d:%d".formatted(source.file(), source.line(), source.column());
            case Where.Input(String name) -> name;
            case Where.Setting(Remedy by) -> settings.wording().of(by);
            case Where.Offset offset -> offset.file().toString();
            case Where.Remote remote -> "%s %s (%d)".formatted(remote.method(), remote.uri(), remote.status());
        };
    }

    /** Throws the first failure, with the others attached. */
    private static void end(List<Wrong> wrong) throws Exception {
        if (wrong.isEmpty()) {
            return;
        }
        Exception first = wrong.getFirst().failure();
        List<Problem> problems = Failures.problems(first);
        if (problems.isEmpty()) {
            wrong.stream().skip(1).forEach(one -> first.addSuppressed(one.failure()));
            throw first;
        }
        List<Problem> all = wrong.stream()
                .flatMap(one -> Failures.problems(one.failure()).stream())
                .distinct()
                .toList();
        throw new BuildException(all, first);
    }

    /** Why no hook runs; null if they do. */
    private @Nullable String off() {
        RunOption off = !settings.hooks() ? RunOption.NO_HOOKS : context.push() ? null : RunOption.NO_PUSH;
        return off == null ? null : settings.wording().of(off);
    }

    private void reportDisabled(UnitTree.Node node, Unit unit, String off) {
        String hooks = unit.hooks().all().stream().map(Hook::title).collect(Collectors.joining(", "));
        if (settings.hooks()) {
            context.events()
                    .warning(
                            node.name(),
                            "hooks are not run, because %s must send nothing and they might: %s".formatted(off, hooks));
        } else {
            context.events().detail(node.name(), "hooks are not run, because of %s: %s".formatted(off, hooks));
        }
    }

    /** What an apply would run, for a plan. Nothing is run for it. */
    public List<StagePlan.Line> lines(Unit unit) {
        Hooks hooks = unit.hooks();
        String off = off();
        if (off != null) {
            return hooks.isEmpty() ? List.of() : List.of(new StagePlan.Line("hooks", "not run, because of " + off));
        }
        KnownSecrets secrets = KnownSecrets.of(settings.environment(), unit.inputs());
        List<StagePlan.Line> lines = new ArrayList<>();
        hooks.of(Hook.Kind.AFTER, Hook.CONFIGURATION_READ)
                .forEach(hook -> lines.add(line(hook, "before everything else", secrets)));
        hooks.of(Hook.Kind.BEFORE, APPLY).forEach(hook -> lines.add(line(hook, null, secrets)));
        hooks.of(Hook.Kind.AFTER, APPLY).forEach(hook -> lines.add(line(hook, null, secrets)));
        hooks.of(Hook.Kind.ERROR, APPLY)
                .forEach(hook ->
                        lines.add(line(hook, "when it fails with " + String.join(" or ", hook.onErrors()), secrets)));
        hooks.initOnly().forEach(title -> lines.add(new StagePlan.Line(title.replace("\"", ""), NO_INIT)));
        return lines;
    }

    private static StagePlan.Line line(Hook hook, @Nullable String when, KnownSecrets secrets) {
        String command =
                hook.notKnown() != null ? "(unknown: %s)".formatted(hook.notKnown()) : HookCommand.of(hook, secrets);
        String condition = when != null ? when : hook.runOnError() ? "also when something has failed" : null;
        return new StagePlan.Line(
                hook.kind().block() + " " + hook.name(),
                condition == null ? command : command + "  (" + condition + ")");
    }
}
