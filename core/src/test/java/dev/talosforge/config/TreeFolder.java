package dev.talosforge.config;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.config.hcl.value.ValueText;
import dev.talosforge.config.terragrunt.run.FileContext;
import dev.talosforge.config.unit.EvaluationSettings;
import dev.talosforge.config.unit.Unit;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Where;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A tree that a test writes file by file. */
public record TreeFolder(Path root) {
    public static TreeFolder in(Path folder) {
        try {
            return new TreeFolder(folder.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public TreeFolder file(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(FileContext.parent(file));
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Workspace open() {
        return Workspace.open(root, EvaluationSettings.validating(Map.of("HOME", "/home/ada", "STAGE", "test")));
    }

    public Unit unit(String name) {
        return open().evaluate(root.resolve(name));
    }

    /** An input as JSON. */
    public String input(String unit, String name) {
        Value value = unit(unit).inputs().get(name);
        return value == null ? "missing" : ValueText.json(value);
    }

    /** All problems of a unit, one a line, without the tree's own path. */
    public String problems(Workspace workspace, String unit) {
        try {
            workspace.evaluate(root.resolve(unit));
            return "none";
        } catch (BuildException e) {
            return shown(e.problems());
        }
    }

    public String problems(String unit) {
        return problems(open(), unit);
    }

    public String shown(List<Problem> problems) {
        StringBuilder out = new StringBuilder();
        for (Problem problem : problems) {
            if (problem.where() instanceof Where.Source(Path file, int line, int column, int length, String _)) {
                out.append("%s:%d:%d+%d ".formatted(root.relativize(file), line, column, length));
            }
            out.append(problem.what()).append(": ").append(problem.why());
            out.append(problem.remedy() == null ? "" : " | " + problem.remedy()).append('\n');
        }
        return out.toString().replace(root.toString(), "ROOT").stripTrailing();
    }
}
