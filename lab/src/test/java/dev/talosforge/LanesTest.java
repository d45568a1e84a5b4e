package dev.talosforge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The lane of a test is its tag: what needs none of these things has none, and runs in {@code make check}. So that a
 * slow test does not get in there unseen, a test that reaches one of these things through the code of tests has its
 * tag.
 */
class LanesTest {
    /** Without those of the JDK and of libraries, of which the names are enough. */
    private static final JavaClasses TESTS = ArchConfiguration.withThreadLocalScope(configuration -> {
        configuration.setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .importPaths(
                        "testkit/target/classes",
                        "core/target/test-classes",
                        "cli/target/test-classes",
                        "lab/target/test-classes");
    });

    private static final Set<String> TEST_METHODS =
            Set.of("Test", "TestFactory", "ParameterizedTest", "RepeatedTest", "TestTemplate");

    /**
     * A lane, and what leads to it: classes, or methods behind the name of their class. The first one that a test
     * reaches is its own; the tag of one before it does as well.
     */
    private record Lane(String tag, List<String> uses) {}

    private static final List<Lane> LANES = List.of(
            new Lane("conformance", List.of("dev.talosforge.testkit.Judge", "dev.talosforge.support.TalosMachine")),
            new Lane(
                    "boot",
                    List.of(
                            "dev.talosforge.lab.QemuBoot",
                            "dev.talosforge.lab.Machine",
                            "dev.talosforge.lab.Lab",
                            "dev.talosforge.cli.FrrSession")),
            new Lane(
                    "apt",
                    List.of(
                            "dev.talosforge.debian.Apt.fetch",
                            "dev.talosforge.debian.Apt.locked",
                            "dev.talosforge.debian.Apt.of")),
            new Lane(
                    "registry",
                    List.of(
                            "dev.talosforge.testkit.LocalRegistry",
                            "dev.talosforge.testkit.SpecRegistry",
                            "dev.talosforge.support.AnsweringServer",
                            "dev.talosforge.testkit.FaultProxy",
                            "dev.talosforge.testkit.TokenServer",
                            "dev.talosforge.lab.LabRegistry",
                            "dev.talosforge.lab.pve.PveEndpoint",
                            "com.sun.net.httpserver.HttpServer",
                            "com.sun.net.httpserver.HttpsServer",
                            "java.net.ServerSocket")),
            new Lane(
                    "reference",
                    List.of(
                            "java.lang.ProcessBuilder",
                            "java.lang.Runtime.exec",
                            "dev.talosforge.process.Program",
                            "dev.talosforge.debian.HostCommand",
                            "dev.talosforge.testkit.RequiredTool")));

    @Test
    void aTestHasTheTagOfWhatItUses() {
        SortedMap<String, String> untagged = new TreeMap<>();
        for (JavaClass type : TESTS) {
            for (JavaMethod test : type.getMethods()) {
                if (annotations(test).anyMatch(TEST_METHODS::contains)) {
                    String need = need(test, tags(test));
                    if (!need.isEmpty()) {
                        untagged.put(test.getFullName(), need);
                    }
                }
            }
        }
        assertEquals("", lines(untagged));
    }

    /** UploadTest itself knows no web server: its registry does. */
    @Test
    void whatATestReachesIsSeen() {
        JavaClass upload = TESTS.get("dev.talosforge.registry.UploadTest");
        assertEquals(
                Set.of("registry for com.sun.net.httpserver.HttpServer.create"),
                upload.getMethods().stream()
                        .filter(method -> annotations(method).anyMatch(TEST_METHODS::contains))
                        .map(test -> need(test, Set.of()))
                        .collect(Collectors.toSet()));
    }

    /** A class that was renamed would lead nowhere. */
    @ParameterizedTest
    @MethodSource
    void whatLeadsToALaneIsThere(String name) throws ClassNotFoundException {
        ClassLoader loader = LanesTest.class.getClassLoader();
        int end = name.lastIndexOf('.');
        if (Character.isUpperCase(name.charAt(end + 1))) {
            Class.forName(name, false, loader);
        } else {
            assertTrue(Stream.of(
                            Class.forName(name.substring(0, end), false, loader).getMethods())
                    .anyMatch(method -> method.getName().equals(name.substring(end + 1))));
        }
    }

    private static Stream<String> whatLeadsToALaneIsThere() {
        return LANES.stream().flatMap(lane -> lane.uses.stream());
    }

    @Test
    void theQuickLaneLeavesAllOthersOut() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String check = pom.substring(pom.indexOf("<id>check</id>"));
        String tags = LANES.stream().map(Lane::tag).collect(Collectors.joining(","));
        assertTrue(check.contains("<tests.without>%s</tests.without>".formatted(tags)), tags);
    }

    /** The launcher compiles without the checks, in folders that no other build reads. */
    @Test
    void onlyTheLauncherLeavesTheChecksOut() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String quick = pom.substring(pom.indexOf("<id>quick</id>"), pom.indexOf("<id>check</id>"));
        assertTrue(quick.contains("<compilerArgs combine.self=\"override\" />"), quick);
        assertTrue(quick.contains("<directory>${project.basedir}/target/quick</directory>"), quick);
        assertTrue(Files.readString(Path.of("talos-forge")).contains("mvn -q -B -Pquick "), "the launcher");
        try (Stream<Path> files = Files.list(Path.of("scripts"))) {
            List<Path> scripts =
                    new ArrayList<>(files.filter(Files::isRegularFile).toList());
            scripts.addAll(List.of(Path.of("Makefile"), Path.of(".ci/run")));
            for (Path script : scripts) {
                assertFalse(Files.readString(script).contains("-Pquick"), script::toString);
            }
        }
    }

    private static String lines(SortedMap<String, String> untagged) {
        return untagged.entrySet().stream()
                .map(entry -> "%s lacks the tag %s%n".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    /** The tag that a test lacks, and what it needs it for; empty if none. */
    private static String need(JavaMethod test, Set<String> tags) {
        SortedSet<String> used = used(test);
        for (Lane lane : LANES) {
            if (tags.contains(lane.tag)) {
                return "";
            }
            for (String name : used) {
                if (lane.uses.stream().anyMatch(use -> name.equals(use) || name.startsWith(use + "."))) {
                    return "%s for %s".formatted(lane.tag, name);
                }
            }
        }
        return "";
    }

    /** Methods, as class and name, that are reached from a test and what runs before and after it. */
    private static SortedSet<String> used(JavaMethod test) {
        SortedSet<String> used = new TreeSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>(roots(test));
        Set<JavaCodeUnit> seen = new LinkedHashSet<>(open);
        while (!open.isEmpty()) {
            for (JavaAccess<?> access : open.pop().getAccessesFromSelf()) {
                JavaClass owner = access.getTargetOwner();
                used.add(owner.getName() + "." + access.getTarget().getName());
                Stream.concat(
                                access.getTarget().resolveMember().stream()
                                        .filter(JavaCodeUnit.class::isInstance)
                                        .map(JavaCodeUnit.class::cast),
                                owner.getStaticInitializer().stream())
                        .filter(next -> TESTS.contain(next.getOwner().getName()))
                        .filter(seen::add)
                        .forEach(open::push);
            }
        }
        return used;
    }

    private static List<JavaCodeUnit> roots(JavaMethod test) {
        JavaClass type = test.getOwner();
        return Stream.of(
                        Stream.of(test),
                        type.getConstructors().stream(),
                        type.getStaticInitializer().stream(),
                        type.getMethods().stream().filter(LanesTest::runsForEveryTest))
                .<JavaCodeUnit>flatMap(units -> units)
                .toList();
    }

    private static boolean runsForEveryTest(JavaMethod method) {
        return annotations(method).anyMatch(name -> name.startsWith("Before") || name.startsWith("After"));
    }

    private static Stream<String> annotations(JavaMethod method) {
        return method.getAnnotations().stream()
                .map(annotation -> annotation.getRawType().getSimpleName());
    }

    private static Set<String> tags(JavaMethod test) {
        return Stream.of(test, test.getOwner()).flatMap(LanesTest::tagsOf).collect(Collectors.toSet());
    }

    private static Stream<String> tagsOf(HasAnnotations<?> element) {
        return Stream.concat(
                element.tryGetAnnotationOfType(Tag.class).map(Tag::value).stream(),
                element.tryGetAnnotationOfType(Tags.class).stream()
                        .flatMap(tags -> Stream.of(tags.value()).map(Tag::value)));
    }
}
