package dev.talosforge.cli.text;

import dev.talosforge.engine.Event;
import dev.talosforge.engine.Events;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a stage can do: another program runs it, which has inputs and an environment, but neither a tree nor
 * options.
 */
public final class RequestRemedies {
    private RequestRemedies() {}

    /** The same problems, with remedies that this caller has. */
    public static List<Problem> of(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.trying(of(problem.remedy())))
                .toList();
    }

    /** Receives events for other ones. */
    public static Events over(Events events) {
        return event -> events.on(
                event instanceof Event.Noticed(var unit, var level, var text, var remedy)
                        ? new Event.Noticed(unit, level, text, of(remedy))
                        : event);
    }

    static @Nullable Remedy of(@Nullable Remedy remedy) {
        return remedy == null ? null : remedy.mapped(RequestRemedies::way);
    }

    private static @Nullable Remedy way(Remedy remedy) {
        return switch (remedy) {
            // The others work on a tree.
            case Remedy.Command command ->
                command.verb() == Verb.TAGS || command.verb() == Verb.INSPECT ? command : null;
            case Remedy.Give(RunOption option, String value) ->
                switch (option) {
                    case STORE -> new Remedy.Export("TALOS_FORGE_STORE", value);
                    case HEAP -> new Remedy.Export("TALOS_FORGE_HEAP", value);
                    case STACK -> new Remedy.Export("TALOS_FORGE_JAVA_OPTS", "-Xss" + value);
                    case OVERWRITE_TAG -> new Remedy.Text("send the record of the apply that published it");
                    default -> null;
                };
            default -> remedy;
        };
    }
}
