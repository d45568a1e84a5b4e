package dev.talosforge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The package map of docs/architecture.md, enforced. */
class ArchitectureTest {
    private static final String ROOT = "dev.talosforge";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** Package, and which of our packages it may use. A package that is not listed fails the build. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            entry("problem", List.of()),
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
            entry("inspect", List.of("registry", "talos", "oci", "format", "tree", "json", "bytes", "problem")),
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
                            "lab",
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

    private static final Set<String> LOOK_ONLY = Set.of("Written", "HookPlace", "Sandbox");

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
