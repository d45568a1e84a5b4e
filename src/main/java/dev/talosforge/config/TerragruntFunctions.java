package dev.talosforge.config;

import dev.talosforge.config.hcl.Arguments;
import dev.talosforge.config.hcl.Function;
import dev.talosforge.config.hcl.FunctionFailure;
import dev.talosforge.config.hcl.Value;
import dev.talosforge.problem.Problem.Kind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What Terragrunt adds to the functions of the language, for one file. */
final class TerragruntFunctions {
    private static final int MAX_PARENTS = 100;

    private final Run run;
    private final FileEvaluation file;
    private final Context context;

    TerragruntFunctions(Run run, FileEvaluation file, Context context) {
        this.run = run;
        this.file = file;
        this.context = context;
    }

    List<Function> all() {
        List<Function> functions = new ArrayList<>(paths());
        functions.addAll(files());
        functions.addAll(commands());
        for (String name : List.of(
                "get_aws_account_alias",
                "get_aws_account_id",
                "get_aws_caller_identity_arn",
                "get_aws_caller_identity_user_id")) {
            functions.add(Function.outside(name, 0, 0, _ -> {
                throw new FunctionFailure(Kind.NOT_SUPPORTED, -1, "it would ask a cloud; this is not supported", null);
            }));
        }
        return functions;
    }

    private List<Function> paths() {
        return List.of(
                Function.outside("find_in_parent_folders", 0, 2, this::findInParentFolders),
                Function.of("path_relative_to_include", 0, 1, a -> relative(includeDirectory(a), context.directory())),
                Function.of(
                        "path_relative_from_include", 0, 1, a -> relative(context.directory(), includeDirectory(a))),
                Function.of("get_terragrunt_dir", 0, 0, _ -> path(context.directory())),
                Function.of("get_working_dir", 0, 0, _ -> path(context.directory())),
                Function.of("get_parent_terragrunt_dir", 0, 1, a -> path(includeDirectory(a))),
                Function.of("get_original_terragrunt_dir", 0, 0, _ -> {
                    run.dependsOnTheOriginal();
                    return path(context.original());
                }),
                Function.outside("get_repo_root", 0, 0, _ -> path(repositoryRoot())),
                Function.outside("get_path_to_repo_root", 0, 0, _ -> relative(context.directory(), repositoryRoot())),
                Function.outside(
                        "get_path_from_repo_root", 0, 0, _ -> relative(repositoryRoot(), context.directory())));
    }

    private List<Function> files() {
        return List.of(
                Function.outside("read_terragrunt_config", 1, 2, this::readConfig),
                Function.outside("mark_as_read", 1, 1, a -> Value.of(a.text(0))),
                Function.outside("mark_glob_as_read", 1, 1, _ -> Value.tuple(List.of())),
                Function.outside("run_cmd", 1, Function.ANY_NUMBER, this::runCommand),
                Function.outside("sops_decrypt_file", 1, 1, a -> {
                    Path secret = resolved(a, 0);
                    if (!Files.isRegularFile(secret)) {
                        throw a.failure(0, "there is no file " + run.shown(secret));
                    }
                    String plain = run.output(List.of("sops", "--decrypt", secret.toString()), context.directory());
                    return plain == null ? Value.unknown() : Value.of(plain);
                }));
    }

    private List<Function> commands() {
        return List.of(
                Function.of("get_env", 1, 2, this::environment),
                Function.of("get_platform", 0, 0, _ -> Value.of(platform(System.getProperty("os.name", "linux")))),
                Function.of(
                        "get_terraform_command",
                        0,
                        0,
                        _ -> Value.of(run.settings().command())),
                Function.of(
                        "get_terraform_cli_args",
                        0,
                        0,
                        _ -> Value.listOfTexts(List.of(run.settings().command()))),
                texts(
                        "get_terraform_commands_that_need_vars",
                        "apply",
                        "console",
                        "destroy",
                        "import",
                        "plan",
                        "push",
                        "refresh"),
                texts("get_terraform_commands_that_need_input", "apply", "import", "init", "plan", "refresh"),
                texts(
                        "get_terraform_commands_that_need_locking",
                        "apply",
                        "destroy",
                        "import",
                        "init",
                        "plan",
                        "refresh",
                        "taint",
                        "untaint"),
                texts("get_terraform_commands_that_need_parallelism", "apply", "plan", "destroy"),
                texts("get_default_retryable_errors", "(?s).*timeout.*", "(?s).*connection reset by peer.*"));
    }

    private static Function texts(String name, String... texts) {
        Value list = Value.listOfTexts(List.of(texts));
        return Function.of(name, 0, 0, _ -> list);
    }

    private static String platform(String system) {
        String lower = system.toLowerCase(Locale.ROOT);
        return lower.startsWith("mac") ? "darwin" : lower.startsWith("windows") ? "windows" : lower;
    }

    private static Value path(Path path) {
        return Value.of(Run.slashed(path));
    }

    private static Value relative(Path from, Path to) {
        String relative = Run.slashed(from.relativize(to));
        return Value.of(relative.isEmpty() ? "." : relative);
    }

    /** A path that is given as text, from the unit's folder. */
    private Path resolved(Arguments arguments, int index) {
        try {
            return context.directory().resolve(arguments.text(index)).normalize();
        } catch (InvalidPathException e) {
            throw arguments.failure(index, "it is not a path: " + e.getReason());
        }
    }

    private Value findInParentFolders(Arguments arguments) {
        String wanted = arguments.size() == 0 ? Workspace.FILE_NAME : arguments.text(0);
        Path folder = context.directory().getParent();
        for (int i = 0; i < MAX_PARENTS && folder != null; i++, folder = folder.getParent()) {
            try {
                Path candidate = folder.resolve(wanted);
                if (Files.exists(candidate)) {
                    return path(candidate.normalize());
                }
            } catch (InvalidPathException e) {
                throw arguments.failure(0, "it is not a path: " + e.getReason());
            }
        }
        if (arguments.size() == 2) {
            return Value.of(arguments.text(1));
        }
        throw arguments.failure(
                "there is no \"%s\" in any folder above %s".formatted(wanted, Run.slashed(context.directory())));
    }

    private Path includeDirectory(Arguments arguments) {
        return file.includeDirectory(arguments);
    }

    private Path repositoryRoot() {
        Path found = Run.repositoryRoot(context.directory());
        if (found == null) {
            throw new FunctionFailure(
                    Kind.INVALID_INPUT,
                    -1,
                    "no folder above %s holds .git".formatted(Run.slashed(context.directory())),
                    "run: git init");
        }
        return found;
    }

    private Value readConfig(Arguments arguments) {
        Path wanted = resolved(arguments, 0);
        Path other = Files.isDirectory(wanted) ? wanted.resolve(Workspace.FILE_NAME) : wanted;
        if (!Files.isRegularFile(other)) {
            if (arguments.size() == 2) {
                return arguments.value(1);
            }
            throw arguments.failure(0, "there is no file " + run.shown(other));
        }
        if (other.endsWith("terragrunt.stack.hcl")) {
            throw new FunctionFailure(Kind.NOT_SUPPORTED, 0, "stacks are not supported", null);
        }
        return run.read(
                other,
                arguments.range(),
                () -> new FileEvaluation(run, context.reading(other)).whole(arguments.range()));
    }

    private Value environment(Arguments arguments) {
        String name = arguments.text(0);
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

    /** Options come first and say only how Terragrunt would show and keep the output. */
    private Value runCommand(Arguments arguments) {
        List<String> command = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String part = arguments.text(i);
            if (!command.isEmpty() || !part.startsWith("--terragrunt-")) {
                command.add(part);
            }
        }
        if (command.isEmpty()) {
            throw arguments.failure("there is no program to run");
        }
        String written = run.output(command, context.directory());
        return written == null ? Value.unknown() : Value.of(written.stripTrailing());
    }
}
