package dev.talosforge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The package map of docs/architecture.md, enforced. */
class ArchitectureTest {
    private static final String ROOT = "dev.talosforge";

    static final JavaClasses CLASSES =
            new ClassFileImporter().importPaths("core/target/classes", "cli/target/classes", "lab/target/classes");

    /** Package, and which of our packages it may use. A package that is not listed fails the build. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            entry("problem", List.of("bytes")),
            entry("bytes", List.of()),
            entry("yaml", List.of()),
            entry("json", List.of("bytes")),
            entry("tree", List.of("bytes")),
            entry("format", List.of("bytes", "tree")),
            entry("oci", List.of("bytes", "json", "tree", "format")),
            entry("net", List.of("bytes", "json", "problem")),
            entry("registry", List.of("net", "process", "oci", "json", "bytes", "problem")),
            entry("proxmox", List.of("net", "json", "bytes", "problem")),
            entry("talos", List.of("yaml", "format", "oci", "tree", "json", "bytes", "problem")),
            entry("provenance", List.of("proxmox", "engine", "talos", "oci", "json", "bytes")),
            entry(
                    "inspect",
                    List.of("provenance", "registry", "talos", "oci", "format", "tree", "json", "bytes", "problem")),
            entry("debian", List.of("process", "format", "tree", "json", "bytes", "problem")),
            entry("engine", List.of("tree", "bytes", "problem")),
            entry(
                    "extension",
                    List.of(
                            "engine", "debian", "process", "talos", "net", "oci", "format", "tree", "json", "bytes",
                            "problem")),
            entry("process", List.of()),
            entry("config", List.of("yaml", "talos", "process", "json", "bytes", "problem")),
            entry("state", List.of("json", "bytes", "problem")),
            entry(
                    "pipeline",
                    List.of(
                            "provenance",
                            "inspect",
                            "config",
                            "state",
                            "engine",
                            "extension",
                            "debian",
                            "talos",
                            "registry",
                            "proxmox",
                            "process",
                            "net",
                            "oci",
                            "format",
                            "tree",
                            "json",
                            "bytes",
                            "problem")),
            entry(
                    "lab",
                    List.of(
                            "cli",
                            "provenance",
                            "pipeline",
                            "config",
                            "state",
                            "engine",
                            "extension",
                            "debian",
                            "talos",
                            "registry",
                            "proxmox",
                            "process",
                            "net",
                            "oci",
                            "format",
                            "tree",
                            "json",
                            "bytes",
                            "problem")),
            entry(
                    "cli",
                    List.of(
                            "provenance",
                            "inspect",
                            "pipeline",
                            "config",
                            "state",
                            "engine",
                            "extension",
                            "debian",
                            "talos",
                            "registry",
                            "proxmox",
                            "process",
                            "net",
                            "oci",
                            "format",
                            "tree",
                            "json",
                            "bytes",
                            "problem")));

    @TestFactory
    Stream<DynamicTest> packagesUseOnlyWhatTheMapAllows() {
        return MAY_USE.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage(ROOT + "." + rule.getKey() + "..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(MAY_USE.keySet().stream()
                                        .filter(other -> !other.equals(rule.getKey()))
                                        .filter(other -> !rule.getValue().contains(other))
                                        .map(other -> ROOT + "." + other + "..")
                                        .toArray(String[]::new))
                                .allowEmptyShould(true)
                                .check(CLASSES)));
    }

    /** Rooms of the large packages, from below, and which of the others in the same package each may use. */
    private static final Map<String, List<String>> ROOMS = Map.ofEntries(
            entry("config.hcl.value", List.of()),
            entry("config.hcl.syntax", List.of("config.hcl.value")),
            entry("config.hcl.eval", List.of("config.hcl.syntax", "config.hcl.value")),
            entry("config.hcl.functions", List.of("config.hcl.eval", "config.hcl.syntax", "config.hcl.value")),
            entry("config.unit", List.of("config.hcl")),
            entry("config.source", List.of("config.unit", "config.hcl")),
            entry("config.text", List.of("config.hcl")),
            entry("config.terragrunt.block", List.of("config.unit", "config.text", "config.hcl")),
            entry("config.terragrunt.run", List.of("config.terragrunt.block", "config.unit", "config.hcl")),
            entry(
                    "config.terragrunt.functions",
                    List.of(
                            "config.terragrunt.run",
                            "config.terragrunt.block",
                            "config.unit",
                            "config.text",
                            "config.hcl")),
            entry(
                    "config.terragrunt.stack",
                    List.of(
                            "config.terragrunt.functions",
                            "config.terragrunt.run",
                            "config.terragrunt.block",
                            "config.unit",
                            "config.hcl")),
            entry(
                    "config.terragrunt.file",
                    List.of(
                            "config.terragrunt.functions",
                            "config.terragrunt.run",
                            "config.terragrunt.block",
                            "config.unit",
                            "config.hcl")),
            entry(
                    "config.terragrunt",
                    List.of(
                            "config.terragrunt.stack",
                            "config.terragrunt.file",
                            "config.terragrunt.functions",
                            "config.terragrunt.run",
                            "config.terragrunt.block",
                            "config.unit",
                            "config.hcl")),
            entry(
                    "config",
                    List.of("config.terragrunt", "config.terragrunt.file", "config.terragrunt.run", "config.unit")),
            entry("talos", List.of()),
            entry("talos.kernel", List.of("talos")),
            entry("talos.service", List.of("talos")),
            entry("talos.extension", List.of("talos.service", "talos")),
            entry("talos.image", List.of("talos.extension", "talos.service", "talos.kernel", "talos")),
            entry("proxmox.api", List.of()),
            entry("proxmox.wire", List.of("proxmox.api")),
            entry("proxmox.session", List.of("proxmox.wire", "proxmox.api")),
            entry("proxmox.storage", List.of("proxmox.session", "proxmox.wire", "proxmox.api")),
            entry("proxmox.machine", List.of("proxmox.session", "proxmox.wire")),
            entry(
                    "proxmox.upload",
                    List.of("proxmox.storage", "proxmox.machine", "proxmox.session", "proxmox.wire", "proxmox.api")),
            entry(
                    "proxmox",
                    List.of(
                            "proxmox.upload",
                            "proxmox.storage",
                            "proxmox.machine",
                            "proxmox.session",
                            "proxmox.wire",
                            "proxmox.api")),
            entry("cli.text", List.of()),
            entry("cli.words", List.of()),
            entry("cli.session", List.of("cli.words", "cli.text")),
            entry("cli.command.tree", List.of("cli.session", "cli.words", "cli.text")),
            entry("cli.command.images", List.of("cli.session", "cli.words", "cli.text")),
            entry("cli.command.upkeep", List.of("cli.session", "cli.words", "cli.text")),
            entry(
                    "cli",
                    List.of(
                            "cli.command.tree",
                            "cli.command.images",
                            "cli.command.upkeep",
                            "cli.session",
                            "cli.words",
                            "cli.text")),
            entry("pipeline.context", List.of()),
            entry("pipeline.inputs", List.of()),
            entry("pipeline.image", List.of("pipeline.context")),
            entry("pipeline.lint", List.of("pipeline.inputs")),
            entry("pipeline.pin", List.of("pipeline.image", "pipeline.inputs", "pipeline.context")),
            entry("pipeline.publish", List.of("pipeline.image", "pipeline.inputs", "pipeline.context")),
            entry("pipeline.run", List.of("pipeline.pin", "pipeline.lint", "pipeline.inputs", "pipeline.context")),
            entry(
                    "pipeline.stage.extension",
                    List.of(
                            "pipeline.pin",
                            "pipeline.publish",
                            "pipeline.image",
                            "pipeline.inputs",
                            "pipeline.context")),
            entry(
                    "pipeline.stage.images",
                    List.of(
                            "pipeline.pin",
                            "pipeline.publish",
                            "pipeline.image",
                            "pipeline.inputs",
                            "pipeline.context")),
            entry("pipeline.stage.upload", List.of("pipeline.inputs", "pipeline.context")),
            entry(
                    "pipeline.stage",
                    List.of(
                            "pipeline.stage.extension",
                            "pipeline.stage.images",
                            "pipeline.stage.upload",
                            "pipeline.pin",
                            "pipeline.inputs",
                            "pipeline.context")),
            entry("pipeline.hook", List.of("pipeline.run", "pipeline.context")),
            entry(
                    "pipeline.request",
                    List.of(
                            "pipeline.stage",
                            "pipeline.publish",
                            "pipeline.pin",
                            "pipeline.lint",
                            "pipeline.inputs",
                            "pipeline.context")),
            entry("pipeline.verify", List.of("pipeline.run", "pipeline.image", "pipeline.inputs", "pipeline.context")),
            entry(
                    "pipeline.apply",
                    List.of(
                            "pipeline.stage",
                            "pipeline.hook",
                            "pipeline.run",
                            "pipeline.pin",
                            "pipeline.lint",
                            "pipeline.inputs",
                            "pipeline.context")),
            entry(
                    "pipeline.lock",
                    List.of(
                            "pipeline.stage",
                            "pipeline.run",
                            "pipeline.pin",
                            "pipeline.image",
                            "pipeline.inputs",
                            "pipeline.context")),
            entry("pipeline.module", List.of("pipeline.run", "pipeline.inputs")),
            entry("pipeline.prune", List.of("pipeline.stage", "pipeline.run", "pipeline.inputs", "pipeline.context")),
            entry(
                    "pipeline.doctor",
                    List.of(
                            "pipeline.apply",
                            "pipeline.stage.upload",
                            "pipeline.stage",
                            "pipeline.run",
                            "pipeline.inputs",
                            "pipeline.context")),
            entry("pipeline", List.of("pipeline.apply", "pipeline.lock", "pipeline.run", "pipeline.context")));

    /**
     * Classes of one package that need one another, by the first of their names. Nothing is added here without a
     * reason; a knot that has become smaller is an entry that has to change.
     */
    private static final SortedMap<String, Set<String>> KNOTS = new TreeMap<>(Map.of(
            // Values hold values, and their members are ordered as values are.
            "config.hcl.value.Items", Set.of("Items", "Members", "Value", "ValueOrder"),
            "config.hcl.value.Type", Set.of("Type", "Unification"),
            // A place shows its line, and a text gives places.
            "config.hcl.syntax.Range", Set.of("Range", "SourceText"),
            // Expressions stand in templates, templates and collections in expressions: recursive descent.
            "config.hcl.syntax.CollectionParser",
                    Set.of("CollectionParser", "ExpressionParser", "TemplateParser", "TemplatePieces"),
            // The same recursion, evaluated.
            "config.hcl.eval.Arguments",
                    Set.of(
                            "Arguments",
                            "Calls",
                            "Conditionals",
                            "Evaluator",
                            "Function",
                            "FunctionSet",
                            "FunctionTable",
                            "Loops",
                            "Operators",
                            "TemplateText")));

    /** What the command line may see of the pipeline: what is asked for, and what comes of it. */
    private static final Set<String> ASKED_BY_CLI = Set.of(
            "pipeline",
            "pipeline.run",
            "pipeline.apply",
            "pipeline.context",
            "pipeline.doctor",
            "pipeline.lock",
            "pipeline.module",
            "pipeline.prune",
            "pipeline.request",
            "pipeline.verify",
            "pipeline.lint.LintFinding",
            "pipeline.lint.LintRule",
            "pipeline.pin.LockLocation",
            "pipeline.image.SingleLayerImage",
            "pipeline.stage.extension.ExtensionScaffold");

    private static final int MOST_FLOORS = 8;

    @TestFactory
    Stream<DynamicTest> roomsUseOnlyWhatTheMapAllows() {
        return ROOMS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> {
                    String top = room.getKey().split("\\.", 2)[0];
                    SortedSet<String> others = new TreeSet<>();
                    for (Map.Entry<String, SortedSet<String>> use : classUses().entrySet()) {
                        if (packageOf(use.getKey()).equals(room.getKey())) {
                            use.getValue().stream()
                                    .filter(used -> (used + ".").startsWith(top + "."))
                                    .filter(used -> !packageOf(used).equals(room.getKey()))
                                    .filter(used ->
                                            room.getValue().stream().noneMatch(may -> isIn(may, packageOf(used))))
                                    .forEach(used -> others.add(use.getKey() + " -> " + used));
                        }
                    }
                    assertTrue(others.isEmpty(), () -> String.join(", ", others));
                }));
    }

    /** HCL's rooms are named as one by those who use the language. */
    private static boolean isIn(String allowed, String used) {
        return used.equals(allowed) || (allowed.equals("config.hcl") && used.startsWith("config.hcl."));
    }

    @Test
    void everyRoomIsOnTheMap() {
        SortedSet<String> unlisted = new TreeSet<>();
        for (String name : classUses().keySet()) {
            String room = packageOf(name);
            boolean large =
                    ROOMS.keySet().stream().anyMatch(known -> known.split("\\.", 2)[0].equals(room.split("\\.", 2)[0]));
            if (large && !ROOMS.containsKey(room)) {
                unlisted.add(room);
            }
        }
        assertTrue(unlisted.isEmpty(), () -> "not on the map: " + unlisted);
    }

    @Test
    void noLargePackageHasTooManyFloors() {
        SortedMap<String, Integer> floors = new TreeMap<>();
        ROOMS.keySet().forEach(room -> floor(room, floors));
        floors.values().removeIf(floor -> floor <= MOST_FLOORS);
        assertTrue(floors.isEmpty(), () -> "on a floor above " + MOST_FLOORS + ": " + floors);
    }

    /** From 1. The rooms of the language are one floor for those who use it, and have their own among themselves. */
    private static int floor(String room, SortedMap<String, Integer> known) {
        Integer floor = known.get(room);
        if (floor == null) {
            floor = 1;
            for (String below : ROOMS.getOrDefault(room, List.of())) {
                floor = Math.max(floor, 1 + floor(below, known));
            }
            known.put(room, floor);
        }
        return floor;
    }

    @Test
    void packagesDoNotNeedOneAnother() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void classesOfAPackageDoNotNeedOneAnother() {
        SortedMap<String, Set<String>> found = new TreeMap<>();
        for (Set<String> knot : knots(classUses())) {
            SortedSet<String> names = new TreeSet<>();
            knot.forEach(name -> names.add(name.substring(name.lastIndexOf('.') + 1)));
            found.put(new TreeSet<>(knot).getFirst(), names);
        }
        SortedMap<String, Set<String>> added = new TreeMap<>(found);
        added.entrySet().removeAll(KNOTS.entrySet());
        SortedMap<String, Set<String>> gone = new TreeMap<>(KNOTS);
        gone.entrySet().removeAll(found.entrySet());
        assertTrue(
                added.isEmpty() && gone.isEmpty(),
                () -> "need one another and are not on the list: %s; on the list and not so: %s"
                        .formatted(added, gone.keySet()));
    }

    @Test
    void theCommandLineAsksOnlyWhatIsMeantForIt() {
        SortedSet<String> others = new TreeSet<>();
        for (Map.Entry<String, SortedSet<String>> use : classUses().entrySet()) {
            if ((use.getKey() + ".").startsWith("cli.")) {
                use.getValue().stream()
                        .filter(used -> used.startsWith("pipeline."))
                        .filter(used -> !ASKED_BY_CLI.contains(used) && !ASKED_BY_CLI.contains(packageOf(used)))
                        .forEach(used -> others.add(use.getKey() + " -> " + used));
            }
        }
        assertTrue(others.isEmpty(), () -> String.join(", ", others));
    }

    /** Which of our classes each of them names in its code; nested ones count as the class that they stand in. */
    private static SortedMap<String, SortedSet<String>> classUses() {
        SortedMap<String, SortedSet<String>> uses = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            String name = topLevel(type);
            SortedSet<String> used = uses.computeIfAbsent(name, _ -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith(ROOT)
                        && !topLevel(target).equals(name)) {
                    used.add(topLevel(target));
                }
            }
        }
        return uses;
    }

    private static String topLevel(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "").substring(ROOT.length() + 1);
    }

    private static String packageOf(String name) {
        int end = name.lastIndexOf('.');
        return end < 0 ? "" : name.substring(0, end);
    }

    /** Sets of classes of which each can be reached from every other, larger than one. */
    private static List<Set<String>> knots(SortedMap<String, SortedSet<String>> uses) {
        SortedMap<String, SortedSet<String>> reached = new TreeMap<>();
        uses.keySet().forEach(name -> reached.put(name, reachable(name, uses)));
        Set<Set<String>> knots = new LinkedHashSet<>();
        reached.forEach((name, all) -> {
            SortedSet<String> knot = new TreeSet<>(all);
            knot.removeIf(other -> !reached.getOrDefault(other, new TreeSet<>()).contains(name));
            if (!knot.isEmpty()) {
                knots.add(knot);
            }
        });
        return List.copyOf(knots);
    }

    /** What can be reached from a class by one step or more. */
    private static SortedSet<String> reachable(String from, SortedMap<String, SortedSet<String>> uses) {
        SortedSet<String> reached = new TreeSet<>();
        Deque<String> left = new ArrayDeque<>(uses.getOrDefault(from, new TreeSet<>()));
        while (!left.isEmpty()) {
            String next = left.pop();
            if (reached.add(next)) {
                left.addAll(uses.getOrDefault(next, new TreeSet<>()));
            }
        }
        return reached;
    }

    @Test
    void everyPackageIsOnTheMap() {
        List<String> unlisted = CLASSES.getPackage(ROOT).getSubpackages().stream()
                .map(JavaPackage::getRelativeName)
                .filter(name -> !MAY_USE.containsKey(name))
                .toList();
        assertTrue(unlisted.isEmpty(), () -> "not on the map: " + unlisted);
    }

    @Test
    void formatsDoNotKnowEachOther() {
        slices().matching(ROOT + ".format.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    /** Codecs come from libraries, and only {@code format.compress} knows which. */
    @Test
    void formatsNeedOnlyTheJdk() {
        classes()
                .that()
                .resideInAnyPackage(ROOT + ".format..", ROOT + ".bytes..", ROOT + ".tree..")
                .and()
                .resideOutsideOfPackage(ROOT + ".format.compress..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", ROOT + "..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLinePrintsOrExits() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
                CLASSES.that(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are outside cli", c -> !c.getPackageName().startsWith(ROOT + ".cli"))));
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    /** A front end of another kind has other words, and other means to take them. */
    @Test
    void onlyTheCommandLineKnowsHowItIsTyped() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".lab.command..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", ROOT + ".cli..")
                .check(CLASSES);
    }

    /** A record's constructor takes its parts by position, most of them texts: the builder says which is which. */
    @Test
    void problemsAreMadeByTheirBuilder() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".problem..")
                .should()
                .callConstructorWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "makes a problem",
                        call -> call.getTargetOwner().getFullName().equals(ROOT + ".problem.Problem")))
                .check(CLASSES);
    }

    /** One policy for all programs: what they may say, how long they may take, and that nothing of them is left. */
    @Test
    void onlyOnePackageStartsPrograms() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".process..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(CLASSES);
    }

    /** Whoever had a store without its lock would lose what he writes there to the next run that opens it. */
    @Test
    void storesAreOpenedInOnePlace() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.pipeline\\.context\\.OpenStore")
                .should()
                .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "opens a store",
                        call -> call.getTarget().getFullName().startsWith(ROOT + ".engine.Store.open(")))
                .check(CLASSES);
    }

    /** A build is a function of its inputs: time and randomness come in as arguments. */
    @Test
    void onlyTheCommandLineReadsTheClockOrTheEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .check(CLASSES);
    }

    /**
     * What the operating system says of an open file comes without the file's name, which only {@code bytes} adds. Left
     * out are the lab, whose files are its own, and what is read in order to look: failing, that says nothing.
     */
    @Test
    void onlyBytesOpenFiles() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".bytes..", ROOT + ".lab..", ROOT + ".cli..")
                .and(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "do not say where a failure is", c -> !LOOK_ONLY.contains(c.getSimpleName())))
                .should()
                .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "opens a file by a stream or a channel of the JDK",
                        call -> OPENING.contains(call.getTargetOwner().getSimpleName() + "." + call.getName())))
                .orShould()
                .callConstructor(java.io.FileOutputStream.class, java.io.File.class)
                .orShould()
                .callConstructor(java.io.FileInputStream.class, java.io.File.class)
                .check(CLASSES);
    }

    private static final Set<String> LOOK_ONLY = Set.of("SourceTrace", "HookPlace", "Sandbox");

    private static final Set<String> OPENING = Set.of(
            "Files.newInputStream",
            "Files.newOutputStream",
            "Files.newByteChannel",
            "Files.newBufferedReader",
            "Files.newBufferedWriter",
            "Files.readAllBytes",
            "Files.readString",
            "Files.readAllLines",
            "Files.lines",
            "Files.write",
            "Files.writeString",
            "FileChannel.open");

    /** A language that is used for the tree, and would be good for any other. */
    @Test
    void theLanguageKnowsNothingOfTheTree() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".config.hcl..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are ours and neither problems nor the language itself",
                        c -> c.getPackageName().startsWith(ROOT)
                                && !c.getPackageName().startsWith(ROOT + ".config.hcl")
                                && !c.getPackageName().startsWith(ROOT + ".problem")))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> unmarked = CLASSES.getPackage(ROOT).getSubpackagesInTree().stream()
                .filter(p -> !p.getClasses().isEmpty())
                .filter(p -> !p.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();
        assertTrue(unmarked.isEmpty(), () -> "not @NullMarked: " + unmarked);
    }
}
