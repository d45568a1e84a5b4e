package dev.talosforge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.cli.ImagerWorld.Pair;
import dev.talosforge.cli.ImagerWorld.Wanted;
import dev.talosforge.parts.Difference;
import dev.talosforge.parts.IsoParts;
import dev.talosforge.parts.MeantDifferences;
import dev.talosforge.parts.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ISO and installer beside those that Talos' own imager makes of the same inputs, part by part. */
@Tag("conformance")
class ImagerTest {
    private static final Path INTENDED = Path.of("lab/src/test/resources/imager/differences.tsv");

    private static final String OLDER = "1.11.5";
    private static final String NEWER = "1.14.1";

    /** Of the example tree, without the platform, which is each artifact's own here. */
    private static final List<String> EXAMPLE = List.of(
            "intel_iommu=on",
            "iommu=pt",
            "-init_on_alloc",
            "mitigations=off",
            "net.ifnames=0",
            "console=tty0",
            "console=ttyS0");

    /** What is handed over in other ways by other boot loaders, and what contradicts itself. */
    private static final List<String> ODD = List.of(
            "-console",
            "console=ttyS1,9600",
            "a=1",
            "a=1",
            "-selinux",
            "$x",
            "y=${z}",
            "semi;colon",
            "#hash",
            "u=ü",
            "%d",
            "*");

    @TempDir
    static @Nullable Path folder;

    private static @Nullable ImagerWorld world;

    private static final SortedMap<String, SortedMap<String, Pair>> MADE = new TreeMap<>();

    @BeforeAll
    static void start() throws Exception {
        assertNotNull(folder);
        world = new ImagerWorld(folder, new ImagerInputs(folder));
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.inputs().close();
        }
    }

    private static ImagerWorld world() {
        assertNotNull(world);
        return world;
    }

    static List<String> names() {
        return List.of("five", "odd", "bare", "newer", "arm", "newer-arm");
    }

    /** What is made, by name. */
    private static Wanted wanted(String name) throws Exception {
        String amd64 = "amd64";
        List<String> none = List.of();
        return switch (name) {
            case "five" ->
                new Wanted(
                        name,
                        OLDER,
                        "v1.11.5",
                        amd64,
                        "nocloud",
                        "metal",
                        EXAMPLE,
                        world().inputs().fiveExtensions(),
                        "xz");
            case "odd" ->
                new Wanted(
                        name,
                        OLDER,
                        "v1.11.4",
                        amd64,
                        "metal",
                        "nocloud",
                        ODD,
                        world().inputs().oddExtensions(),
                        "zstd");
            case "newer" ->
                new Wanted(
                        name,
                        NEWER,
                        "v1.14.1",
                        amd64,
                        "nocloud",
                        "metal",
                        none,
                        world().inputs().oddExtensions(),
                        "zstd");
            case "bare" -> new Wanted(name, OLDER, "v1.11.5", amd64, "nocloud", "metal", none, none, "xz");
            case "arm" -> new Wanted(name, OLDER, "v1.11.5", "arm64", "nocloud", "metal", none, none, "xz");
            case "newer-arm" -> new Wanted(name, NEWER, "v1.14.1", "arm64", "metal", "metal", none, none, "xz");
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static SortedMap<String, Pair> made(String name) throws Exception {
        SortedMap<String, Pair> pairs = MADE.get(name);
        if (pairs == null) {
            pairs = world().made(wanted(name));
            MADE.put(name, pairs);
        }
        return pairs;
    }

    private static List<Difference> differences(String name) throws Exception {
        List<Difference> found = new ArrayList<>();
        for (Map.Entry<String, Pair> pair : made(name).entrySet()) {
            for (Difference difference :
                    Parts.differences(pair.getValue().ours(), pair.getValue().theirs())) {
                found.add(new Difference(
                        "%s %s/%s".formatted(name, pair.getKey(), difference.part()),
                        difference.ours(),
                        difference.theirs()));
            }
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyDifferenceIsMeant(String name) throws Exception {
        List<Difference> unexplained = MeantDifferences.read(INTENDED).unexplained(differences(name));
        assertEquals("", unexplained.stream().map(String::valueOf).collect(Collectors.joining("\n")));
    }

    @Test
    void everyMeantDifferenceOccurs() throws Exception {
        MeantDifferences meant = MeantDifferences.read(INTENDED);
        for (String name : names()) {
            meant.unexplained(differences(name));
        }
        assertEquals("", String.join("\n", meant.idle()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"newer", "newer-arm"})
    void inspectSaysTheSameOfBoth(String name) throws Exception {
        made(name);
        for (RealImager.Kind kind : RealImager.Kind.values()) {
            List<String> reported = world().inspected(name, kind);
            assertEquals(reported.getLast(), reported.getFirst());
            assertTrue(reported.getFirst().contains("talos.platform="), reported::toString);
        }
    }

    /** Else nothing would have been compared: one byte of a section, and one word of the list of extensions. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VERSION_ID=v1.11.4|VERSION_ID=v1.11.9|uki/section .osrel 1",
                "author: 'Ä & B|author: 'Ä & C|uki/initramfs/segment 3/extensions.yaml"
            })
    void aByteOfOursIsSeen(String from, String to, String part) throws Exception {
        assertNotNull(folder);
        Path planted =
                Files.copy(world().iso("odd"), folder.resolve("planted.iso"), StandardCopyOption.REPLACE_EXISTING);
        Parts before = Objects.requireNonNull(made("odd").get("iso")).ours();
        replace(planted, from, to);
        List<Difference> differences = Parts.differences(before, IsoParts.of(planted, folder));
        assertEquals(List.of(part), differences.stream().map(Difference::part).toList());
        assertTrue(differences.getFirst().theirs().contains(to), differences::toString);
    }

    private static void replace(Path file, String from, String to) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] found = from.getBytes(UTF_8);
        byte[] put = to.getBytes(UTF_8);
        assertEquals(found.length, put.length);
        int replaced = 0;
        for (int at = 0; at + found.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + found.length, found, 0, found.length)) {
                System.arraycopy(put, 0, bytes, at, put.length);
                replaced++;
            }
        }
        assertEquals(1, replaced);
        Files.write(file, bytes);
    }
}
