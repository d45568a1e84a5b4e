package dev.talosforge.cli.command.tree;

import dev.talosforge.cli.words.BadOption;
import dev.talosforge.cli.words.ForeignWords;
import dev.talosforge.cli.words.TerragruntVariables;
import dev.talosforge.engine.Graph.OnFailure;
import dev.talosforge.pipeline.run.RunQueue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which units run, and how: the options of Terragrunt's queue. */
public final class QueueOptions {
    private static final int USUAL = 2;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "How many units to run at the same time; default: 2.")
    @Nullable
    Integer parallelism;

    @Option(names = "--fail-fast", description = "Start no further units once one has failed.")
    boolean failFast;

    @Option(names = "--queue-ignore-errors", description = "Run a unit even if one of its dependencies has failed.")
    boolean ignoreErrors;

    @Option(
            names = "--queue-include-dir",
            paramLabel = "DIR",
            description =
                    "Run only this unit, the units below this folder, or a glob, and their dependencies. May be repeated.")
    List<String> include = new ArrayList<>();

    @Option(names = "--queue-strict-include", description = "Do not run the dependencies of included units.")
    boolean strictInclude;

    @Option(
            names = "--queue-exclude-dir",
            paramLabel = "DIR",
            description = "Do not run this unit, the units below this folder, or a glob. May be repeated.")
    List<String> exclude = new ArrayList<>();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the result of each unit to this file, as JSON.")
    @Nullable
    Path report;

    @Option(names = "--detailed-exitcode", description = "With plan: exit with 2 if applying would change something.")
    boolean detailed;

    /** Reads options that are not given from the same variables as Terragrunt. */
    void complete(SortedMap<String, String> environment) {
        ForeignWords.check(environment);
        TerragruntVariables variables = new TerragruntVariables(environment);
        parallelism = parallelism == null ? variables.number("PARALLELISM") : parallelism;
        failFast |= variables.is("FAIL_FAST");
        ignoreErrors |= variables.is("QUEUE_IGNORE_ERRORS");
        strictInclude |= variables.is("QUEUE_STRICT_INCLUDE");
        include = include.isEmpty() ? variables.list("QUEUE_INCLUDE_DIR") : include;
        exclude = exclude.isEmpty() ? variables.list("QUEUE_EXCLUDE_DIR") : exclude;
        String file = variables.text("REPORT_FILE");
        report = report == null && file != null ? Path.of(file) : report;
    }

    RunQueue queue() {
        int atATime = parallelism == null ? USUAL : parallelism;
        if (atATime < 1) {
            throw BadOption.invalid(
                    "cannot run %d units at the same time".formatted(atATime), "--parallelism must be at least 1");
        }
        if (failFast && ignoreErrors) {
            throw BadOption.invalid(
                    "cannot use --fail-fast with --queue-ignore-errors",
                    "one stops at the first failure, the other continues");
        }
        return new RunQueue(
                atATime,
                failFast ? OnFailure.STOP : ignoreErrors ? OnFailure.CARRY_ON : OnFailure.SKIP_DEPENDENTS,
                include,
                exclude,
                strictInclude);
    }
}
