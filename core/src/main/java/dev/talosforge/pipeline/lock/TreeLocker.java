package dev.talosforge.pipeline.lock;

import dev.talosforge.bytes.WholeFile;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.lock.LockResult.Change;
import dev.talosforge.pipeline.lock.LockResult.Kind;
import dev.talosforge.pipeline.pin.LockFile;
import dev.talosforge.pipeline.pin.LockFile.Match;
import dev.talosforge.pipeline.pin.LockKey;
import dev.talosforge.pipeline.pin.Pin;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.state.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Creates, updates and checks the lock of a tree. */
public record TreeLocker(BuildContext context, RunSettings settings) {
    /** Looks up references that are not locked yet and those to update. */
    public LockResult lock(Path directory, LockUpdate update, boolean write) throws Exception {
        LockedTree tree = LockedTree.of(directory, settings);
        SortedSet<LockKey> wanted = tree.references();
        LockFile before = read(tree.file());
        SortedSet<LockKey> open = update.of(wanted);
        for (LockKey key : wanted) {
            if (!(before.find(key) instanceof Match.Same)) {
                open.add(key);
            }
        }
        RegistryLookup lookup = new RegistryLookup(context);
        SortedMap<LockKey, Pin> fresh = lookup.pins(open, tree.uses());
        if (!lookup.problems().isEmpty()) {
            throw new BuildException(lookup.problems(), null);
        }
        if (!write) {
            LockFile next = next(wanted, fresh, before, before);
            return locked(tree, before, next, false);
        }
        try (Turn _ = Turn.at(tree.file())) {
            // Another run may have changed it since: the other run's result stays.
            LockFile current = read(tree.file());
            LockFile next = next(wanted, fresh, current, before);
            boolean changed = LockFile.read(tree.file()) == null || !Arrays.equals(current.toBytes(), next.toBytes());
            if (changed) {
                WholeFile.write(tree.file(), next.toBytes());
            }
            return locked(tree, current, next, changed);
        }
    }

    private static LockFile read(Path file) throws IOException {
        LockFile lock = LockFile.read(file);
        return lock == null ? LockFile.empty() : lock;
    }

    private LockFile next(SortedSet<LockKey> wanted, SortedMap<LockKey, Pin> fresh, LockFile current, LockFile before) {
        SortedMap<LockKey, Pin> next = new TreeMap<>();
        if (settings.overrides().containsKey("talos_version")) {
            // The run is for another Talos than the tree's own, whose references are not seen.
            SortedSet<String> seen = new TreeSet<>();
            wanted.forEach(key -> seen.add(key.talos()));
            current.pins().forEach((key, pin) -> {
                if (!seen.contains(key.talos())) {
                    next.put(key, pin);
                }
            });
        }
        for (LockKey key : wanted) {
            Pin pin = fresh.get(key);
            if (pin == null && current.find(key) instanceof Match.Same(Pin locked)) {
                pin = locked;
            }
            if (pin == null && before.find(key) instanceof Match.Same(Pin locked)) {
                pin = locked;
            }
            if (pin == null) {
                throw new IllegalStateException("neither locked nor looked up: " + key);
            }
            next.put(key, pin);
        }
        return new LockFile(next);
    }

    private static LockResult locked(LockedTree tree, LockFile before, LockFile after, boolean written) {
        return new LockResult(
                tree.file(),
                written,
                after.pins().size(),
                changes(before.pins(), after.pins()),
                tree.given(),
                LockedHcl.lines(tree.uses(), after));
    }

    private static List<Change> changes(SortedMap<LockKey, Pin> before, SortedMap<LockKey, Pin> after) {
        SortedSet<LockKey> both = new TreeSet<>(before.keySet());
        both.addAll(after.keySet());
        List<Change> changes = new ArrayList<>();
        for (LockKey key : both) {
            Pin old = before.get(key);
            Pin now = after.get(key);
            if (old == null && now != null) {
                changes.add(change(Kind.ADDED, key, "", now.text(key)));
            } else if (old != null && now == null) {
                changes.add(change(Kind.REMOVED, key, old.text(key), ""));
            } else if (old != null && now != null && !old.image().equals(now.image())) {
                changes.add(change(Kind.MOVED, key, old.text(key), now.text(key)));
            }
        }
        return changes;
    }

    private static Change change(Kind kind, LockKey key, String before, String after) {
        return new Change(kind, key.talos(), key.written(), before, after);
    }

    /**
     * Checks whether every locked reference still exists and stands for the same image. Changes nothing.
     *
     * @return the lock as it is
     */
    public LockResult check(Path directory) throws Exception {
        LockedTree tree = LockedTree.of(directory, settings);
        LockFile lock = LockFile.read(tree.file());
        if (lock == null) {
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot check the lock " + tree.file())
                    .because("there is no such file")
                    .trying(Remedy.sentence("run: ", Remedy.command(Verb.LOCK))));
        }
        List<Problem> problems = new LockCheck(context, tree, lock).problems();
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return locked(tree, lock, lock, false);
    }
}
