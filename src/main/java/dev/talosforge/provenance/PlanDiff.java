package dev.talosforge.provenance;

import dev.talosforge.provenance.StagePlan.Change;
import dev.talosforge.provenance.StagePlan.Kind;
import dev.talosforge.provenance.StagePlan.Reason;
import dev.talosforge.talos.kernel.KernelArguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two records of what a stage's result is made of, and why. A part's name says what kind of thing it
 * is: so records of earlier versions of this program are understood as well.
 */
public final class PlanDiff {
    /** Begin of the name of an official extension's part; what follows is the image's name. */
    public static final String EXTENSION = "extension ";

    public static final String CUSTOM_EXTENSION = "custom extension ";
    public static final String PACKAGE = "package ";
    public static final String SOURCE_FILE = "source file ";
    public static final String SOURCE_IMAGE = "source image ";
    public static final String PACKAGES = "Debian packages";

    /** Of what a build works with, before the names that the same has elsewhere. */
    private static final String BUILD = "build: ";

    /** In which order sources lie over one another. */
    public static final String ORDER = "order of sources";

    /** What is taken of each source and where it goes: told only where nothing else says what differs. */
    public static final String ARRANGEMENT = "arrangement of sources";

    /** The order in which extensions are mounted; told only where no extension itself changed. */
    public static final String EXTENSION_ORDER = "order of extensions";

    public static final String AUTHOR = "author";
    public static final String DESCRIPTION = "description";

    /** The time of every file, where the environment sets it. */
    public static final String TIMES = "SOURCE_DATE_EPOCH";

    /** The service of an extension, in a plan and in messages. */
    public static final String SERVICE = "service";

    /** Begin of the name of an output that is an input handed on. */
    static final String OUTPUT = "output ";

    private static final String FOLDER = "dir ";
    private static final String ARGUMENT = "kernel argument ";
    private static final String COMMAND_LINE = "kernel command line";

    private final SequencedMap<String, String> before;
    private final SequencedMap<String, String> after;
    private final List<Change> changes = new ArrayList<>();

    private PlanDiff(SequencedMap<String, String> before, SequencedMap<String, String> after) {
        this.before = before;
        this.after = after;
    }

    /** What is new or changed in the order of {@code after}, then what went in the order of {@code before}. */
    static List<Change> between(SequencedMap<String, String> recorded, SequencedMap<String, String> after) {
        SequencedMap<String, String> before = new LinkedHashMap<>();
        recorded.forEach((name, value) -> before.put(named(name), value));
        PlanDiff diff = new PlanDiff(comparable(before, after), comparable(after, before));
        diff.compare();
        return List.copyOf(diff.changes);
    }

    /** Whether a part is told only where it differs: there are too many of them to be listed. */
    static boolean isDetail(String name) {
        return name.startsWith(PACKAGE)
                || name.startsWith(SOURCE_FILE)
                || name.endsWith(ORDER)
                || name.equals(EXTENSION_ORDER)
                || name.equals(ARRANGEMENT);
    }

    /** Whether records of earlier versions of this program lack it; where it is recorded, it may be empty. */
    static boolean isLater(String name) {
        return switch (name) {
            case ARRANGEMENT, EXTENSION_ORDER, AUTHOR, DESCRIPTION, TIMES -> true;
            default -> name.startsWith(OUTPUT);
        };
    }

    /**
     * The parts that can be compared with those of the other record: no details of which the other has none, as from an
     * earlier version of this program or before a lock is made.
     */
    private static SequencedMap<String, String> comparable(
            SequencedMap<String, String> parts, SequencedMap<String, String> other) {
        boolean packages = hasAny(other, PACKAGE);
        SequencedMap<String, String> comparable = new LinkedHashMap<>(parts);
        comparable.keySet().removeIf(name -> name.startsWith(PACKAGE) && !packages);
        comparable.keySet().removeIf(name -> isLater(name) && !other.containsKey(name));
        for (String folder : parts.keySet()) {
            String details = details(folder);
            if (details != null && !hasAny(other, details)) {
                comparable.keySet().removeIf(name -> name.startsWith(details));
            }
        }
        return comparable;
    }

    /** What the names of a folder's files begin with; null for what is no folder. */
    private static @Nullable String details(String name) {
        int at = name.startsWith(BUILD) ? BUILD.length() : 0;
        return name.startsWith(FOLDER, at)
                ? SOURCE_FILE + name.substring(0, at) + name.substring(at + FOLDER.length()) + "/"
                : null;
    }

    /** The one folder that an extension had in earlier versions was called rootfs, whatever its name. */
    private static String named(String recorded) {
        return recorded.startsWith("rootfs file ")
                ? SOURCE_FILE + "rootfs/" + recorded.substring("rootfs file ".length())
                : recorded.equals("rootfs") ? FOLDER + recorded : recorded;
    }

    private static boolean hasAny(SequencedMap<String, String> parts, String prefix) {
        return parts.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private void compare() {
        after.forEach((name, value) -> {
            String old = before.get(counterpart(name, before));
            if (old == null) {
                changes.add(added(name, value));
            } else if (!old.equals(value)) {
                changes.add(isLater(name) ? said(name, old, value) : changed(name, old, value));
            }
        });
        before.forEach((name, value) -> {
            if (!after.containsKey(counterpart(name, after))) {
                changes.add(removed(name, value));
            }
        });
        if (changes.size() > 1) {
            changes.removeIf(change -> change.what().equals(ARRANGEMENT));
        }
        if (changes.stream().anyMatch(PlanDiff::isOfAnExtension)) {
            changes.removeIf(change -> change.what().equals(EXTENSION_ORDER));
        }
        List<String> told = changes.stream().map(Change::what).toList();
        changes.removeIf(change -> isToldByFile(change, told));
    }

    private static boolean isOfAnExtension(Change change) {
        return change.what().startsWith(EXTENSION) || change.what().startsWith(CUSTOM_EXTENSION);
    }

    /** A folder's digest is told where none of its files is: of a folder in it that comes, or of too many files. */
    private static boolean isToldByFile(Change change, List<String> told) {
        String details = change.kind() == Kind.CHANGED ? details(change.what()) : null;
        return details != null && told.stream().anyMatch(what -> what.startsWith(details));
    }

    /** One of which an empty value is none. */
    private static Change said(String name, String old, String value) {
        if (name.equals(ARRANGEMENT)) {
            return new Change(
                    Kind.CHANGED, Reason.SOURCE, name, old, value, "other files of a source, or in other places");
        }
        return old.isEmpty() ? added(name, value) : value.isEmpty() ? removed(name, old) : changed(name, old, value);
    }

    /** The same extension's name in the other record, which may have it in the other list. */
    private static String counterpart(String name, SequencedMap<String, String> other) {
        if (other.containsKey(name)) {
            return name;
        }
        if (name.startsWith(CUSTOM_EXTENSION)) {
            return EXTENSION + name.substring(CUSTOM_EXTENSION.length());
        }
        return name.startsWith(EXTENSION) ? CUSTOM_EXTENSION + name.substring(EXTENSION.length()) : name;
    }

    private static Change added(String name, String value) {
        return new Change(Kind.ADDED, reason(name, Reason.EXTENSION_ADDED), name, "", value, single(name, value));
    }

    private static Change removed(String name, String value) {
        return new Change(Kind.REMOVED, reason(name, Reason.EXTENSION_REMOVED), name, value, "", single(name, value));
    }

    private static Change changed(String name, String old, String value) {
        ImageChange image = ImageChange.of(old, value);
        Reason extension = image != null && image.sameName() ? Reason.EXTENSION_DIGEST : Reason.EXTENSION_VERSION;
        String text = name.startsWith(COMMAND_LINE)
                ? arguments(old, value)
                : image == null ? "%s -> %s".formatted(shortened(old), shortened(value)) : image.text();
        return new Change(Kind.CHANGED, reason(name, extension), name, old, value, text);
    }

    /** What stands behind the name of something that comes or goes. */
    private static String single(String name, String value) {
        return name.startsWith(ARGUMENT) ? "" : shortened(value);
    }

    private static Reason reason(String name, Reason extension) {
        if (name.startsWith(BUILD)) {
            Reason own = reason(name.substring(BUILD.length()), extension);
            return own == Reason.SETTING ? Reason.SOURCE : own;
        }
        if (name.startsWith(SOURCE_IMAGE) || name.startsWith("archive ") || name.startsWith("download ")) {
            return Reason.SOURCE;
        }
        if (name.startsWith(EXTENSION) || name.startsWith("image for ")) {
            return extension;
        }
        if (name.startsWith("base installer")) {
            return Reason.BASE_IMAGE;
        }
        if (name.startsWith(CUSTOM_EXTENSION)) {
            return Reason.CUSTOM_IMAGE;
        }
        if (name.startsWith(ARGUMENT) || name.startsWith(COMMAND_LINE)) {
            return Reason.KERNEL_ARGUMENT;
        }
        if (name.startsWith(PACKAGE)) {
            return Reason.PACKAGE;
        }
        if (name.startsWith(SOURCE_FILE) || name.startsWith(FOLDER) || name.startsWith("file ")) {
            return Reason.FILE;
        }
        return switch (name) {
            case "Talos version" -> Reason.TALOS_VERSION;
            case "imager" -> Reason.BASE_IMAGE;
            case "stage code" -> Reason.STAGE_REVISION;
            case PACKAGES -> Reason.PACKAGE;
            case SERVICE -> Reason.FILE;
            case "extension" -> Reason.EXTENSION_VERSION;
            case "installer", "ISO", "image", "volume", "nodes" -> Reason.TARGET;
            case "content" -> Reason.CONTENT;
            default -> Reason.SETTING;
        };
    }

    /** Two command lines by the arguments in which they differ. */
    private static String arguments(String old, String value) {
        List<String> gone = words(old);
        List<String> come = words(value);
        List<String> both = new ArrayList<>(come);
        gone.forEach(come::remove);
        both.forEach(gone::remove);
        List<String> said = new ArrayList<>();
        come.forEach(word -> said.add("+" + word));
        gone.forEach(word -> said.add("-" + word));
        return said.isEmpty() ? "the same arguments in another order" : String.join(" ", said);
    }

    private static List<String> words(String line) {
        String plain = KernelArguments.parse(line).toString();
        return plain.isEmpty() ? new ArrayList<>() : new ArrayList<>(List.of(plain.split(" ", -1)));
    }

    /** With every digest cut to as much as people compare. */
    private static String shortened(String text) {
        return text.replaceAll("(sha256:[0-9a-f]{12})[0-9a-f]{52}", "$1…");
    }

    /** A reference before and after: {@code [NAME:]TAG@sha256:…}. */
    private record ImageChange(String oldName, String newName, String oldDigest, String newDigest) {
        static @Nullable ImageChange of(String old, String value) {
            int a = old.lastIndexOf("sha256:");
            int b = value.lastIndexOf("sha256:");
            return a < 0 || b < 0 || old.contains(", ") || value.contains(", ")
                    ? null
                    : new ImageChange(
                            name(old.substring(0, a)),
                            name(value.substring(0, b)),
                            shortened(old.substring(a)),
                            shortened(value.substring(b)));
        }

        private static String name(String before) {
            return before.endsWith("@") ? before.substring(0, before.length() - 1) : before;
        }

        boolean sameName() {
            return oldName.equals(newName);
        }

        String text() {
            if (!sameName()) {
                return oldDigest.equals(newDigest)
                        ? "%s -> %s, the same image".formatted(named(oldName), named(newName))
                        : "%s -> %s, %s -> %s".formatted(named(oldName), named(newName), oldDigest, newDigest);
            }
            String moved = oldName.isEmpty() ? "" : "tag %s moved, ".formatted(tag(oldName));
            return "%s%s -> %s".formatted(moved, oldDigest, newDigest);
        }

        private static String named(String name) {
            return name.isEmpty() ? "no tag" : name;
        }

        private static String tag(String name) {
            return name.substring(name.lastIndexOf(':') + 1);
        }
    }
}
