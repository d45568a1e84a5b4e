package dev.talosforge.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to do next, as data. Nothing but a front end knows how its users give a command or an option, so nothing else
 * says it: {@link Wording} does. As text each names things as they are named here, for whoever looks at one as it is.
 */
public sealed interface Remedy {
    /** An instruction in words. It contains commands of other programs as they are typed. */
    record Text(String text) implements Remedy {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A command of this program.
     *
     * @param all for every unit of the tree, if there is a choice
     * @param folder that it works in; null for the one of this run
     * @param options in the order in which they are shown
     */
    record Command(Verb verb, boolean all, @Nullable String folder, List<Give> options, List<String> arguments)
            implements Remedy {
        public Command {
            options = List.copyOf(options);
            arguments = List.copyOf(arguments);
        }

        /** The same, in a folder. */
        public Command in(String where) {
            return new Command(verb, all, where, options, arguments);
        }

        /** The same, for every unit of the tree. */
        public Command ofAll() {
            return new Command(verb, true, folder, options, arguments);
        }

        /** The same, with one more option. */
        public Command with(RunOption option, @Nullable String value) {
            List<Give> more = new ArrayList<>(options);
            more.add(new Give(option, value));
            return new Command(verb, all, folder, more, arguments);
        }

        /** The same, with one more option, which has no value. */
        public Command with(RunOption option) {
            return with(option, null);
        }

        @Override
        public String toString() {
            String text = verb.word()
                    + (all ? " all" : "")
                    + String.join("", arguments.stream().map(one -> " " + one).toList());
            String with = options.isEmpty()
                    ? ""
                    : options.stream().map(Give::toString).collect(Collectors.joining(", ", " (", ")"));
            return text + with + (folder == null ? "" : " in " + folder);
        }
    }

    /** An option to add to the command of this run. */
    record Give(RunOption option, @Nullable String value) implements Remedy {
        @Override
        public String toString() {
            return value == null ? option.word() : option.word() + " = " + value;
        }
    }

    /** A package for this machine's system, by its name in Debian. */
    record Install(String name) implements Remedy {
        @Override
        public String toString() {
            return "install " + name;
        }
    }

    /** An environment variable to set; without a value only its name is shown. */
    record Export(String name, @Nullable String value) implements Remedy {
        @Override
        public String toString() {
            return value == null ? name : name + " = " + value;
        }
    }

    /** A line to write into a file, or into a block of one. */
    record Write(String into, String line) implements Remedy {
        @Override
        public String toString() {
            return "write into " + into + ": " + line;
        }
    }

    /** One instruction of several parts, in reading order; the texts include the spaces between them. */
    record Sentence(List<Remedy> parts) implements Remedy {
        public Sentence {
            parts = List.copyOf(parts);
        }

        @Override
        public String toString() {
            return parts.stream().map(Object::toString).collect(Collectors.joining());
        }
    }

    /** Ways of which one is enough, the best one first. A front end leaves out those that its users do not have. */
    record Choice(List<Remedy> ways) implements Remedy {
        public Choice {
            ways = List.copyOf(ways);
        }

        @Override
        public String toString() {
            return ways.stream().map(Object::toString).collect(Collectors.joining(OR));
        }
    }

    /** Between the ways of a choice. */
    String OR = ", or ";

    /**
     * The same for users who do some things in another way. An instruction goes if a part of it does, a choice if none
     * of its ways is left.
     *
     * @param way replaces a part that has no parts of its own; null if these users have nothing like it
     * @return null if nothing is left
     */
    default @Nullable Remedy mapped(Function<Remedy, @Nullable Remedy> way) {
        return switch (this) {
            case Sentence(List<Remedy> parts) -> {
                List<Remedy> mapped = mapped(parts, way);
                yield mapped.size() < parts.size() ? null : new Sentence(mapped);
            }
            case Choice(List<Remedy> ways) -> {
                List<Remedy> left = mapped(ways, way).stream().distinct().toList();
                yield left.isEmpty() ? null : left.size() == 1 ? left.getFirst() : new Choice(left);
            }
            default -> way.apply(this);
        };
    }

    private static List<Remedy> mapped(List<Remedy> parts, Function<Remedy, @Nullable Remedy> way) {
        List<Remedy> mapped = new ArrayList<>();
        for (Remedy part : parts) {
            Remedy one = part.mapped(way);
            if (one != null) {
                mapped.add(one);
            }
        }
        return mapped;
    }

    /** The same, or this other way. */
    default Choice or(Remedy other) {
        List<Remedy> more = new ArrayList<>(this instanceof Choice(List<Remedy> ways) ? ways : List.of(this));
        more.add(other);
        return new Choice(more);
    }

    /** The same, or what these words say. */
    default Choice or(String other) {
        return or(new Text(other));
    }

    /** A command of this program, in the folder of this run. */
    static Command command(Verb verb, String... arguments) {
        return new Command(verb, false, null, List.of(), List.of(arguments));
    }

    static Give give(RunOption option) {
        return new Give(option, null);
    }

    static Give give(RunOption option, String value) {
        return new Give(option, value);
    }

    /** An instruction that begins with words. */
    static Sentence sentence(String first, Remedy... others) {
        List<Remedy> parts = new ArrayList<>();
        parts.add(new Text(first));
        parts.addAll(List.of(others));
        return new Sentence(parts);
    }

    /** The same, followed by words. */
    default Sentence then(String more) {
        return then(new Text(more));
    }

    /** The same, followed by another remedy. */
    default Sentence then(Remedy more) {
        List<Remedy> parts = new ArrayList<>(this instanceof Sentence(List<Remedy> own) ? own : List.of(this));
        parts.add(more);
        return new Sentence(parts);
    }

    /** A remedy of words only; null for null. */
    static @Nullable Remedy of(@Nullable String text) {
        return text == null ? null : new Text(text);
    }
}
