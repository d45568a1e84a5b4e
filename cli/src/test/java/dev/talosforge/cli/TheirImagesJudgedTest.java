package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.testkit.JudgedRegistry;
import dev.talosforge.testkit.RegistryTools;
import dev.talosforge.testkit.RegistryTools.Tool;
import dev.talosforge.testkit.RequiredTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Images that the real clients made and pushed, as a source of an extension: in whatever form the same files came, the
 * extension has one digest, that of the same files from a folder. What is no image is refused with its reason.
 */
@Tag("conformance")
class TheirImagesJudgedTest {
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    static @Nullable Path temporary;

    private static @Nullable JudgedRegistry registry;

    private static Path folder() {
        assertNotNull(temporary);
        return temporary;
    }

    private static JudgedRegistry registry() {
        assertNotNull(registry);
        return registry;
    }

    /** A command line of one of them; HOST/ stands for this registry. */
    private static String says(String line) throws Exception {
        String[] words = line.replace("HOST/", registry().host() + "/theirs/").split(" ", -1);
        return new RegistryTools(registry(), registry().host(), folder())
                .output(Tool.valueOf(words[0].toUpperCase(Locale.ROOT)), Arrays.copyOfRange(words, 1, words.length));
    }

    /** Two layers: the upper one takes a file of the lower one away. */
    @BeforeAll
    static void start() throws Exception {
        registry = JudgedRegistry.start(JudgedRegistry.Kind.PLAIN, folder());
        Path lower = files("lower", "one");
        Files.createSymbolicLink(lower.resolve("soft"), Path.of("one"));
        Files.writeString(lower.resolve("gone"), "gone");
        Files.writeString(files("upper", "two").resolve(".wh.gone"), "");
        Files.createSymbolicLink(files("both", "one").resolve("soft"), Path.of("one"));
        files("both", "two");
        for (String name : List.of("lower", "upper")) {
            RequiredTool.named("tar", "tar")
                    .run(
                            folder(),
                            NOTHING,
                            "--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C %1$s -cf %1$s.tar usr"
                                    .formatted(name)
                                    .split(" "));
        }
        configuration("right.json", "upper.tar");
        configuration("wrong.json", "upper.tar", "lower.tar");
        says("crane append -f lower.tar -f upper.tar -t HOST/docker:v1");
        says("crane mutate HOST/docker:v1 --set-platform linux/amd64 -t HOST/amd64:v1");
        says("crane mutate HOST/docker:v1 --set-platform linux/arm64 -t HOST/arm64:v1");
        for (String architecture : List.of("amd64", "arm64")) {
            says("crane copy HOST/%1$s:v1 HOST/pair:%1$s".formatted(architecture));
        }
        says("crane append --oci-empty-base -f lower.tar -f upper.tar -t HOST/oci:v1");
        says("crane append --oci-empty-base -f lower.tar -t HOST/lower:v1");
    }

    @AfterAll
    static void end() {
        if (registry != null) {
            registry.close();
        }
    }

    private static Path files(String root, String name) throws IOException {
        Path files = Files.createDirectories(folder().resolve(root).resolve("usr/local/share/theirs"));
        Files.writeString(files.resolve(name), name);
        return files;
    }

    /** An image's, with the diff ids of these layers. */
    private static void configuration(String name, String... layers) throws IOException {
        StringBuilder ids = new StringBuilder();
        for (String layer : layers) {
            ids.append(ids.isEmpty() ? "\"" : ",\"")
                    .append(Sha256.of(ByteSource.of(folder().resolve(layer))))
                    .append('"');
        }
        Files.writeString(
                folder().resolve(name),
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
                        .formatted(ids));
    }

    private static CommandLineRun extension(String name, String source) throws IOException {
        Path unit = Files.createDirectories(folder().resolve("unit-" + name));
        Files.writeString(unit.resolve("terragrunt.hcl"), """
                terraform { source = "../modules//talos_extension" }
                inputs = {
                  name = "theirs"
                  version = "v1.2.3"
                  extension_registry = "oci:image"
                  sources = [%s]
                }
                """.formatted(source));
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HOME", folder().toString());
        environment.put("PATH", String.valueOf(System.getenv("PATH")));
        environment.put("TALOS_FORGE_STORE", folder().resolve("store").toString());
        environment.put("SOURCE_DATE_EPOCH", "1735689600");
        return CommandLineRun.in(unit, environment, "apply");
    }

    private static String digest(CommandLineRun run) {
        assertEquals(0, run.code(), run::toString);
        return run.out().replaceFirst("(?s).*extension_digest +(\\S+).*", "$1");
    }

    private static CommandLineRun fromImage(String name) throws Exception {
        return extension(
                name,
                "{ image = \"%s/theirs/%s:v1@%s\", to = \"/\" }"
                        .formatted(
                                registry().host(),
                                name,
                                says("crane digest HOST/" + name + ":v1").strip()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "docker; crane validate --remote HOST/docker:v1",
                "oci; crane validate --remote HOST/oci:v1",
                "added; crane append -b HOST/lower:v1 -f upper.tar -t HOST/added:v1",
                "mutated; crane mutate HOST/amd64:v1 --annotation a=b --label l=m -t HOST/mutated:v1",
                "flat; crane flatten HOST/docker:v1 -t HOST/flat:v1",
                "index; crane index append -m HOST/arm64:v1 -m HOST/amd64:v1 -t HOST/index:v1",
                "list; regctl index create HOST/list:v1 --ref HOST/arm64:v1 --ref HOST/amd64:v1 "
                        + "-m application/vnd.docker.distribution.manifest.list.v2+json",
                "to-oci; regctl image mod HOST/docker:v1 --to-oci --create HOST/to-oci:v1",
                "to-docker; regctl image mod HOST/oci:v1 --to-docker --create HOST/to-docker:v1",
                "docker-zstd; regctl image mod HOST/docker:v1 --layer-compress zstd --create HOST/docker-zstd:v1",
                "not-compressed; regctl image mod HOST/oci:v1 --layer-compress none --create HOST/not-compressed:v1",
                "with-data; regctl image mod HOST/oci:v1 --data-max 2000 --annotation a=b --create HOST/with-data:v1",
                "v2s2; skopeo copy -q --format v2s2 docker://HOST/oci:v1 docker://HOST/v2s2:v1",
                "zstd; skopeo copy -q --dest-compress-format zstd --dest-force-compress-format "
                        + "docker://HOST/oci:v1 docker://HOST/zstd:v1",
                "zstd-chunked; skopeo copy -q --dest-compress-format zstd:chunked --dest-force-compress-format "
                        + "docker://HOST/oci:v1 docker://HOST/zstd-chunked:v1",
                "oras-copy; oras cp HOST/oci:v1 HOST/oras-copy:v1",
                "pair; oras manifest index create HOST/pair:v1 arm64 amd64",
            })
    void theSameFilesMakeTheSameExtension(String name, String command) throws Exception {
        says(command);
        String ours = digest(extension("ours", "{ dir = \"../both\", to = \"/\" }"));
        assertEquals(ours, digest(fromImage(name)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "artifact; oras push HOST/artifact:v1 --artifact-type application/vnd.acme.thing lower.tar:application/x-tar; "
                        + "OCI manifest: is not a container image but an artifact of type application/vnd.acme.thing",
                "file; oras push HOST/file:v1 lower.tar:application/x-tar; "
                        + "OCI manifest: is not a container image but an artifact of type application/vnd.unknown.artifact.v1",
                "chart; oras push HOST/chart:v1 --config right.json:application/vnd.cncf.helm.config.v1+json lower.tar; "
                        + "OCI manifest: is not a container image but an artifact of type application/vnd.cncf.helm.config.v1+json",
                "thing; regctl artifact put --artifact-type application/vnd.acme.thing -f lower.tar HOST/thing:v1; "
                        + "OCI manifest: is not a container image but an artifact of type application/vnd.acme.thing",
                "other; crane index append -m HOST/arm64:v1 -t HOST/other:v1; "
                        + "OCI index: has no image for linux/amd64, only for linux/arm64",
                "alone; crane mutate HOST/arm64:v1 --label a=b -t HOST/alone:v1; "
                        + "it is for linux/arm64, but the unit builds for linux/amd64",
                "wrong; oras push HOST/wrong:v1 --config wrong.json:application/vnd.oci.image.config.v1+json "
                        + "upper.tar:application/vnd.oci.image.layer.v1.tar; "
                        + "OCI image at offset 0 (0x0): the manifest has 1 layers, the configuration 2",
                "empty; oras manifest index create HOST/empty:v1; "
                        + "OCI index: has no image for linux/amd64, nor for any other platform",
            })
    void whatIsNoImageForUsIsRefused(String name, String command, String why) throws Exception {
        says(command);
        CommandLineRun run = fromImage(name);
        assertEquals(4, run.code(), run::toString);
        assertEquals(why, run.err().replaceFirst("(?s).*\n  why:   ([^\n]*)\n.*", "$1"), run::toString);
    }

    /** An image of oras' own, of one layer. */
    @Test
    void anImageThatOrasPutTogether() throws Exception {
        says("oras push HOST/made:v1 --config right.json:application/vnd.oci.image.config.v1+json "
                + "upper.tar:application/vnd.oci.image.layer.v1.tar");
        assertEquals(
                digest(extension("upper", "{ files = { \"usr/local/share/theirs/two\" = \"two\" } }")),
                digest(fromImage("made")));
    }
}
