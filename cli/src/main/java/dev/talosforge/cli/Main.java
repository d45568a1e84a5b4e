package dev.talosforge.cli;

import dev.talosforge.cli.session.OpenTransports;
import dev.talosforge.cli.session.ProcessEnvironment;
import dev.talosforge.cli.session.ProgramVersion;
import dev.talosforge.cli.session.StandardInput;
import dev.talosforge.cli.text.PlainPrintStream;
import dev.talosforge.cli.text.ProblemGroups;
import dev.talosforge.cli.text.ProblemText;
import dev.talosforge.cli.text.ResultStream;
import dev.talosforge.cli.text.UserLocale;
import dev.talosforge.cli.words.TerragruntAliases;
import dev.talosforge.cli.words.UnknownWord;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command line: parses, runs one command, reports problems, and exits with a code of docs/cli.md. */
public final class Main {
    private static final int BUG = 1;
    private static final int BAD_USAGE = 2;

    /** How long an interrupted run may take to remove its incomplete files. */
    private static final int UNWIND_SECONDS = 10;

    private Main() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // numbers in messages and events look the same on every machine
        ResultStream results = new ResultStream(new FileOutputStream(FileDescriptor.out));
        PrintStream out = new PrintStream(results, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> failed(err, e));
        CountDownLatch ended = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (ended.getCount() > 0) {
                main.interrupt();
                try {
                    if (!ended.await(UNWIND_SECONDS, TimeUnit.SECONDS)) {
                        err.println("interrupted; temporary files may be left behind");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }));
        int code;
        try {
            SortedMap<String, String> environment = UserLocale.environment(System.getenv());
            Problem unread = UserLocale.problem(
                    args, environment, Path.of("").toAbsolutePath().toString());
            ResultStream.Verdict verdict = results.verdict(
                    unread == null
                            ? run(
                                    args,
                                    new ProcessEnvironment(
                                            StandardInput.ofProcess(),
                                            out,
                                            err,
                                            environment,
                                            isTerminal(),
                                            new OpenTransports()))
                            : refused(err, unread));
            if (verdict.problem() != null) {
                err.print(ProblemText.render(verdict.problem()));
            }
            code = verdict.code();
        } finally {
            ended.countDown();
        }
        System.exit(code);
    }

    private static int refused(PrintStream err, Problem problem) {
        PlainPrintStream.over(err).print(ProblemText.render(problem));
        return ProblemText.exitCode(problem.kind());
    }

    @SuppressWarnings("SystemConsoleNull") // the annotated JDK still marks it as nullable
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    /** Runs one command and returns its exit code. Called by {@link #main} and by tests. */
    public static int run(String[] args, ProcessEnvironment process) {
        if (args.length == 1 && args[0].equals("--version")) {
            process.out().println(ProgramVersion.text()); // without building the tree of commands
            return 0;
        }
        try (OpenTransports _ = process.opened()) {
            return commands(args, process).execute(TerragruntAliases.translate(args));
        } catch (BuildException e) {
            return failed(process.err(), e); // An unusable option, or an unusable lab.
        } catch (VirtualMachineError e) {
            return failed(process.err(), e); // out of memory or stack, anywhere
        }
    }

    private static CommandLine commands(String[] args, ProcessEnvironment process) {
        CommandLine line = Commands.build(process, List.of(args));
        line.setParameterExceptionHandler((e, arguments) -> badUsage(process.err(), e));
        line.setExecutionStrategy(parsed -> {
            UnknownWord.refuse(parsed);
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(process.err(), e));
        return line;
    }

    private static int badUsage(PrintStream err, ParameterException e) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName(" ");
        String remedy = "run: " + name + " --help";
        String why = String.valueOf(e.getMessage());
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            Problem foreignCommand = UnknownWord.foreignCommand(unmatched);
            if (foreignCommand != null) {
                err.print(ProblemText.render(foreignCommand));
                return BAD_USAGE;
            }
            String suggestion = UnknownWord.suggestion(unmatched);
            why = UnknownWord.why(unmatched);
            remedy = suggestion == null ? remedy : "did you mean " + suggestion + "?  " + remedy;
        }
        err.print(ProblemText.render(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot understand the command line")
                .because(why)
                .trying(remedy)));
        return BAD_USAGE;
    }

    private static int failed(PrintStream err, Throwable e) {
        if (Failures.interrupted(e)) {
            err.println("interrupted: nothing was left half done");
            return ProblemText.INTERRUPTED;
        }
        List<Problem> problems = Failures.problems(e);
        if (!problems.isEmpty()) {
            new ProblemGroups().render(problems).forEach(err::print);
            return ProblemText.exitCode(problems.getFirst().kind());
        }
        err.println("error: a bug in talos-forge: " + e);
        err.println("  try:   report it with the lines below; check them for secrets first");
        e.printStackTrace(err);
        return BUG;
    }
}
