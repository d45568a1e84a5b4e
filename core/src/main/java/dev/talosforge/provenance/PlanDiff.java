package dev.talosforge.provenance;

import dev.talosforge.provenance.StagePlan.Change;
import dev.talosforge.provenance.StagePlan.Kind;
import dev.talosforge.provenance.StagePlan.Reason;
import dev.talosforge.talos.kernel.KernelArguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two records of what a stage's result is made of, and why. Both are shown in the same words,
 * whatever an earlier version of this program called a part.
 */
final class PlanDiff {
    private final SequencedMap<String, PartGroup> before;
    private final SequencedMap<String, PartGroup> after;
    private final List<Difference> differences = new ArrayList<>();

    /** A change of a part. */
    private record Difference(Part part, Change change) {}

    private PlanDiff(SequencedMap<String, PartGroup> before, SequencedMap<String, PartGroup> after) {
        this.before = before;
        this.after = after;
    }

    /** New and changed parts in the order of {@code after}, then removed ones in the order of {@code before}. */
    static List<Change> between(List<Part> before, List<Part> after) {
        PlanDiff diff = new PlanDiff(comparable(before, after), comparable(after, before));
        diff.compare();
        return diff.differences.stream().map(Difference::change).toList();
    }

    /**
     * The parts that can be compared with those of the other record: without details that the other lacks, such as one
     * from an earlier version of this program or from before a lock was created.
     */
    private static SequencedMap<String, PartGroup> comparable(List<Part> parts, List<Part> others) {
        SequencedMap<String, PartGroup> other = PartGroup.of(others);
        SequencedMap<String, PartGroup> comparable = new LinkedHashMap<>(PartGroup.of(parts));
        if (others.stream().noneMatch(Part.DebianPackage.class::isInstance)) {
            comparable.values().removeIf(group -> group.first() instanceof Part.DebianPackage);
        }
        comparable.entrySet().removeIf(entry -> entry.getValue().isLater() && !other.containsKey(entry.getKey()));
        for (Part part : parts) {
            if (part instanceof Part.Folder folder && others.stream().noneMatch(isIn(folder))) {
                comparable.values().removeIf(group -> isIn(folder).test(group.first()));
            }
        }
        return comparable;
    }

    /** Whether a part is a file of a folder. */
    private static Predicate<Part> isIn(Part.Folder folder) {
        return part -> part instanceof Part.SourceFile file
                && file.inBuild() == folder.inBuild()
                && file.folder().equals(folder.written());
    }

    private void compare() {
        for (PartGroup now : after.values()) {
            PartGroup old = counterpart(now, before);
            if (old == null) {
                add(added(now, now.value()));
            } else if (!old.value().equals(now.value())) {
                add(now.isLater() ? difference(old, now) : changed(old, now));
            }
        }
        for (PartGroup old : before.values()) {
            if (counterpart(old, after) == null) {
                add(removed(old, old.value()));
            }
        }
        if (differences.size() > 1) {
            differences.removeIf(difference -> difference.part instanceof Part.Arrangement);
        }
        if (differences.stream().anyMatch(difference -> difference.part instanceof Part.Extension)) {
            differences.removeIf(difference -> difference.part instanceof Part.ExtensionOrder);
        }
        List<Part> parts = differences.stream().map(Difference::part).toList();
        differences.removeIf(difference -> isShownByFile(difference, parts));
    }

    private void add(Difference difference) {
        differences.add(difference);
    }

    /** A folder's digest is shown if none of its files is: for a new folder in it, or for too many files. */
    private static boolean isShownByFile(Difference difference, List<Part> parts) {
        return difference.change.kind() == Kind.CHANGED
                && difference.part instanceof Part.Folder folder
                && parts.stream().anyMatch(isIn(folder));
    }

    /** The same part of the other record. An extension may be in the other list there. */
    private static @Nullable PartGroup counterpart(PartGroup group, SequencedMap<String, PartGroup> other) {
        PartGroup same = other.get(group.title());
        return same == null && group.first() instanceof Part.Extension(boolean custom, PinnedImage image)
                ? other.get(PartText.title(new Part.Extension(!custom, image)))
                : same;
    }

    /** Of which an empty value is none. */
    private static Difference difference(PartGroup old, PartGroup now) {
        if (now.first() instanceof Part.Arrangement) {
            return difference(
                    Kind.CHANGED, Reason.SETTING, now, old.value(), "other files of a source, or in other places");
        }
        return old.value().isEmpty()
                ? added(now, now.value())
                : now.value().isEmpty() ? removed(now, old.value()) : changed(old, now);
    }

    private static Difference added(PartGroup group, String value) {
        Part part = group.first();
        Reason reason = PartReason.of(part, Reason.EXTENSION_ADDED);
        return new Difference(part, new Change(Kind.ADDED, reason, group.title(), "", value, single(part, value)));
    }

    private static Difference removed(PartGroup group, String value) {
        Part part = group.first();
        Reason reason = PartReason.of(part, Reason.EXTENSION_REMOVED);
        return new Difference(part, new Change(Kind.REMOVED, reason, group.title(), value, "", single(part, value)));
    }

    private static Difference changed(PartGroup old, PartGroup now) {
        ImageChange image = ImageChange.of(old, now);
        Reason extension = image != null && image.sameName() ? Reason.EXTENSION_DIGEST : Reason.EXTENSION_VERSION;
        String text = now.first() instanceof Part.CommandLine
                ? arguments(old.value(), now.value())
                : image != null ? image.text() : "%s -> %s".formatted(shortened(old.value()), shortened(now.value()));
        return difference(Kind.CHANGED, extension, now, old.value(), text);
    }

    private static Difference difference(Kind kind, Reason extension, PartGroup now, String before, String text) {
        Reason reason = PartReason.of(now.first(), extension);
        return new Difference(now.first(), new Change(kind, reason, now.title(), before, now.value(), text));
    }

    /** The text after the title of a part that is added or removed. */
    private static String single(Part part, String value) {
        return part instanceof Part.KernelArgument ? "" : shortened(value);
    }

    /** Two command lines by the arguments in which they differ. */
    private static String arguments(String old, String value) {
        List<String> gone = words(old);
        List<String> come = words(value);
        List<String> both = new ArrayList<>(come);
        gone.forEach(come::remove);
        both.forEach(gone::remove);
        List<String> difference = new ArrayList<>();
        come.forEach(word -> difference.add("+" + word));
        gone.forEach(word -> difference.add("-" + word));
        return difference.isEmpty() ? "the same arguments in another order" : String.join(" ", difference);
    }

    private static List<String> words(String line) {
        String plain = KernelArguments.parse(line).toString();
        return plain.isEmpty() ? new ArrayList<>() : new ArrayList<>(List.of(plain.split(" ", -1)));
    }

    /** With every digest shortened for people. */
    private static String shortened(String text) {
        return text.replaceAll("(sha256:[0-9a-f]{12})[0-9a-f]{52}", "$1…");
    }
}
