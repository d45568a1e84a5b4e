package dev.talosforge.talos.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.BrokenInput;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

public class ExtensionImageTest {
    public static final String GVISOR = """
            version: v1alpha1
            metadata:
              name: gvisor
              version: 20250505.0
              author: Sidero Labs
              description: |
                This system extension provides gVisor using containerd's runtime handler.
              compatibility:
                talos:
                  version: ">= v1.0.0"
              unknown: [1, 2]
            """;

    private static TreeBuilder good() {
        return new TreeBuilder(0).file("manifest.yaml", 0644, GVISOR).file("rootfs/usr/local/bin/runsc", 0755, "runsc");
    }

    private static List<Extension> load(String version, FileTree... images) {
        List<ExtensionImage> all = java.util.Arrays.stream(images)
                .map(image -> new ExtensionImage("registry.test/ext:v1", image, false))
                .toList();
        return ExtensionImage.load(all, Objects.requireNonNull(TalosVersion.parse(version)));
    }

    private static List<Problem> problems(String version, FileTree... images) {
        return assertThrows(BuildException.class, () -> load(version, images)).problems();
    }

    private static List<String> reasons(String version, TreeBuilder image) throws Exception {
        return problems(version, image.build()).stream().map(Problem::why).toList();
    }

    @Test
    void readsAnExtension() throws Exception {
        Extension extension = load("1.0.0", good().build()).getFirst();
        assertEquals(
                new ExtensionManifest(
                        "gvisor",
                        "20250505.0",
                        "Sidero Labs",
                        "This system extension provides gVisor using containerd's runtime handler.\n",
                        ">= v1.0.0",
                        ""),
                extension.manifest());
        assertEquals(
                List.of("usr", "usr/local", "usr/local/bin", "usr/local/bin/runsc"),
                extension.rootfs().entries().stream().map(Entry::path).toList());
    }

    @Test
    void aProblemNamesTheExtension() throws Exception {
        Problem problem = problems("1.0.0", good().file("a", 0644, "").build()).getFirst();
        assertEquals(
                Problem.failed(Problem.Kind.BAD_ARTIFACT, "cannot use extension registry.test/ext:v1")
                        .because("unexpected file \"a\""),
                problem);
    }

    @Test
    void refusesWhatIsNotAnExtension() throws Exception {
        assertEquals(
                List.of("extension rootfs is missing"),
                reasons("1.0.0", new TreeBuilder(0).file("manifest.yaml", 0644, GVISOR)));
        assertEquals(
                List.of("extension manifest is missing"),
                reasons("1.0.0", new TreeBuilder(0).directory("rootfs", 0755)));
        assertEquals(
                List.of("unsupported manifest version: \"\""),
                reasons("1.0.0", good().file("manifest.yaml", 0644, "---\n")));
        assertEquals(
                List.of("unsupported manifest version: \"v2\""),
                reasons("1.0.0", good().file("manifest.yaml", 0644, "version: v2\n")));
        assertEquals(
                List.of("extension manifest at offset 0 (0x0): EOF: the file is empty"),
                reasons("1.0.0", good().file("manifest.yaml", 0644, "")));
    }

    @Test
    void checksTheTalosVersion() throws Exception {
        TreeBuilder late = good().file("manifest.yaml", 0644, GVISOR.replace(">= v1.0.0", ">= v1.12.0"));
        assertEquals(
                List.of("version constraint >= v1.12.0 can't be satisfied with Talos version 1.11.5"),
                reasons("v1.11.5", late));
        assertEquals(1, load("v1.12.0-alpha.1", late.build()).size());
        assertEquals(
                List.of("error parsing Talos version constraint: \"~1.0.0\" is not a comparison"),
                reasons("v1.11.5", good().file("manifest.yaml", 0644, GVISOR.replace(">= v1.0.0", "~v1.0.0"))));
    }

    @Test
    void checksTheContents() throws Exception {
        TreeBuilder bad = good().file("rootfs/boot/vmlinuz", 0644, "")
                .file("rootfs/usr/lib64/a.so", 0644, "")
                .file("rootfs/usr/local/bin/open", 0666, "")
                .file("rootfs/usr/local/bin/su", 04755, "")
                .symlink("rootfs/usr/local/bin/link", "su")
                .add(new Entry.CharDevice("rootfs/usr/local/null", Entry.Attributes.root(0644, 0), 1, 3));
        assertEquals(
                List.of(
                        "path \"/boot/vmlinuz\" is not allowed in extensions",
                        "path \"/usr/lib64/a.so\" is not allowed in extensions",
                        "world-writeable files are not allowed: \"/usr/local/bin/open\"",
                        "files that run as their owner or group are not allowed: \"/usr/local/bin/su\"",
                        "special files are not allowed: \"/usr/local/null\""),
                reasons("1.11.5", bad));
    }

    @Test
    void takesOfficialExtensionsAsTheyAre() throws Exception {
        FileTree image = good().file("rootfs/opt/x", 0644, "").build();
        assertEquals(
                1,
                ExtensionImage.load(
                                List.of(new ExtensionImage("official", image, true)),
                                Objects.requireNonNull(TalosVersion.parse("1.11.5")))
                        .size());
    }

    @Test
    void reportsAFewOfMany() throws Exception {
        TreeBuilder bad = good();
        for (int i = 0; i < 30; i++) {
            bad.file("rootfs/opt/" + i, 0644, "");
        }
        List<String> reasons = reasons("1.11.5", bad);
        assertEquals(21, reasons.size());
        assertEquals("10 more files are not allowed", reasons.getLast());
    }

    @Test
    void whereFilesMayLieDependsOnTheVersion() throws Exception {
        FileTree merged = good().file("rootfs/usr/lib/firmware/a.bin", 0644, "").build();
        assertEquals(1, load("1.10.0", merged).size());
        assertEquals(
                "path \"/usr/lib/firmware/a.bin\" is not allowed in extensions",
                problems("1.9.6", merged).getFirst().why());
    }

    /** As Talos and imager read it: what is written out wins over what is merged, the first of a list over the next. */
    @Test
    void mergedPartsOfAManifestAreRead() throws Exception {
        TreeBuilder image =
                new TreeBuilder(0).file("manifest.yaml", 0644, """
                version: v1alpha1
                first: &first
                  author: Somebody
                  version: "1"
                base: &base
                  extraInfo: deep
                more: &more
                  <<: *base
                  author: Nobody
                  description: told
                metadata:
                  <<: [*first, *more]
                  name: merged
                  version: "2"
                  compatibility:
                    talos:
                      version: ">= v1.0.0"
                """).file("rootfs/usr/local/bin/x", 0755, "x");
        assertEquals(
                new ExtensionManifest("merged", "2", "Somebody", "told", ">= v1.0.0", "deep"),
                load("1.11.5", image.build()).getFirst().manifest());
    }

    /** siderolabs/extensions#69: imager takes it, and talosctl shows it. */
    @Test
    void aTemplateThatNobodyFilledInIsReported() throws Exception {
        TreeBuilder image = new TreeBuilder(0)
                .file(
                        "manifest.yaml",
                        0644,
                        GVISOR.replace("20250505.0", "$VERSION").replace("Sidero Labs", "\"{{ .AUTHOR }}\""))
                .file("rootfs/usr/local/bin/x", 0755, "x");
        assertEquals(
                List.of(
                        "its manifest still contains $VERSION in version: a template that was not filled in",
                        "its manifest still contains {{ .AUTHOR }} in author: a template that was not filled in"),
                load("1.11.5", image.build()).getFirst().warnings().stream()
                        .map(Problem::why)
                        .toList());
        assertEquals(List.of(), load("1.11.5", good().build()).getFirst().warnings());
        assertEquals(
                "; it still contains {{ .VERSION }}, a template that was not filled in",
                reasons(
                                "1.11.5",
                                new TreeBuilder(0)
                                        .file("manifest.yaml", 0644, GVISOR.replace("20250505.0", "{{ .VERSION }}"))
                                        .file("rootfs/usr/local/bin/x", 0755, "x"))
                        .getFirst()
                        .replaceFirst("[^;]*", ""));
    }

    @Test
    void whatEStargzAddsIsNamed() throws Exception {
        assertEquals(
                "unexpected file \"stargz.index.json\", which eStargz adds (publish the image without estargz)",
                problems("1.11.5", good().file("stargz.index.json", 0644, "").build())
                        .getFirst()
                        .why());
    }

    /** Case 14: nobody named a version that it could be held against. */
    @Test
    void withoutAVersionManifestsMayBeForAny() throws Exception {
        TreeBuilder image = new TreeBuilder(0)
                .file("manifest.yaml", 0644, GVISOR.replace(">= v1.0.0", ">= v1.14.0"))
                .file("rootfs/usr/local/bin/x", 0755, "x");
        TalosVersion rules = Objects.requireNonNull(TalosVersion.parse("v1.11.0"));
        ExtensionImage extension = new ExtensionImage("registry.test/ext:v1", image.build(), false);
        assertEquals(1, ExtensionImage.loadForAny(List.of(extension), rules).size());
        assertEquals(
                "version constraint >= v1.14.0 can't be satisfied with Talos version 1.11.0",
                problems("v1.11.0", image.build()).getFirst().why());
    }

    @Test
    void kernelModulesAreNotSupportedYet() throws Exception {
        FileTree modules = good().file("rootfs/usr/lib/modules/6.12.57-talos/a.ko", 0644, "")
                .build();
        assertEquals(
                List.of(Problem.failed(Problem.Kind.NOT_SUPPORTED, "cannot use extension registry.test/ext:v1")
                        .because(
                                "it contains kernel modules in /usr/lib/modules, and building a module index is not supported yet")
                        .trying("remove this extension")),
                problems("1.11.5", modules));
    }

    @Test
    void allProblemsOfAllExtensionsAreReported() throws Exception {
        assertEquals(
                3,
                problems(
                                "1.11.5",
                                good().file("a", 0644, "").build(),
                                good().build(),
                                new TreeBuilder(0)
                                        .file("b", 0644, "")
                                        .directory("rootfs", 0755)
                                        .build())
                        .size());
    }

    @Test
    void hostileManifestsEndInAProblem() throws Exception {
        StringBuilder bomb = new StringBuilder("version: v1alpha1\na0: &a0 [x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
        }
        assertEquals(
                List.of("unsupported manifest version: \"~\""),
                reasons("1.11.5", good().file("manifest.yaml", 0644, "version: '~'")));
        for (String text : List.of(
                bomb.toString(),
                "version: v1alpha1\nversion: v1alpha1\n",
                "[".repeat(100_000),
                "a: b: c",
                "- x",
                "version: v1alpha1\nmetadata: [1]",
                "version: v1alpha1\nmetadata: {name: {a: b}}",
                "x".repeat(1 << 19))) {
            assertTrue(
                    reasons("1.11.5", good().file("manifest.yaml", 0644, text)).size() == 1);
        }
    }

    @Test
    void damagedManifestsEndInAnException() {
        byte[] good = GVISOR.getBytes(StandardCharsets.UTF_8);
        BrokenInput.feed(good, 1, good.length, (ByteSource source) -> ExtensionManifest.read(source));
    }
}
