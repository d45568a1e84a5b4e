package dev.talosforge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Only {@code cli} knows how it is called: another front end has other words for the same things. */
class CommandLineNamesTest {
    private static final String CLI = "dev.talosforge.cli";

    /** The lab brings commands of its own. */
    private static final String LAB = "dev.talosforge.lab.command";

    private static final JavaClasses CLASSES = ArchitectureTest.CLASSES;

    /** Options of other programs that are spelled as ones of ours. */
    private static final SortedSet<String> THEIRS = new TreeSet<>(List.of(
            "pipeline.doctor.MachineCheck: replace the EFI disk with one without keys: qm set %1$d --delete efidisk0",
            "pipeline.doctor.MachineCheck: qm set %d --bios"));

    @Test
    void nothingOutsideTheCommandLineNamesACommandOrAnOptionOfIt() throws IOException {
        SortedSet<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (type.getName().startsWith(CLI + ".") || type.getName().startsWith(LAB + ".")) {
                continue;
            }
            for (String text : texts(type)) {
                if (!spoken(text).isEmpty()) {
                    String one = "%s: %s".formatted(type.getName().substring("dev.talosforge.".length()), text);
                    if (THEIRS.stream().noneMatch(one::startsWith)) {
                        found.add(one);
                    }
                }
            }
        }
        assertTrue(found.isEmpty(), () -> String.join("\n", found));
    }

    /** What the scan takes for words of the command line, and what it does not. */
    @Test
    void wordsOfTheCommandLineAreSeen() {
        assertEquals(
                List.of("talos-forge lock", "talos-forge -C", "talos-forge …", "--no-hooks", "--store", "--var"),
                List.of(
                                "run: talos-forge lock",
                                "name it: talos-forge -C DIR …",
                                "TALOS_FORGE_HEAP=1g talos-forge …",
                                "--no-hooks",
                                "elsewhere: --store DIR",
                                "--var '\u0001=x'",
                                "a newer talos-forge",
                                "talos-forge leaves the unit",
                                "talos-forge-lab",
                                "--storages",
                                "pvesm status --storage x")
                        .stream()
                        .flatMap(text -> spoken(text).stream())
                        .toList());
    }

    private static List<String> spoken(String text) {
        return Words.PATTERN.matcher(text).results().map(found -> found.group()).toList();
    }

    /** Texts in a class: those that it has whole, and those that it puts others into. */
    private static List<String> texts(JavaClass type) throws IOException {
        List<String> texts = new ArrayList<>();
        try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            for (PoolEntry entry : ClassFile.of().parse(in.readAllBytes()).constantPool()) {
                if (entry instanceof StringEntry text) {
                    texts.add(text.stringValue());
                }
            }
        }
        return texts;
    }

    /** Names of all commands and options, as the command line itself declares them. */
    private static final class Words {
        static final Pattern PATTERN = pattern();

        private static Pattern pattern() {
            TreeSet<String> commands = new TreeSet<>();
            TreeSet<String> options = new TreeSet<>();
            for (JavaClass type : CLASSES) {
                if (type.isAnnotatedWith(Command.class)) {
                    commands.add(type.getAnnotationOfType(Command.class).name());
                }
                type.getFields().stream()
                        .filter(field -> field.isAnnotatedWith(Option.class))
                        .flatMap(field -> Arrays.stream(
                                field.getAnnotationOfType(Option.class).names()))
                        .filter(name -> name.startsWith("--"))
                        .forEach(options::add);
            }
            commands.removeIf(String::isEmpty);
            if (commands.size() < 20 || options.size() < 40) {
                throw new UncheckedIOException(new IOException("only %s and %s".formatted(commands, options)));
            }
            String verbs = commands.stream().map(Pattern::quote).collect(Collectors.joining("|"));
            String names = options.stream().map(Pattern::quote).collect(Collectors.joining("|"));
            return Pattern.compile(
                    "talos-forge (?:-\\w|…|(?:%s)\\b)|(?<![\\w-])(?:%s)(?![\\w-])".formatted(verbs, names));
        }
    }
}
