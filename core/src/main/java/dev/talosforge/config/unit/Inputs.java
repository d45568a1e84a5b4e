package dev.talosforge.config.unit;

import dev.talosforge.config.hcl.eval.Budget;
import dev.talosforge.config.hcl.eval.Evaluator;
import dev.talosforge.config.hcl.eval.FunctionTable;
import dev.talosforge.config.hcl.eval.Scope;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.RunOption;
import dev.talosforge.problem.Where;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a unit's inputs as the values that a stage needs. A problem does not stop the reading: the accessor returns an
 * empty value, and {@link #check} throws all problems at once. Every input that was read counts as known, see
 * {@link #unknown}.
 */
public final class Inputs {
    private static final String TEXTS = "a list of texts";
    private static final String TEXT_MAP = "a map of texts";

    private final Unit unit;
    private final SortedMap<String, Remedy> outside;
    private final SortedMap<String, String> meanings = new TreeMap<>();
    /** Inputs that could not be read: further problems with their substitutes are not reported. */
    private final SortedSet<String> unread = new TreeSet<>();

    private final SortedSet<String> known = new TreeSet<>();
    private final SortedSet<String> gone = new TreeSet<>();
    private final SortedSet<String> notKnownYet = new TreeSet<>();
    private final boolean forLooking;
    private final List<Problem> problems = new ArrayList<>();

    private Inputs(Unit unit, SortedMap<String, Remedy> outside, boolean forLooking) {
        this.unit = unit;
        this.outside = new TreeMap<>(outside);
        this.forLooking = forLooking;
    }

    /** For acting: a value that is not known is a problem. */
    public static Inputs of(Unit unit) {
        return of(unit, new TreeMap<>());
    }

    /**
     * As {@link #of(Unit)}.
     *
     * @param outside inputs that are set from outside, and what sets them: as in Terraform, text is used unchanged
     *     if text, a number or a bool is expected, and is read as an HCL expression otherwise
     */
    public static Inputs of(Unit unit, SortedMap<String, Remedy> outside) {
        return new Inputs(unit, outside, false);
    }

    /**
     * For showing a unit before its dependencies are applied: a value that is not known is not a problem, only counted,
     * see {@link #notKnownYet}. It is replaced by an empty one, or the default.
     */
    public static Inputs forLooking(Unit unit) {
        return forLooking(unit, new TreeMap<>());
    }

    /** As {@link #forLooking(Unit)}, with inputs that are set from outside. */
    public static Inputs forLooking(Unit unit, SortedMap<String, Remedy> outside) {
        return new Inputs(unit, outside, true);
    }

    /** The value of a text from outside if no text is expected. It uses no names and calls no functions. */
    public static Value composed(String text) {
        return new Evaluator(Scope.empty(), FunctionTable.empty(), new Budget())
                .evaluate(HclParser.parseExpression(SourceText.of(Path.of("value"), text)));
    }

    /** Names of the inputs that were read and are known only when they are applied, in whole or in part. */
    public SortedSet<String> notKnownYet() {
        return Collections.unmodifiableSortedSet(notKnownYet);
    }

    /** The value itself, or null if there is none or it is null. */
    public @Nullable Value value(String name) {
        known.add(name);
        Value value = unit.inputs().get(name);
        if (value != null && !isKnown(value)) {
            notKnownYet.add(name);
            if (!forLooking) {
                problem(
                        name,
                        "it is known only when it is applied: it comes from a program or from outputs that are not recorded yet",
                        null);
            }
            return null;
        }
        return value == null || value instanceof Value.Null ? null : value;
    }

    /** As {@link #value}, for values that are neither text nor a number nor a bool. */
    public @Nullable Value composed(String name, String expected) {
        Value value = value(name);
        if (!(value instanceof Value.Text(String text)) || !outside.containsKey(name)) {
            return value;
        }
        try {
            Value composed = composed(text);
            return composed instanceof Value.Null ? null : composed;
        } catch (BuildException e) {
            String why = e.problems().getFirst().why();
            unread.add(name);
            add(name, name, "expected %s, and this cannot be read as one: %s".formatted(expected, why), example(name));
            return null;
        }
    }

    private @Nullable Remedy example(String name) {
        String written = "write a value as in a file: ";
        return switch (outside.get(name)) {
            case null -> null;
            case Remedy.Give(RunOption option, var _) ->
                Remedy.sentence(written, Remedy.give(option, name + "=[\"…\"]"));
            case Remedy by -> Remedy.sentence(written, by).then("='[\"…\"]'");
        };
    }

    /** Whether no part of it waits for a program or for outputs. */
    public static boolean isKnown(Value value) {
        return switch (value) {
            case Value.Unknown _ -> false;
            case Value.Sequence(var _, List<Value> items) -> items.stream().allMatch(Inputs::isKnown);
            case Value.Mapping(var _, SortedMap<String, Value> members) ->
                members.values().stream().allMatch(Inputs::isKnown);
            case Value.Text _, Value.Decimal _, Value.Bool _, Value.Null _ -> true;
        };
    }

    /** Required. */
    public String text(String name) {
        String text = optionalText(name);
        return text == null ? missing(name, "") : text;
    }

    public @Nullable String optionalText(String name) {
        Value value = value(name);
        if (value == null) {
            return null;
        }
        String text = ValueReader.text(value, why -> unread(name, why, null));
        return text == null ? "" : text;
    }

    /** Required; may be empty. */
    public List<String> texts(String name) {
        return value(name) == null ? missing(name, List.of()) : optionalTexts(name);
    }

    /** Empty if it is not set. */
    public List<String> optionalTexts(String name) {
        Value value = composed(name, TEXTS);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Value.Sequence(var _, List<Value> items))) {
            String text = ValueReader.asText(value);
            unread(
                    name,
                    ValueReader.mismatch(value, TEXTS),
                    outside.containsKey(name)
                            ? example(name)
                            : text == null ? null : new Remedy.Text(listOf(name, text)));
            return List.of();
        }
        List<String> wrong = new ArrayList<>();
        List<String> texts = ValueReader.texts(
                items, (number, item) -> wrong.add("item %d %s".formatted(number, ValueReader.mismatch(item, TEXTS))));
        if (!wrong.isEmpty()) {
            problem(name, wrong.getFirst(), null);
            return List.of();
        }
        return List.copyOf(texts);
    }

    /** How to write a list of one item. A text that may be secret, or is long, is not repeated. */
    private static String listOf(String name, String text) {
        return "write %s = [\"%s\"]".formatted(name, text.matches("[A-Za-z0-9._/-]{1,40}") ? text : "…");
    }

    /** Empty if it is not set. */
    public SortedMap<String, String> optionalTextMap(String name) {
        Value value = composed(name, TEXT_MAP);
        return value == null
                ? new TreeMap<>(Value.BY_CODE_POINT)
                : ValueReader.textMap(
                        value,
                        why -> unread(name, why, example(name)),
                        (key, member) -> problem(
                                name, "\"%s\" %s".formatted(key, ValueReader.mismatch(member, TEXT_MAP)), null));
    }

    /** Required; may be empty. */
    public SortedMap<String, String> textMap(String name) {
        return value(name) == null ? missing(name, new TreeMap<>()) : optionalTextMap(name);
    }

    public boolean bool(String name, boolean otherwise) {
        Value value = value(name);
        return value == null ? otherwise : ValueReader.bool(value, otherwise, why -> unread(name, why, null));
    }

    /** A whole number in the given range, both ends included. */
    public long whole(String name, long least, long most, long otherwise) {
        Value value = value(name);
        if (value == null) {
            return otherwise;
        }
        Long whole = ValueReader.asWhole(value, least, most);
        if (whole != null) {
            return whole;
        }
        BigDecimal number = ValueReader.asNumber(value);
        if (number == null) {
            unread(name, ValueReader.mismatch(value, "a number"), null);
        } else {
            problem(
                    name,
                    "it is %s, expected a whole number from %d to %d".formatted(number.toPlainString(), least, most),
                    null);
        }
        return otherwise;
    }

    /** Names that are known in addition to those that were read. */
    public void alsoKnown(List<String> names) {
        known.addAll(names);
    }

    private <T> T missing(String name, T otherwise) {
        if (!notKnownYet.contains(name)) {
            String near = meaning(name);
            problem(
                    name,
                    unit.inputs().containsKey(name)
                            ? "it is null"
                            : unit.given() ? "it is not set" : "the unit does not set it",
                    near == null
                            ? unit.given() ? null : "add to inputs: " + name + " = …"
                            : "rename \"%s\" to \"%s\"".formatted(near, name));
        }
        return otherwise;
    }

    /** The name of an input that is set and seems to mean this one. */
    private @Nullable String meaning(String name) {
        List<String> unknown = new ArrayList<>(unknownNames());
        for (String foreign : unknown) {
            if (name.equals(meanings.get(foreign))) {
                return foreign;
            }
        }
        unknown.removeAll(meanings.keySet());
        return NearestName.nearest(name, unknown);
    }

    /** Inputs under other names: their name here, or what to write. */
    public void meanings(SortedMap<String, String> names) {
        meanings.putAll(names);
    }

    private List<String> unknownNames() {
        return unit.inputs().keySet().stream()
                .filter(name -> !known.contains(name) && !gone.contains(name))
                .toList();
    }

    /** Reports that the value cannot be read; {@code why} follows "it". */
    private void unread(String name, String why, @Nullable Remedy remedy) {
        unread.add(name);
        add(name, name, "it " + why, remedy);
    }

    /** Reports an input that was removed: a unit that still sets it gets its replacement as the reason. */
    public void gone(String name, String why) {
        if (unit.inputs().containsKey(name)) {
            gone.add(name);
            problem(name, why, null);
        }
    }

    /** Adds a problem that points at where the input is set. */
    public void problem(String name, String why, @Nullable String remedy) {
        problem(name, name, why, remedy);
    }

    /**
     * A problem of a part of an input.
     *
     * @param part with the input's name: {@code "sources[2].mode"}
     */
    public void problem(String name, String part, String why, @Nullable String remedy) {
        add(name, part, why, Remedy.of(remedy));
    }

    private void add(String name, String part, String why, @Nullable Remedy remedy) {
        Remedy setting = outside.get(name);
        add(part, setting == null ? unit.places().get(name) : new Where.Setting(setting), why, remedy);
    }

    /** The same with its own place. */
    public void problem(String part, @Nullable Where where, String why, @Nullable String remedy) {
        add(part, where, why, Remedy.of(remedy));
    }

    private void add(String part, @Nullable Where where, String why, @Nullable Remedy remedy) {
        Problem problem = Problem.failed(
                        Kind.INVALID_INPUT, "cannot use input \"%s\" of %s".formatted(part, unit.name()))
                .because(why)
                .at(where == null && unit.given() ? new Where.Input(part) : where)
                .trying(remedy);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /**
     * Inputs that the unit's own file sets and that were not read, each with the nearest known name. Call this after
     * everything was read.
     *
     * @param unused inputs without effect
     */
    public List<Problem> unknown(Collection<String> unused) {
        return unknownNames().stream()
                .filter(name -> unit.writes(name) && !unused.contains(name))
                .map(name -> {
                    String meant = remedy(name);
                    return Problem.failed(Kind.INVALID_INPUT, "unknown input \"%s\" of %s".formatted(name, unit.name()))
                            .because(
                                    meant == null
                                            ? "known here: " + String.join(", ", known)
                                            : "no input has this name")
                            .at(
                                    unit.given()
                                            ? new Where.Input(name)
                                            : unit.places().get(name))
                            .trying(meant);
                })
                .toList();
    }

    private @Nullable String remedy(String name) {
        String meaning = meanings.get(name);
        if (meaning == null) {
            return NearestName.suggestion(name, known);
        }
        return meaning.contains(" ") ? "write: " + meaning : "it is called \"%s\" here".formatted(meaning);
    }

    /** Whether the value could not be read, which was reported. */
    public boolean isUnread(String name) {
        return unread.contains(name);
    }

    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Throws if there are problems. */
    public void check() {
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
    }
}
