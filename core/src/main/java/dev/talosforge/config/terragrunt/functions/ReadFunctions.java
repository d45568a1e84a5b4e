package dev.talosforge.config.terragrunt.functions;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.eval.FunctionSet;
import dev.talosforge.config.hcl.eval.FunctionTable;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.config.terragrunt.block.ParsedFiles;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.terragrunt.run.SeenFiles;
import dev.talosforge.config.terragrunt.run.Stack;
import dev.talosforge.config.text.DiskFiles;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.json.JsonReader;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;

/** Terragrunt's functions that read other files or run programs. */
final class ReadFunctions {
    private static final String BOUNDARY = "--terragrunt-boundary";
    private static final List<String> OPTIONS =
            List.of("--terragrunt-quiet", "--terragrunt-global-cache", "--terragrunt-no-cache");

    static final FunctionSet<ReadFunctions> ALL = new FunctionSet.Builder<ReadFunctions>()
            .outside("read_terragrunt_config", 1, 2, ReadFunctions::readConfig)
            .outside("read_tfvars_file", 1, 1, ReadFunctions::readVariables)
            .outside("mark_as_read", 1, 1, (_, a) -> Value.of(a.text(0)))
            .outside("mark_glob_as_read", 1, 3, ReadFunctions::matching)
            .outside("run_cmd", 1, Function.ANY_NUMBER, ReadFunctions::runCommand)
            .outside("sops_decrypt_file", 1, 1, ReadFunctions::decrypt)
            .build();

    private final EvaluationRun run;
    private final FileContext context;

    ReadFunctions(EvaluationRun run, FileContext context) {
        this.run = run;
        this.context = context;
    }

    /** A path that is given as text, relative to the unit's folder. */
    private Path resolved(Arguments arguments, int index) {
        try {
            return context.directory().resolve(arguments.text(index)).normalize();
        } catch (InvalidPathException e) {
            throw arguments.failure(index, "it is not a path: " + e.getReason());
        }
    }

    private Value readConfig(Arguments arguments) {
        Path wanted = resolved(arguments, 0);
        SeenFiles seen = run.seen();
        Path other = seen.isFolder(wanted) ? seen.unitFile(wanted) : wanted;
        boolean values = other.endsWith(StackValues.FILE_NAME);
        if (values ? !hasValues(other, arguments) : !seen.isFile(other)) {
            if (arguments.size() == 2) {
                return arguments.value(1);
            }
            throw arguments.failure(0, "there is no file " + run.shown(other));
        }
        if (other.endsWith(UnitFiles.STACK_FILE_NAME)) {
            return stack(other, arguments);
        }
        return run.read(
                other,
                arguments.range(),
                () -> values ? values(other, arguments) : run.whole(context.reading(other), arguments.range()));
    }

    private boolean hasValues(Path file, Arguments arguments) {
        return StackValues.of(run, FileContext.parent(file), arguments.range()) != null;
    }

    private Value values(Path file, Arguments arguments) {
        Value values = StackValues.of(run, FileContext.parent(file), arguments.range());
        return values == null ? Value.unknown() : values;
    }

    /** The locals of a stack as {@code local}, and its units and stacks by their names. */
    private Value stack(Path file, Arguments arguments) {
        Stack stack = run.seen().stack(FileContext.parent(file));
        if (stack == null) {
            throw arguments.failure(0, "the stack needs itself: " + run.shown(file));
        }
        if (stack.described() == null) {
            throw new BuildException(stack.problems(), null);
        }
        return stack.described();
    }

    /** A variables file as JSON text. Values are constants: neither names nor functions are known in such a file. */
    private Value readVariables(Arguments arguments) {
        Path other = resolved(arguments, 0);
        if (!run.seen().isFile(other)) {
            throw arguments.failure(0, "there is no file " + run.shown(other));
        }
        if (other.toString().endsWith("json")) {
            String text = run.seen().text(other);
            try {
                JsonReader.read(run.shown(other), text.getBytes(StandardCharsets.UTF_8));
            } catch (FormatException e) {
                throw arguments.failure(0, String.valueOf(e.getMessage()));
            }
            return Value.of(text);
        }
        Body body = run.seen().body(other);
        if (!body.blocks().isEmpty()) {
            throw body.blocks()
                    .getFirst()
                    .header()
                    .problem("cannot read a block here", "a variables file contains only attributes", null);
        }
        Evaluator plain = new Evaluator(Scope.empty(), FunctionTable.empty(), run.budget());
        SortedMap<String, Value> members = new TreeMap<>();
        body.attributes().values().forEach(each -> members.put(each.name(), plain.evaluate(each.value())));
        return Value.of(ValueText.json(Value.object(members)));
    }

    /** The files that match a pattern, absolute, in the order of their paths. The mark itself has no effect. */
    private Value matching(Arguments arguments) {
        int at = 0;
        if (arguments.text(0).startsWith(BOUNDARY)) {
            at = arguments.text(0).contains("=") ? 1 : 2;
        }
        if (arguments.size() != at + 1) {
            throw arguments.failure("it takes one pattern");
        }
        String pattern = arguments.text(at);
        String absolute = pattern.startsWith("/")
                ? pattern
                : EvaluationRun.slashed(context.directory()) + "/"
                        + (pattern.startsWith("./") ? pattern.substring(2) : pattern);
        int wild = firstWild(absolute);
        try {
            Path from = Path.of(absolute.substring(0, absolute.lastIndexOf('/', wild) + 1))
                    .normalize();
            if (from.getNameCount() == 0) {
                throw arguments.failure(at, "it would search the whole file system");
            }
            String rest = absolute.substring(absolute.lastIndexOf('/', wild) + 1);
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
            List<Value> files = new ArrayList<>();
            for (Path file : new DiskFiles(run.seen()::onDisk).files(from)) {
                if (matcher.matches(file)) {
                    files.add(Value.of(EvaluationRun.slashed(from.resolve(file))));
                }
            }
            return Value.list(files);
        } catch (InvalidPathException | PatternSyntaxException e) {
            throw arguments.failure(at, "it is not a pattern: " + e.getMessage());
        } catch (IOException e) {
            throw new FunctionFailure(Kind.ENVIRONMENT, at, ParsedFiles.why(e), null);
        }
    }

    private static int firstWild(String pattern) {
        int first = 0;
        while (first < pattern.length() && "*?[{\\".indexOf(pattern.charAt(first)) < 0) {
            first++;
        }
        return Math.min(first, pattern.length() - 1);
    }

    private Value decrypt(Arguments arguments) {
        Path secret = run.seen().onDisk(resolved(arguments, 0));
        if (!Files.isRegularFile(secret)) {
            throw arguments.failure(0, "there is no file " + run.shown(secret));
        }
        String plain = run.output(
                List.of("sops", "--decrypt", secret.toString()),
                run.seen().onDisk(context.directory()),
                EvaluationRun.Repetition.ONCE_FOR_EACH_FOLDER);
        return plain == null ? Value.unknown() : Value.of(plain);
    }

    /** Options come first and determine how the output is shown and kept. */
    private Value runCommand(Arguments arguments) {
        List<String> command = new ArrayList<>();
        EvaluationRun.Repetition repetition = EvaluationRun.Repetition.ONCE_FOR_EACH_FOLDER;
        for (int i = 0; i < arguments.size(); i++) {
            String part = arguments.text(i);
            if (!command.isEmpty() || !part.startsWith("--terragrunt-")) {
                command.add(part);
                continue;
            }
            if (!OPTIONS.contains(part)) {
                throw new FunctionFailure(
                        Kind.INVALID_INPUT,
                        i,
                        "the options are " + String.join(", ", OPTIONS),
                        NearestName.suggestion(part, OPTIONS));
            }
            if (!part.equals("--terragrunt-quiet")) {
                if (repetition != EvaluationRun.Repetition.ONCE_FOR_EACH_FOLDER) {
                    throw arguments.failure(i, "its output is kept either for all folders or not at all");
                }
                repetition = part.equals("--terragrunt-no-cache")
                        ? EvaluationRun.Repetition.EACH_TIME
                        : EvaluationRun.Repetition.ONCE;
            }
        }
        if (command.isEmpty()) {
            throw arguments.failure("there is no program to run");
        }
        String written = run.output(command, run.seen().onDisk(context.directory()), repetition);
        if (written == null) {
            return Value.unknown();
        }
        return Value.of(written.endsWith("\n") ? written.substring(0, written.length() - 1) : written);
    }
}
