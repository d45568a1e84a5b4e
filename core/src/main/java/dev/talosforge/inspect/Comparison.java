package dev.talosforge.inspect;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.inspect.Difference.Change;
import dev.talosforge.inspect.Report.BootEntry;
import dev.talosforge.inspect.Report.CommandLine;
import dev.talosforge.inspect.Report.ExtensionFacts;
import dev.talosforge.inspect.Report.FileFacts;
import dev.talosforge.inspect.Report.Listing;
import dev.talosforge.inspect.Report.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Compares two reports, part by part: what the second adds or changes, then what it no longer has. */
public final class Comparison {
    private static final int SHOWN_DIGITS = 12;

    private final List<Difference> differences = new ArrayList<>();

    private Comparison() {}

    /** Returns the differences; empty if there are none. Files are compared if both reports list them. */
    public static List<Difference> of(Report first, Report second) {
        Comparison comparison = new Comparison();
        comparison.identity(first, second);
        comparison.commandLines(first.commandLines(), second.commandLines());
        comparison.extensions(first, second);
        comparison.compare(
                "section",
                byName(first.sections(), Section::name),
                byName(second.sections(), Section::name),
                name -> "section " + name,
                section -> section.digest().toString(),
                Comparison::contents);
        comparison.compare(
                "boot_entry",
                byName(first.bootEntries(), Comparison::title),
                byName(second.bootEntries(), Comparison::title),
                name -> "boot entry " + name,
                BootEntry::starts,
                (a, b) -> a.starts() + " -> " + b.starts());
        comparison.listings(first.listings(), second.listings());
        return List.copyOf(comparison.differences);
    }

    private void identity(Report first, Report second) {
        value("kind", first.kind().words(), second.kind().words());
        String digest = first.digest().toString();
        if (!first.digest().equals(second.digest())) {
            differences.add(new Difference(
                    Change.CHANGED,
                    "identity",
                    "digest",
                    digest,
                    second.digest().toString(),
                    contents(first.digest(), first.size(), second.digest(), second.size())));
        }
        value(
                "Talos version",
                first.identity().talosVersion(),
                second.identity().talosVersion());
        value("platform", first.identity().platform(), second.identity().platform());
        value("architecture", first.identity().architecture(), second.identity().architecture());
        value(
                "kernel version",
                first.identity().kernelVersion(),
                second.identity().kernelVersion());
    }

    private void value(String what, @Nullable String before, @Nullable String after) {
        if (!Objects.equals(before, after)) {
            Change change = before == null ? Change.ADDED : after == null ? Change.REMOVED : Change.CHANGED;
            String text = before == null ? String.valueOf(after) : after == null ? before : before + " -> " + after;
            differences.add(new Difference(change, "identity", what, before, after, text));
        }
    }

    private void commandLines(List<CommandLine> first, List<CommandLine> second) {
        SequencedMap<String, CommandLine> before = byName(first, CommandLine::of);
        SequencedMap<String, CommandLine> after = byName(second, CommandLine::of);
        after.forEach((of, line) -> {
            CommandLine other = before.get(of);
            if (other == null) {
                differences.add(new Difference(
                        Change.ADDED, "command_line", "command line, " + of, null, line.line(), line.line()));
            } else if (!other.line().equals(line.line())) {
                arguments(of, other.line(), line.line());
            }
        });
        before.forEach((of, line) -> {
            if (!after.containsKey(of)) {
                differences.add(new Difference(
                        Change.REMOVED, "command_line", "command line, " + of, line.line(), null, line.line()));
            }
        });
    }

    private void arguments(String of, String before, String after) {
        List<String> gone = words(before);
        List<String> come = words(after);
        List<String> all = List.copyOf(come);
        gone.forEach(come::remove);
        all.forEach(gone::remove);
        for (String word : come) {
            differences.add(new Difference(
                    Change.ADDED, "kernel_argument", "kernel argument %s, %s".formatted(word, of), null, word, ""));
        }
        for (String word : gone) {
            differences.add(new Difference(
                    Change.REMOVED, "kernel_argument", "kernel argument %s, %s".formatted(word, of), word, null, ""));
        }
        if (come.isEmpty() && gone.isEmpty()) {
            differences.add(new Difference(
                    Change.CHANGED,
                    "kernel_argument",
                    "command line, " + of,
                    before,
                    after,
                    "the same arguments in another order"));
        }
    }

    /** Splits a command line; white space between quotes does not separate arguments. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (line + " ").toCharArray()) {
            quoted ^= c == '"';
            if (!quoted && Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString().strip());
        }
        return words;
    }

    private void extensions(Report first, Report second) {
        SequencedMap<String, ExtensionFacts> before = byName(first.extensions(), ExtensionFacts::name);
        SequencedMap<String, ExtensionFacts> after = byName(second.extensions(), ExtensionFacts::name);
        boolean alike = (first.kind() == Kind.EXTENSION) == (second.kind() == Kind.EXTENSION);
        compare(
                "extension",
                before,
                after,
                name -> "extension " + name,
                extension -> alike ? "%s %s".formatted(extension.version(), extension.digest()) : extension.version(),
                (a, b) -> a.version().equals(b.version())
                        ? "version %s, other content: %s"
                                .formatted(a.version(), contents(a.digest(), a.size(), b.digest(), b.size()))
                        : "version %s -> %s".formatted(a.version(), b.version()));
        List<String> order = new ArrayList<>(before.keySet());
        List<String> others = new ArrayList<>(after.keySet());
        order.retainAll(after.keySet());
        others.retainAll(before.keySet());
        if (!order.equals(others)) {
            String old = String.join(", ", order);
            String now = String.join(", ", others);
            differences.add(
                    new Difference(Change.CHANGED, "extension", "order of extensions", old, now, old + " -> " + now));
        }
    }

    private void listings(List<Listing> first, List<Listing> second) {
        SequencedMap<String, Listing> before = byName(first, Listing::of);
        SequencedMap<String, Listing> after = byName(second, Listing::of);
        before.forEach((of, listing) -> {
            Listing other = after.get(of);
            if (other != null) {
                compare(
                        "file",
                        byName(listing.files(), FileFacts::path),
                        byName(other.files(), FileFacts::path),
                        path -> "%s in %s".formatted(path, of),
                        Comparison::whole,
                        Comparison::file);
            }
        });
    }

    private <T> void compare(
            String part,
            SequencedMap<String, T> before,
            SequencedMap<String, T> after,
            UnaryOperator<String> title,
            Function<T, String> value,
            BiFunction<T, T, String> text) {
        after.forEach((name, item) -> {
            T old = before.get(name);
            String now = value.apply(item);
            if (old == null) {
                differences.add(new Difference(Change.ADDED, part, title.apply(name), null, now, shortened(now)));
            } else if (!value.apply(old).equals(now)) {
                differences.add(new Difference(
                        Change.CHANGED, part, title.apply(name), value.apply(old), now, text.apply(old, item)));
            }
        });
        before.forEach((name, item) -> {
            if (!after.containsKey(name)) {
                String was = value.apply(item);
                differences.add(new Difference(Change.REMOVED, part, title.apply(name), was, null, shortened(was)));
            }
        });
    }

    private static String title(BootEntry entry) {
        return "%s %s, %s".formatted(entry.firmware(), entry.by(), entry.name());
    }

    private static String contents(Section a, Section b) {
        return contents(a.digest(), a.size(), b.digest(), b.size());
    }

    private static String contents(Sha256 a, long sizeA, Sha256 b, long sizeB) {
        String sizes = sizeA == sizeB ? "%d bytes".formatted(sizeA) : "%d -> %d bytes".formatted(sizeA, sizeB);
        return "%s -> %s, %s".formatted(shortened(a.toString()), shortened(b.toString()), sizes);
    }

    private static String whole(FileFacts file) {
        return "%s %04o %d:%d %d %s"
                .formatted(
                        file.type(),
                        file.mode(),
                        file.uid(),
                        file.gid(),
                        file.size(),
                        file.digest() != null ? file.digest() : Objects.requireNonNullElse(file.target(), "-"));
    }

    private static String file(FileFacts a, FileFacts b) {
        List<String> differences = new ArrayList<>();
        add(differences, "", a.type(), b.type());
        add(differences, "mode ", "%04o".formatted(a.mode()), "%04o".formatted(b.mode()));
        add(differences, "owner ", a.uid() + ":" + a.gid(), b.uid() + ":" + b.gid());
        add(differences, "target ", String.valueOf(a.target()), String.valueOf(b.target()));
        if (a.digest() != null && b.digest() != null && !a.digest().equals(b.digest())) {
            differences.add(contents(a.digest(), a.size(), b.digest(), b.size()));
        }
        return String.join(", ", differences);
    }

    private static void add(List<String> differences, String what, String before, String after) {
        if (!before.equals(after)) {
            differences.add("%s%s -> %s".formatted(what, before, after));
        }
    }

    /** Shortens every digest to the digits that people compare. */
    private static String shortened(String text) {
        return text.replaceAll("(sha256:[0-9a-f]{%d})[0-9a-f]+".formatted(SHOWN_DIGITS), "$1…");
    }

    /** Items by name; a repeated name gets a number. */
    private static <T> SequencedMap<String, T> byName(List<T> items, Function<T, String> name) {
        SequencedMap<String, T> named = new LinkedHashMap<>();
        SequencedMap<String, Integer> counts = new LinkedHashMap<>();
        for (T item : items) {
            int count = counts.merge(name.apply(item), 1, Integer::sum);
            named.put(count == 1 ? name.apply(item) : "%s (%d)".formatted(name.apply(item), count), item);
        }
        return named;
    }
}
