package dev.talosforge.pipeline.lock;

import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.pin.LockFile;
import dev.talosforge.pipeline.pin.LockFile.Match;
import dev.talosforge.pipeline.pin.LockKey;
import dev.talosforge.pipeline.pin.Pin;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares a lock with its tree and with the registries as they are now. */
record LockCheck(BuildContext context, LockedTree tree, LockFile lock) {
    /** First what moved or vanished, then where lock and tree differ, then what could not be checked. */
    List<Problem> problems() throws Exception {
        SortedMap<LockKey, Pin> pins = new TreeMap<>();
        List<Problem> differing = new ArrayList<>();
        for (LockKey key : tree.references()) {
            switch (lock.find(key)) {
                case Match.Same(Pin pin) -> pins.put(key, pin);
                case Match.Other(Pin pin) -> differing.add(other(key, pin));
                case Match.Missing _ -> differing.add(missing(key));
            }
        }
        RegistryLookup lookup = new RegistryLookup(context);
        SortedMap<LockKey, ImageReference> there = lookup.there(pins);
        SortedSet<LockKey> answered = new TreeSet<>(pins.keySet());
        answered.removeAll(lookup.failed()); // a registry that did not answer is not asked again
        SortedMap<LockKey, ImageReference> now = lookup.now(answered);
        List<Problem> problems = new ArrayList<>();
        pins.keySet().removeAll(lookup.failed());
        pins.forEach((key, pin) -> {
            String why = gone(key, pin, now.get(key), there.containsKey(key));
            if (why != null) {
                problems.add(gone(key, why));
            }
        });
        problems.addAll(differing);
        problems.addAll(lookup.problems());
        return problems;
    }

    /** Null if everything is as it was locked. */
    private static @Nullable String gone(LockKey key, Pin pin, @Nullable ImageReference now, boolean there) {
        String old = pin.text(key);
        if (now == null) {
            return there ? "the tag is gone; %s is still there".formatted(old) : old + " is gone";
        }
        if (!now.equals(pin.image())) {
            return "it was %s and is now %s%s"
                    .formatted(old, new Pin(now, 0, new TreeMap<>()).text(key), there ? "" : "; the old one is gone");
        }
        return there ? null : old + " is gone";
    }

    private Problem gone(LockKey key, String why) {
        return Problem.failed(
                        Kind.REFUSED, "the lock is out of date for %s, %s".formatted(key.written(), key.release()))
                .because(why)
                .trying(Remedy.sentence(
                        "restore it there, or lock the present image: ",
                        Remedy.command(Verb.LOCK).with(RunOption.UPDATE, key.written())));
    }

    private Problem other(LockKey key, Pin pin) {
        return Problem.failed(
                        Kind.INVALID_INPUT,
                        "the lock contradicts the tree for %s, %s".formatted(key.written(), key.release()))
                .because("the lock %s has %s for it".formatted(tree.file(), pin.digest()))
                .trying(Remedy.sentence(
                        "write that digest, or put the tree's into the lock: ", Remedy.command(Verb.LOCK)));
    }

    private Problem missing(LockKey key) {
        return Problem.failed(
                        Kind.INVALID_INPUT, "the lock is incomplete: %s, %s".formatted(key.written(), key.release()))
                .because("the tree names it, but it is not in the lock %s".formatted(tree.file()))
                .trying(Remedy.sentence("run: ", Remedy.command(Verb.LOCK)));
    }
}
