package dev.talosforge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.json.Json;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.pipeline.inputs.InputReader;
import dev.talosforge.pipeline.inputs.SourcesReader;
import dev.talosforge.pipeline.inputs.UploadInputs;
import dev.talosforge.pipeline.pin.UnitPins;
import dev.talosforge.pipeline.stage.Stage;
import dev.talosforge.pipeline.stage.extension.ExtensionStage;
import dev.talosforge.pipeline.stage.images.ImagesStage;
import dev.talosforge.pipeline.stage.upload.UploadStage;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.StagePlan;
import dev.talosforge.provenance.StagePlan.Change;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plan tells of every input whose change would change a digest or an output. The inputs are those that the code asks
 * for: a new one fails here until it is told of, or shown to change nothing.
 */
@Tag("reference")
class PlanSeesInputsTest {
    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);

    /** Inputs that say how something is done, and never what comes out. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            InputReader.CATALOG,
            "overwrite_tag",
            "semantic_tags",
            "proxmox_node_hostnames",
            "proxmox_name_taken",
            "proxmox_verify_stored",
            "proxmox_download_url");

    @TempDir
    static @Nullable Path folder;

    private static @Nullable DiskWorld made;

    @BeforeAll
    static void make() throws Exception {
        assertNotNull(folder);
        made = DiskWorld.in(folder);
    }

    private static DiskWorld world() {
        assertNotNull(made);
        return made;
    }

    private static BuildContext context() throws Exception {
        return ContextSample.in(world().folder().resolve("work"), new ArrayList<>());
    }

    private static Stage stage(String module, SequencedMap<String, String> inputs) throws Exception {
        StringBuilder text = new StringBuilder();
        inputs.forEach(
                (name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        return world().stage("unit", module, text.toString());
    }

    private static StagePlan plan(Stage stage, @Nullable ApplyRecord before) throws Exception {
        return stage.plan(context(), "unit", before);
    }

    /** What a stage's result is made of, as an apply records it. */
    private static ApplyRecord recorded(Stage stage) throws Exception {
        BuildContext context = context();
        return switch (stage) {
            case Stage.Extension(Stage.Given given) -> {
                ExtensionStage extension = new ExtensionStage(context, "unit", ExtensionInputs.read(given.reader()));
                yield extension.describe(extension.resolve(UnitPins.none()));
            }
            case Stage.Images(Stage.Given given) -> {
                ImagesStage images = new ImagesStage(context, "unit", ImagesInputs.read(given.reader()));
                yield images.describe(images.resolve(UnitPins.none()));
            }
            case Stage.Upload(Stage.Given given) -> {
                UploadStage upload = new UploadStage(context, "unit", UploadInputs.read(given.reader()));
                yield upload.describe(upload.content());
            }
            case Stage.Unmanaged _ -> throw new AssertionError("not ours");
        };
    }

    private static String reported(StagePlan plan) {
        StringBuilder text = new StringBuilder();
        for (Change change : plan.changes()) {
            text.append("%s %s: %s\n".formatted(change.kind(), change.what(), change.text()));
        }
        return text.toString();
    }

    private static Map<String, String> without(Map<String, String> inputs) {
        Map<String, String> rest = new TreeMap<>(inputs);
        rest.keySet().removeAll(WITHOUT_EFFECT);
        return rest;
    }

    /** Changes one input after the other. */
    private static void eachIsSeen(
            String module, SequencedMap<String, String> base, Map<String, String> changes, Collection<String> asked)
            throws Exception {
        Set<String> expected = new TreeSet<>(asked);
        expected.removeAll(WITHOUT_EFFECT);
        assertEquals(expected, without(changes).keySet(), "inputs of " + module);
        ApplyRecord before = recorded(stage(module, base));
        assertEquals("", reported(plan(stage(module, base), before)));
        for (Map.Entry<String, String> change : without(changes).entrySet()) {
            SequencedMap<String, String> inputs = new LinkedHashMap<>(base);
            inputs.put(change.getKey(), change.getValue());
            assertNotEquals("", reported(plan(stage(module, inputs), before)), change::toString);
        }
    }

    private static SequencedMap<String, String> inputs(String... namesAndValues) {
        SequencedMap<String, String> inputs = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            inputs.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return inputs;
    }

    private static SequencedMap<String, String> images() {
        return inputs(
                "talos_version", "\"v1.12.0\"",
                "imager_image", "\"oci:../world:imager\"",
                "base_installer_image", "\"oci:../world:base\"",
                "installer_registry", "\"oci:out\"",
                "squashfs_compression", "\"zstd\"");
    }

    @Test
    void everyInputOfImages() throws Exception {
        Map<String, String> changes = inputs(
                "talos_version", "\"v1.12.1\"",
                "kubernetes_version", "\"v1.34.1\"",
                "official_extensions", "[\"oci:../world:hello\"]",
                "custom_extensions", "[\"oci:../world:hello\"]",
                "kernel_args", "[\"quiet\"]",
                "installer_registry", "\"oci:other\"",
                "installer_tag", "\"trial\"",
                "iso_output_dir", "\"elsewhere\"",
                "iso_name", "\"other.iso\"",
                "architecture", "\"arm64\"",
                "architectures", "[\"amd64\", \"arm64\"]",
                "imager_image", "\"oci:../world:hello\"",
                "base_installer_image", "\"oci:../world:hello\"",
                "installer_platform", "\"nocloud\"",
                "iso_platform", "\"metal\"",
                "squashfs_compression", "\"xz\"");
        eachIsSeen("talos_images", images(), changes, ImagesInputs.NAMES);
    }

    private static SequencedMap<String, String> extension() {
        return inputs(
                "name", "\"hello\"",
                "version", "\"v1.0.0\"",
                "extension_registry", "\"oci:out\"",
                "sources", "[{ files = { \"usr/local/share/a\" = \"one\" } }]");
    }

    @Test
    void everyInputOfAnExtension() throws Exception {
        Map<String, String> changes = inputs(
                "name", "\"other\"",
                "version", "\"v1.0.1\"",
                "author", "\"somebody else\"",
                "description", "\"says more\"",
                "talos_compatibility", "\">= v1.10.0\"",
                "extension_registry", "\"oci:other\"",
                "extension_tag", "\"trial\"",
                "architecture", "\"arm64\"",
                "architectures", "[\"amd64\", \"arm64\"]",
                "container", "\"hello\"",
                "sources", "[{ files = { \"usr/local/share/a\" = \"two\" } }]",
                "service", "\"name: hello\\ncontainer:\\n  entrypoint: ./a\\nrestart: always\\n\"");
        Set<String> asked = new TreeSet<>(ExtensionInputs.NAMES);
        asked.removeAll(List.of("talos_version", "debian_lock", "extension_version")); // see the tests below
        eachIsSeen("talos_extension", extension(), changes, asked);
    }

    @Test
    void theOtherNameOfAnExtensionsVersion() throws Exception {
        SequencedMap<String, String> extension = inputs(
                "name", "\"hello\"",
                "extension_version", "\"v1.0.0\"",
                "extension_registry", "\"oci:out\"",
                "sources", "[{ files = { \"usr/local/share/a\" = \"one\" } }]");
        eachIsSeen(
                "talos_extension", extension, inputs("extension_version", "\"v1.0.1\""), Set.of("extension_version"));
    }

    @Test
    void theLockOfAnExtension() throws Exception {
        Path unit = Files.createDirectories(world().folder().resolve("unit"));
        for (String lock : List.of("debian.lock.json", "other.lock.json")) {
            Files.writeString(
                    unit.resolve(lock),
                    "{\"packages\": [\"frr\"], \"files\": [{\"name\": \"frr\", \"version\": \"8.4.4-1\"}]}");
        }
        SequencedMap<String, String> inputs = extension();
        inputs.put("sources", "[{ debian_packages = [\"frr\"] }]");
        ApplyRecord before = recorded(stage("talos_extension", inputs));
        inputs.put("debian_lock", "\"other.lock.json\"");
        assertNotEquals("", reported(plan(stage("talos_extension", inputs), before)));
    }

    @Test
    void everyInputOfAnUpload() throws Exception {
        Path unit = Files.createDirectories(world().folder().resolve("unit"));
        Files.writeString(unit.resolve("a.iso"), "one");
        Files.writeString(unit.resolve("b.iso"), "two");
        SequencedMap<String, String> base = inputs(
                "iso_path", "\"a.iso\"",
                "iso_name", "\"a.iso\"",
                "proxmox_datastore_id", "\"iso\"",
                "proxmox_node_names", "[\"pve01\"]");
        Map<String, String> changes = inputs(
                "iso_path", "\"b.iso\"",
                "iso_name", "\"b.iso\"",
                "proxmox_datastore_id", "\"other\"",
                "proxmox_node_names", "[\"pve01\", \"pve02\"]",
                "proxmox_iso_name", "\"content\"",
                "talos_version", "\"v1.12.0\"",
                "kubernetes_version", "\"v1.34.1\"");
        Set<String> others = new TreeSet<>(UploadInputs.NAMES);
        others.remove("proxmox_content_type");
        others.remove("iso_sha256"); // of a file that is there, it is only checked
        eachIsSeen("talos_proxmox_upload", base, changes, others);
        // No name is one of an ISO and of a disk image.
        ApplyRecord before = recorded(stage("talos_proxmox_upload", base));
        base.put("proxmox_content_type", "\"import\"");
        base.put("iso_name", "\"a.raw\"");
        String reported = reported(plan(stage("talos_proxmox_upload", base), before));
        assertTrue(reported.contains("iso:import/a.raw"), reported);
    }

    /** What is said to have no effect has none. */
    @Test
    void inputsWithoutEffectMakeTheSame() throws Exception {
        sameOutputs("talos_images", images(), inputs("overwrite_tag", "true", "catalog_path", "\"catalog.json\""));
        sameOutputs(
                "talos_extension",
                extension(),
                inputs(
                        "overwrite_tag", "true",
                        "catalog_path", "\"catalog.json\"",
                        "semantic_tags", "false",
                        "talos_version", "\"v1.12.0\""));
    }

    private static void sameOutputs(
            String module, SequencedMap<String, String> base, SequencedMap<String, String> without) throws Exception {
        String before = outputs(stage(module, base));
        for (Map.Entry<String, String> one : without.entrySet()) {
            SequencedMap<String, String> inputs = new LinkedHashMap<>(base);
            inputs.put(one.getKey(), one.getValue());
            assertEquals(before, outputs(stage(module, inputs)), one::toString);
        }
    }

    private static String outputs(Stage stage) throws Exception {
        SequencedMap<String, Json> outputs =
                stage.apply(context(), "unit", new TreeMap<>()).outputs();
        return outputs.toString();
    }

    @Test
    void theTimeThatTheEnvironmentSets() throws Exception {
        Stage stage = stage("talos_extension", extension());
        ApplyRecord before = recorded(stage);
        StagePlan later =
                stage.plan(ContextSample.at(world().folder().resolve("work"), ContextSample.TIME + 1), "unit", before);
        assertEquals("CHANGED SOURCE_DATE_EPOCH: 1735689600 -> 1735689601\n", reported(later));
        assertNotEquals(
                "",
                reported(stage("talos_images", images())
                        .plan(
                                ContextSample.at(world().folder().resolve("work"), ContextSample.TIME + 1),
                                "unit",
                                recorded(stage("talos_images", images())))));
    }

    @Test
    void imagesOfOtherArchitecturesAtPlacesOfTheirOwn() throws Exception {
        for (String name : List.of("own-amd64", "own-arm64")) {
            world().copy("hello", name);
        }
        SequencedMap<String, String> inputs = images();
        inputs.put("architectures", "[\"amd64\", \"arm64\"]");
        inputs.put("custom_extensions", "[\"oci:../own-{architecture}:v1\"]");
        ApplyRecord before = recorded(stage("talos_images", inputs));
        world().copy("base", "own-arm64");
        assertNotEquals("", reported(plan(stage("talos_images", inputs), before)));
    }

    @Test
    void theOrderOfExtensions() throws Exception {
        for (String name : List.of("one", "two")) {
            world().copy("hello", name);
        }
        SequencedMap<String, String> inputs = images();
        inputs.put("custom_extensions", "[\"oci:../one:v1\", \"oci:../two:v1\"]");
        ApplyRecord before = recorded(stage("talos_images", inputs));
        inputs.put("custom_extensions", "[\"oci:../two:v1\", \"oci:../one:v1\"]");
        String one = "oci:" + world().folder().resolve("one");
        String two = "oci:" + world().folder().resolve("two");
        assertEquals(
                "CHANGED order of extensions: %1$s, %2$s -> %2$s, %1$s\n".formatted(one, two),
                reported(plan(stage("talos_images", inputs), before)));
        inputs.put("custom_extensions", "[\"oci:../two:v1\"]");
        assertEquals(
                "REMOVED custom extension " + one,
                reported(plan(stage("talos_images", inputs), before)).split(":(?= )", -1)[0]);
    }

    @Test
    void theOrderOfPatches() throws Exception {
        files();
        Files.writeString(world().folder().resolve("unit/y.patch"), "--- a/x\n");
        SequencedMap<String, String> build =
                inputs("debian_packages", "[\"gcc\"]", "command", "\"make\"", "sources", "[{ dir = \"rootfs\" }]");
        build.put("patches", "[\"x.patch\", \"y.patch\"]");
        ApplyRecord before = recorded(stage("talos_extension", extensionOf(build(build))));
        build.put("patches", "[\"y.patch\", \"x.patch\"]");
        assertNotEquals("", reported(plan(stage("talos_extension", extensionOf(build(build))), before)));
    }

    /** Each kind of source with what makes it complete. */
    private static SequencedMap<String, SequencedMap<String, String>> kinds() {
        String digest = "\"%s\"".formatted(ONE);
        SequencedMap<String, SequencedMap<String, String>> kinds = new LinkedHashMap<>();
        kinds.put("image", inputs("image", "\"oci:../world:hello\""));
        kinds.put("debian_packages", inputs("debian_packages", "[\"frr\"]"));
        kinds.put("dir", inputs("dir", "\"rootfs\""));
        kinds.put("files", inputs("files", "{ \"a\" = \"one\" }"));
        kinds.put("archive", inputs("archive", "\"x.tar\"", "sha256", digest));
        kinds.put("download", inputs("download", "\"https://files.test/x\"", "sha256", digest, "path", "\"bin/x\""));
        kinds.put("build", inputs("build", "{ debian_packages = [\"gcc\"], command = \"make\" }"));
        return kinds;
    }

    /** Another value of each member that the code asks for. */
    private static Map<String, String> changes(String kind) {
        String digest = "\"%s\"".formatted(TWO);
        Map<String, String> changes = new TreeMap<>(inputs(
                "to", "\"/usr/local/x\"",
                "from", "\"/x\"",
                "include", "[\"a\"]",
                "exclude", "[\"a\"]",
                "modes", "{ \"a\" = \"0700\" }",
                "owners", "{ \"a\" = \"1:1\" }",
                "prune", String.valueOf(Set.of("dir", "files", "download").contains(kind))));
        changes.putAll(
                switch (kind) {
                    case "image" -> inputs("image", "\"oci:../world:base\"");
                    case "debian_packages" -> inputs("debian_packages", "[\"frr\", \"frr-snmp\"]");
                    case "dir" -> inputs("dir", "\"other\"");
                    case "files" -> inputs("files", "{ \"a\" = \"two\" }");
                    case "archive" -> inputs("archive", "\"y.tar\"", "sha256", digest, "strip", "1");
                    case "download" ->
                        inputs(
                                "download", "\"https://files.test/y\"",
                                "sha256", digest,
                                "path", "\"bin/y\"",
                                "mode", "\"0755\"");
                    default -> inputs("build", "{ debian_packages = [\"gcc\"], command = \"ninja\" }");
                });
        return changes;
    }

    private static SequencedMap<String, String> extensionOf(String source) {
        SequencedMap<String, String> inputs = extension();
        inputs.put("sources", "[{ %s }]".formatted(source));
        return inputs;
    }

    private static void files() throws Exception {
        Path unit = Files.createDirectories(world().folder().resolve("unit"));
        Files.createDirectories(unit.resolve("other"));
        Files.writeString(Files.createDirectories(unit.resolve("rootfs")).resolve("a"), "a");
        Files.writeString(unit.resolve("x.tar"), "");
        Files.writeString(unit.resolve("y.tar"), "");
        Files.writeString(unit.resolve("x.patch"), "");
        Files.deleteIfExists(unit.resolve("debian.lock.json"));
    }

    /** The names that the code asks for, from its answer to one that it does not know. */
    private static Set<String> asked(String source) {
        BuildException e =
                assertThrows(BuildException.class, () -> recorded(stage("talos_extension", extensionOf(source))));
        String begin = "it is unknown here; known are ";
        for (Problem problem : e.problems()) {
            if (problem.why().startsWith(begin)) {
                return new TreeSet<>(
                        List.of(problem.why().substring(begin.length()).split(", ", -1)));
            }
        }
        throw new AssertionError(e.problems().toString());
    }

    @Test
    void everyMemberOfEverySource() throws Exception {
        files();
        assertEquals(Set.copyOf(SourcesReader.KINDS), kinds().keySet());
        for (Map.Entry<String, SequencedMap<String, String>> kind : kinds().entrySet()) {
            Map<String, String> changes = changes(kind.getKey());
            assertEquals(asked(members(kind.getValue()) + ", zz = 1"), changes.keySet(), kind.getKey());
            ApplyRecord before = recorded(stage("talos_extension", extensionOf(members(kind.getValue()))));
            for (Map.Entry<String, String> change : changes.entrySet()) {
                SequencedMap<String, String> source = new LinkedHashMap<>(kind.getValue());
                source.put(change.getKey(), change.getValue());
                Stage changed = stage("talos_extension", extensionOf(members(source)));
                assertNotEquals("", reported(plan(changed, before)), source::toString);
            }
        }
    }

    private static String members(SequencedMap<String, String> members) {
        List<String> message = new ArrayList<>();
        members.forEach((name, value) -> message.add(name + " = " + value));
        return String.join(", ", message);
    }

    @Test
    void everyMemberOfABuild() throws Exception {
        files();
        Map<String, String> changes = new TreeMap<>(inputs(
                "debian_packages", "[\"gcc\", \"make\"]",
                "command", "\"ninja\"",
                "sources", "[{ dir = \"other\" }]",
                "patches", "[\"x.patch\"]",
                "environment", "{ A = \"1\" }"));
        SequencedMap<String, String> base =
                inputs("debian_packages", "[\"gcc\"]", "command", "\"make\"", "sources", "[{ dir = \"rootfs\" }]");
        Set<String> asked = asked(build(base).replace("build = {", "build = { zz = 1,"));
        asked.remove("timeout_minutes"); // how long it may take
        assertEquals(asked, changes.keySet());
        ApplyRecord before = recorded(stage("talos_extension", extensionOf(build(base))));
        for (Map.Entry<String, String> change : changes.entrySet()) {
            SequencedMap<String, String> members = new LinkedHashMap<>(base);
            members.put(change.getKey(), change.getValue());
            assertNotEquals(
                    "",
                    reported(plan(stage("talos_extension", extensionOf(build(members))), before)),
                    change::toString);
        }
    }

    private static String build(SequencedMap<String, String> members) {
        return "build = { %s }".formatted(members(members));
    }

    /** Sources of one name are told together: where each of them goes is seen all the same. */
    @Test
    void sourcesOfOneNameThatChangePlaces() throws Exception {
        SequencedMap<String, String> inputs = extension();
        inputs.put(
                "sources", "[{ files = { a = \"1\" }, to = \"/usr/x\" }, { files = { b = \"2\" }, to = \"/usr/y\" }]");
        ApplyRecord before = recorded(stage("talos_extension", inputs));
        inputs.put(
                "sources", "[{ files = { b = \"2\" }, to = \"/usr/x\" }, { files = { a = \"1\" }, to = \"/usr/y\" }]");
        assertEquals(
                "CHANGED arrangement of sources: other files of a source, or in other places\n",
                reported(plan(stage("talos_extension", inputs), before)));
    }

    /** A folder without files has no line of its own among those of the files. */
    @Test
    void anEmptyFolderInAFolder() throws Exception {
        files();
        ApplyRecord before = recorded(stage("talos_extension", extensionOf("dir = \"rootfs\"")));
        Path empty = Files.createDirectories(world().folder().resolve("unit/rootfs/empty"));
        String reported = reported(plan(stage("talos_extension", extensionOf("dir = \"rootfs\"")), before));
        Files.delete(empty);
        assertEquals(
                "CHANGED dir rootfs",
                reported.substring(0, Math.min(reported.length(), "CHANGED dir rootfs".length())));
    }

    /** What an earlier version of this program recorded lacks some parts: that is no change. */
    @Test
    void olderRecordsAreNoChange() throws Exception {
        SequencedMap<String, String> inputs = extension();
        inputs.put("author", "\"tests\"");
        ApplyRecord now = recorded(stage("talos_extension", inputs));
        List<Part> older = now.parts().stream()
                .filter(part -> !(part instanceof Part.Arrangement || part instanceof Part.SourceDate))
                .filter(part -> !(part instanceof Part.Setting setting
                        && Set.of(Part.Setting.Name.AUTHOR, Part.Setting.Name.DESCRIPTION)
                                .contains(setting.name())))
                .toList();
        assertEquals(now.parts().size() - 4, older.size());
        assertEquals("", reported(plan(stage("talos_extension", inputs), new ApplyRecord(now.stage(), older))));
    }
}
