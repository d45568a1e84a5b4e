package dev.talosforge.config.terragrunt.functions;

import dev.talosforge.config.hcl.eval.Arguments;
import dev.talosforge.config.hcl.eval.Function;
import dev.talosforge.config.hcl.eval.FunctionSet;
import dev.talosforge.config.hcl.syntax.Range;
import dev.talosforge.config.hcl.value.FunctionFailure;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.terragrunt.run.EvaluationRun;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.unit.UnitFiles;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The functions that Terragrunt adds to the language, for one file: paths, and where values come from. */
public final class TerragruntFunctions {
    private static final int MAX_PARENTS = 100;

    static final FunctionSet<TerragruntFunctions> ALL = all();

    private final EvaluationRun run;
    private final FileContext context;
    private final IncludeFolder included;

    /** The folder that the functions about an include mean, by a call's arguments. */
    public interface IncludeFolder {
        Path of(Arguments arguments);
    }

    TerragruntFunctions(EvaluationRun run, FileContext context, IncludeFolder included) {
        this.run = run;
        this.context = context;
        this.included = included;
    }

    private static FunctionSet<TerragruntFunctions> all() {
        FunctionSet.Builder<TerragruntFunctions> functions = new FunctionSet.Builder<>();
        paths(functions);
        surroundings(functions);
        for (String name : List.of(
                "get_aws_account_alias",
                "get_aws_account_id",
                "get_aws_caller_identity_arn",
                "get_aws_caller_identity_user_id")) {
            unsupported(functions, name, 0, "it would query a cloud, which is not supported");
        }
        for (String name : List.of("timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt")) {
            unsupported(
                    functions,
                    name,
                    Function.ANY_NUMBER,
                    "its result differs from call to call, and the same inputs must give the same images");
        }
        return functions.build();
    }

    /** Whether this matters is decided when the unit is known. */
    private static void unsupported(
            FunctionSet.Builder<TerragruntFunctions> functions, String name, int most, String why) {
        functions.outside(
                name,
                0,
                most,
                (terragrunt, a) -> terragrunt.run.unsupported(Problem.failed(Kind.NOT_SUPPORTED, "cannot call " + name)
                        .because(why)
                        .at(a.range().where())));
    }

    private static void paths(FunctionSet.Builder<TerragruntFunctions> functions) {
        functions
                .outside("find_in_parent_folders", 0, 2, TerragruntFunctions::findInParentFolders)
                .of("path_relative_to_include", 0, 1, (t, a) -> relative(t.included.of(a), t.context.directory()))
                .of("path_relative_from_include", 0, 1, (t, a) -> relative(t.context.directory(), t.included.of(a)))
                .of("get_terragrunt_dir", 0, 0, (t, _) -> path(t.context.directory()))
                .of("abspath(path)", TerragruntFunctions::absolute)
                .of("get_working_dir", 0, 0, (t, _) -> path(t.context.directory()))
                .of("get_parent_terragrunt_dir", 0, 1, (t, a) -> path(t.included.of(a)))
                .of("get_original_terragrunt_dir", 0, 0, (t, _) -> {
                    t.run.dependsOnTheOriginal();
                    return path(t.context.original());
                })
                .outside("get_repo_root", 0, 0, (t, _) -> path(t.repositoryRoot()))
                .outside("get_path_to_repo_root", 0, 0, (t, _) -> relative(t.context.directory(), t.repositoryRoot()))
                .outside(
                        "get_path_from_repo_root", 0, 0, (t, _) -> relative(t.repositoryRoot(), t.context.directory()));
    }

    private static void surroundings(FunctionSet.Builder<TerragruntFunctions> functions) {
        functions
                .of("get_env", 1, 2, TerragruntFunctions::environment)
                .of("get_platform", 0, 0, (_, _) -> Value.of(platform(System.getProperty("os.name", "linux"))))
                .of("get_terraform_command", 0, 0, (t, _) -> Value.of(t.command()))
                .of("get_terraform_cli_args", 0, 0, (t, _) -> Value.listOfTexts(List.of(t.command())))
                .of("get_terragrunt_source_cli_flag", 0, 0, (_, _) -> Value.of(""));
    }

    private String command() {
        return run.settings().command();
    }

    private static String platform(String system) {
        String lower = system.toLowerCase(Locale.ROOT);
        return lower.startsWith("mac") ? "darwin" : lower.startsWith("windows") ? "windows" : lower;
    }

    private static Value path(Path path) {
        return Value.of(EvaluationRun.slashed(path));
    }

    private static Value relative(Path from, Path to) {
        String relative = EvaluationRun.slashed(from.relativize(to));
        return Value.of(relative.isEmpty() ? "." : relative);
    }

    /** A path that is written as text at {@code at}. */
    public static Path path(Path directory, String text, Range at) {
        try {
            return directory.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw at.problem("cannot use this path", "it is not a path: " + e.getReason(), null);
        }
    }

    /** Relative to the folder in which the program runs, not to the file's as for functions that read files. */
    private Value absolute(Arguments arguments) {
        try {
            Path path = Path.of(arguments.text(0));
            if (path.isAbsolute()) {
                return path(path.normalize());
            }
            run.dependsOnTheOriginal();
            return path(context.original().resolve(path).normalize());
        } catch (InvalidPathException e) {
            throw arguments.failure(0, "it is not a path: " + e.getReason());
        }
    }

    private Value findInParentFolders(Arguments arguments) {
        String wanted = arguments.size() == 0 ? "" : arguments.text(0);
        Path folder = context.directory().getParent();
        for (int i = 0; i < MAX_PARENTS && folder != null; i++, folder = folder.getParent()) {
            try {
                // As one path: an absolute one has no meaning here.
                Path candidate = wanted.isEmpty() ? run.seen().unitFile(folder) : Path.of(folder + "/" + wanted);
                if (run.seen().exists(candidate)) {
                    return path(candidate.normalize());
                }
            } catch (InvalidPathException e) {
                throw arguments.failure(0, "it is not a path: " + e.getReason());
            }
        }
        if (arguments.size() == 2) {
            return Value.of(arguments.text(1));
        }
        throw arguments.failure("there is no \"%s\" in any folder above %s"
                .formatted(
                        wanted.isEmpty() ? UnitFiles.FILE_NAME : wanted, EvaluationRun.slashed(context.directory())));
    }

    private Path repositoryRoot() {
        Path found = EvaluationRun.repositoryRoot(context.directory());
        if (found == null) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    -1,
                    "no folder above %s contains .git".formatted(EvaluationRun.slashed(context.directory())),
                    "run: git init");
        }
        return found;
    }

    private Value environment(Arguments arguments) {
        String name = arguments.text(0);
        if (name.isEmpty()) {
            throw arguments.failure(0, "the name of the variable is empty");
        }
        String found = run.settings().environment().get(name);
        if (found != null) {
            return Value.of(found);
        }
        if (arguments.size() == 2) {
            return Value.of(arguments.text(1));
        }
        throw new FunctionFailure(
                Kind.INVALID_INPUT,
                0,
                "the environment variable %s is not set".formatted(name),
                "run: export %s=…".formatted(name));
    }
}
