package dev.talosforge.state;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Terraform's {@code local} backend keeps a state. {@code path} applies to the workspace {@code default} only:
 * every other workspace has a {@code terraform.tfstate} in a folder with its name in {@code workspace_dir}.
 */
public final class StatePlace {
    public static final String DEFAULT_WORKSPACE = "default";

    private static final String FILE_NAME = "terraform.tfstate";
    private static final String WORKSPACES = "terraform.tfstate.d";
    private static final int MAX_NAME = 90;

    /** Characters that are unescaped in one segment of a URL: Terraform's own rule. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.~$&+=:@-]+");

    private StatePlace() {}

    /**
     * The state of a unit.
     *
     * @param unit the unit's folder, the base of relative paths
     * @param path of the backend's configuration; null for {@code terraform.tfstate}
     * @param workspaceDir of the backend's configuration; null for {@code terraform.tfstate.d}
     * @param workspace a name, {@link #DEFAULT_WORKSPACE} for none
     */
    public static Path of(Path unit, @Nullable String path, @Nullable String workspaceDir, String workspace) {
        if (workspace.equals(DEFAULT_WORKSPACE)) {
            return below(unit, "path", path == null ? FILE_NAME : path);
        }
        if (workspace.length() > MAX_NAME
                || !NAME.matcher(workspace).matches()
                || workspace.equals(".")
                || workspace.equals("..")) {
            throw invalid(
                    "cannot use the workspace \"%s\"".formatted(shown(workspace)),
                    "use 1 to %d letters, digits and _ . ~ $ & + = : @ - for a name other than . and .."
                            .formatted(MAX_NAME),
                    "select another workspace, or none");
        }
        return below(unit, "workspace_dir", workspaceDir == null ? WORKSPACES : workspaceDir)
                .resolve(workspace)
                .resolve(FILE_NAME);
    }

    /**
     * The selected workspace: from the variable {@code TF_WORKSPACE}, otherwise from the file {@code environment} of
     * the data folder, which {@code terraform workspace select} writes.
     *
     * @param variable null if it is not set
     * @param data {@code .terraform} of the unit, or the folder in {@code TF_DATA_DIR}
     */
    public static String selected(@Nullable String variable, Path data) throws IOException {
        if (variable != null && !variable.isEmpty()) {
            return variable;
        }
        Path file = data.resolve("environment");
        try {
            String name =
                    new String(ByteSource.of(file).readAll(file.toString(), 1 << 10), StandardCharsets.UTF_8).strip();
            return name.isEmpty() ? DEFAULT_WORKSPACE : name;
        } catch (NoSuchFileException e) {
            return DEFAULT_WORKSPACE;
        } catch (FormatException e) {
            throw invalid(
                    "cannot read the workspace from " + data,
                    String.valueOf(e.getMessage()),
                    "select it again: terraform workspace select NAME");
        }
    }

    private static Path below(Path unit, String argument, String path) {
        String what = "cannot place the state of " + unit;
        String remedy = "set %s of the backend \"local\" to a path, or leave it out".formatted(argument);
        if (path.isEmpty()) {
            throw invalid(what, "%s of the backend \"local\" is empty".formatted(argument), remedy);
        }
        try {
            return unit.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw invalid(
                    what, "%s of the backend \"local\" is not a path: %s".formatted(argument, e.getReason()), remedy);
        }
    }

    private static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > MAX_NAME ? clean.substring(0, MAX_NAME) + "…" : clean;
    }

    private static BuildException invalid(String what, String why, String remedy) {
        return new BuildException(
                Problem.failed(Problem.Kind.INVALID_INPUT, what).because(why).trying(remedy));
    }
}
