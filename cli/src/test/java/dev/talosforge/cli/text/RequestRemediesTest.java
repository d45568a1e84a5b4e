package dev.talosforge.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.engine.Event;
import dev.talosforge.engine.Events;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestRemediesTest {
    private static String of(Remedy remedy) {
        Remedy left = RequestRemedies.of(remedy);
        assertNotNull(left);
        return RemedyText.of(left);
    }

    private static Remedy prune() {
        return Remedy.sentence("free space: ", Remedy.command(Verb.PRUNE).or("pvesm list a"));
    }

    @Test
    void aWayThatNeedsATreeIsLeftOut() {
        assertEquals("free space: talos-forge prune, or pvesm list a", RemedyText.of(prune()));
        assertEquals("free space: pvesm list a", of(prune()));
    }

    @Test
    void anInstructionGoesWithACommandThatItNeeds() {
        assertNull(RequestRemedies.of(Remedy.sentence("run: ", Remedy.command(Verb.LOCK))));
        assertNull(RequestRemedies.of(Remedy.command(Verb.PLAN).or(Remedy.give(RunOption.LOCKED))));
        assertNull(RequestRemedies.of((Remedy) null));
    }

    @Test
    void whatNeedsNoTreeStays() {
        assertEquals(
                "list them: talos-forge tags a/b",
                of(Remedy.sentence("list them: ", Remedy.command(Verb.TAGS, "a/b"))));
        assertEquals("apt-get install bubblewrap", of(new Remedy.Install("bubblewrap")));
        assertEquals("check the disk", of(new Remedy.Text("check the disk")));
    }

    @Test
    void optionsAreVariablesOrMembersOfTheRequest() {
        assertEquals(
                "use another: export TALOS_FORGE_STORE=DIR",
                of(Remedy.sentence(
                        "use another: ",
                        Remedy.give(RunOption.STORE, "DIR").or(new Remedy.Export("TALOS_FORGE_STORE", "DIR")))));
        assertEquals("export TALOS_FORGE_HEAP=2g", of(Remedy.give(RunOption.HEAP, "2g")));
        assertEquals("export TALOS_FORGE_JAVA_OPTS=-Xss16m", of(Remedy.give(RunOption.STACK, "16m")));
        assertEquals(
                "overwrite_tag = true, or send the record of the apply that published it",
                of(new Remedy.Text("overwrite_tag = true").or(Remedy.give(RunOption.OVERWRITE_TAG))));
    }

    @Test
    void problemsAndNoticesKeepTheRest() {
        Problem problem = Problem.failed(Problem.Kind.REFUSED, "cannot store a").because("it is full");
        assertEquals(
                List.of(problem.trying("free space: pvesm list a").toString()),
                RequestRemedies.of(List.of(problem.trying(prune()))).stream()
                        .map(Problem::toString)
                        .toList());
        List<Event> seen = new ArrayList<>();
        Events events = RequestRemedies.over(seen::add);
        events.started("unit", "step");
        events.warning("unit", "a remains", Remedy.sentence("or run: ", Remedy.command(Verb.PRUNE)));
        assertEquals(
                List.of(
                        new Event.StepStarted("unit", "step"),
                        new Event.Noticed("unit", Event.Level.WARNING, "a remains", null)),
                seen);
    }
}
