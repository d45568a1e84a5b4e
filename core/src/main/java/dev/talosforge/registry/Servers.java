package dev.talosforge.registry;

import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the servers of a registry's name, and reports why those could not help. */
final class Servers {
    private final RegistrySettings settings;

    Servers(RegistrySettings settings) {
        this.settings = settings;
    }

    interface Work<T> {
        T on(Line line) throws IOException, InterruptedException;
    }

    /** Works on the one server that accepts pushes. */
    <T> T pushing(String what, ImageReference target, Work<T> work) throws InterruptedException {
        List<Endpoint> endpoints = settings.endpoints(target, true);
        if (endpoints.isEmpty()) {
            throw nowhere(what, target);
        }
        Endpoint endpoint = endpoints.getFirst();
        try {
            return work.on(new Line(endpoint, target.registry(), Scope.push(endpoint, target.repository())));
        } catch (IOException e) {
            throw RegistryErrors.failed(what, endpoint, e);
        }
    }

    interface Question<T> {
        @Nullable
        T ask(Line line) throws IOException, InterruptedException;
    }

    /** Asks the servers in order until one can help; if none can, reports all their reasons. */
    <T> @Nullable T pulling(String what, ImageReference reference, Question<T> question) throws InterruptedException {
        List<Endpoint> endpoints = settings.endpoints(reference, false);
        if (endpoints.isEmpty()) {
            throw nowhere(what, reference);
        }
        List<Problem> problems = new ArrayList<>();
        Throwable last = null;
        for (Endpoint endpoint : endpoints) {
            Line line = new Line(endpoint, reference.registry(), Scope.pull(endpoint, reference.repository()));
            try {
                T answer = question.ask(line);
                if (answer != null) {
                    return answer;
                }
            } catch (BuildException e) {
                problems.addAll(e.problems());
                last = e;
            } catch (IOException e) {
                BuildException explained = RegistryErrors.failed(what, endpoint, e);
                problems.addAll(explained.problems());
                last = explained;
            }
        }
        if (problems.isEmpty()) {
            return null;
        }
        throw new BuildException(problems, last);
    }

    <T> T found(String what, ImageReference reference, Question<T> question) throws InterruptedException {
        return Objects.requireNonNull(pulling(what, reference, question));
    }

    static BuildException nowhere(String what, ImageReference reference) {
        return new BuildException(Problem.failed(Kind.INVALID_INPUT, what)
                .because("no endpoint of the registry settings for %s allows it".formatted(reference.registry())));
    }
}
