package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Event;
import dev.talosforge.json.Json;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.inputs.StageModule;
import dev.talosforge.pipeline.request.RequestReader;
import dev.talosforge.pipeline.request.RequestedStage;
import dev.talosforge.pipeline.request.StageAction;
import dev.talosforge.pipeline.request.StageRequest;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.testkit.SpecRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose image a tag names, without anything of the machine that published it: by the record with the image. */
@Tag("registry")
class TagOwnerTest {
    private static final String TYPE = "application/vnd.talosforge.publication.v1+json";

    @TempDir
    private Path folder;

    private final List<Event> events = new ArrayList<>();
    private @Nullable SpecRegistry running;

    @AfterEach
    void stop() {
        registry().close();
    }

    private SpecRegistry registry() {
        assertNotNull(running);
        return running;
    }

    private void start(boolean api) throws IOException {
        SpecRegistry registry = SpecRegistry.start();
        if (api) {
            registry.listReferrers(1);
        }
        running = registry;
    }

    private BuildContext context() throws IOException {
        return ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), true);
    }

    /** A unit in another checkout of the repository: nothing of an earlier apply is there. */
    private UnitResult apply(String checkout, String name, String text, String others) throws Exception {
        Path repository = folder.resolve(checkout);
        Files.createDirectories(repository.resolve(".git"));
        Path unit = Files.createDirectories(repository.resolve("live").resolve(name));
        Files.writeString(
                unit.resolve("terragrunt.hcl"), """
                terraform { source = "../../modules//talos_extension" }
                inputs = {
                  name               = "note"
                  version            = "v1.0.0"
                  semantic_tags      = false
                  extension_registry = "%s/acme/note"
                  sources            = [{ files = { "usr/local/share/note" = "%s" } }]
                  %s
                }
                """.formatted(registry().host(), text, others));
        events.clear();
        return new Forge(context(), RunSettings.plain(Map.of(), () -> Instant.EPOCH)).apply(unit);
    }

    private static final String RACK = "extension_tag = \"rack\"";

    private String applied(String checkout, String name, String text) throws Exception {
        UnitResult result = apply(checkout, name, text, RACK);
        assertEquals(UnitResult.Ending.APPLIED, result.ending(), result::toString);
        return rack();
    }

    /** The stage as a module runs it, without a record. */
    private String requested(Path directory, @Nullable String name, String text) throws Exception {
        Json.Builder request = Json.object()
                .putIfPresent("name", name)
                .put("folder", directory.toString())
                .put("inputs", """
                        {"name": "note", "extension_version": "v1.0.0", "semantic_tags": false, "extension_tag": "rack",
                         "extension_registry": "%s/acme/note", "sources": [{"files": {"usr/local/share/note": "%s"}}]}
                        """.formatted(registry().host(), text));
        StageRequest read = new RequestReader(StageModule.EXTENSION, "the request", folder)
                .read(request.build().compact().getBytes(UTF_8));
        events.clear();
        new RequestedStage(context(), () -> Instant.EPOCH, false, read).answer(StageAction.APPLY);
        return rack();
    }

    private String rack() {
        byte[] manifest = registry().content("/v2/acme/note/manifests/rack");
        return manifest == null ? "nothing" : Sha256.of(manifest).toString();
    }

    private List<Descriptor> records(String digest) throws Exception {
        return context()
                .registries()
                .referrers(ImageReference.parse(registry().host() + "/acme/note"), Sha256.parse(digest), TYPE);
    }

    private String said() {
        return DiskWorld.messages(events).replace(registry().host(), "HOST");
    }

    private static String moved(String from, String to) {
        return "WARNING the tag HOST/acme/note:rack moved from %s to %s\n".formatted(from, to);
    }

    private static Problem problem(UnitResult result) {
        assertEquals(UnitResult.Ending.FAILED, result.ending(), result::toString);
        return result.problems().getFirst();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aUnitMovesItsTagFromAnyMachineAndNoOtherUnitDoes(boolean api) throws Exception {
        start(api);
        String first = applied("one", "note", "1");
        assertEquals("", said());
        assertEquals(
                List.of(Map.of("dev.talosforge.stage", "talos_extension", "dev.talosforge.unit", "live/note")),
                records(first).stream().map(Descriptor::annotations).toList());

        String second = applied("two", "note", "2");
        assertEquals(moved(first, second), said());

        Problem refused = problem(apply("two", "other", "3", RACK));
        assertEquals(Problem.Kind.REFUSED, refused.kind());
        assertTrue(
                refused.why()
                        .matches(("the tag rack names %s, which was published by live/note, and would move to "
                                        + "sha256:[0-9a-f]{64}")
                                .formatted(second)),
                refused::toString);
        assertEquals(second, rack());

        // Terragrunt's copy of the module, on a third machine; and a fourth one with the runner again
        Path unit = folder.resolve("three/live/note");
        Files.createDirectories(folder.resolve("three/.git"));
        String third = requested(unit.resolve(".terragrunt-cache/a/b/modules/talos_extension"), null, "3");
        assertEquals(moved(second, third), said());
        String fourth = applied("four", "note", "4");
        assertEquals(moved(third, fourth), said());

        BuildException e = assertThrows(BuildException.class, () -> requested(unit, "second", "5"));
        assertTrue(e.problems().getFirst().why().contains("was published by live/note,"), e::toString);
        assertEquals(fourth, rack());
    }

    /** Installers, too: with what a stage applies on a machine that has nothing of the last apply. */
    @Test
    void theInstallerIsMarkedLikeAnExtension() throws Exception {
        start(true);
        DiskWorld world = DiskWorld.in(folder);
        String inputs = DiskWorld.images("""
                installer_registry = "%s/acme/note"
                installer_tag      = "rack"
                kernel_args        = ["a=%%s"]
                """.formatted(registry().host()));
        world.apply(context(), "images", "talos_images", inputs.formatted("1"));
        String first = rack();
        events.clear();
        world.apply(context(), "images", "talos_images", inputs.formatted("2"));
        String second = rack();
        assertEquals(moved(first, second), said());
        assertEquals(
                List.of("talos_images"),
                records(second).stream()
                        .map(record -> record.annotations().get("dev.talosforge.stage"))
                        .toList());
        BuildException e = assertThrows(
                BuildException.class, () -> world.apply(context(), "others", "talos_images", inputs.formatted("3")));
        assertTrue(e.problems().getFirst().why().contains("was published by images,"), e::toString);
    }

    /** Both publish the same bytes: the image is of both, and has a record of each, once. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSameImageOfTwoUnitsHasARecordOfEach(boolean api) throws Exception {
        start(api);
        String image = applied("one", "note", "1");
        int puts = puts();
        assertEquals(image, applied("one", "note", "1"));
        assertEquals(image, applied("two", "note", "1"));
        assertEquals(puts, puts(), "nothing is sent again");
        assertEquals(image, applied("one", "other", "1"));
        assertEquals(2, records(image).size());
        applied("two", "other", "2");
        Problem refused = problem(apply("three", "note", "3", RACK));
        assertTrue(refused.why().contains("was published by live/other,"), refused::toString);
    }

    private int puts() {
        return (int) registry().seen().stream()
                .filter(line -> line.startsWith("PUT"))
                .count();
    }

    @Test
    void theRecordIsThereBeforeTheTagMoves() throws Exception {
        start(false);
        String image = applied("one", "note", "1");
        String manifests = "PUT /v2/acme/note/manifests/";
        assertEquals(
                List.of(
                        manifests + image,
                        manifests + records(image).getFirst().digest(),
                        manifests + image.replace(':', '-'),
                        manifests + "rack"),
                registry().seen().stream()
                        .filter(line -> line.startsWith(manifests))
                        .map(line -> line.substring(0, line.indexOf(' ', manifests.length())))
                        .toList());
    }

    /** The rule does not apply to it. */
    @Test
    void theTagOfTheVersionHasNoRecord() throws Exception {
        start(true);
        assertEquals(UnitResult.Ending.APPLIED, apply("one", "note", "1", "").ending());
        assertEquals(UnitResult.Ending.APPLIED, apply("two", "other", "2", "").ending());
        assertFalse(registry().seen().stream().anyMatch(line -> line.contains("referrers")));
    }

    /** What is overwritten once is this unit's from then on. */
    @Test
    void overwritingMarksTheImageToo() throws Exception {
        start(true);
        applied("one", "note", "1");
        assertEquals(
                UnitResult.Ending.APPLIED,
                apply("one", "other", "2", RACK + "\n  overwrite_tag = true").ending());
        applied("two", "other", "3");
    }

    @Test
    void aRegistryThatRefusesTheRecordGetsTheImage() throws Exception {
        start(false);
        registry().refuse("PUT /v2/acme/note/manifests/sha256-", 0, 405, 1);
        String image = applied("one", "note", "1");
        assertTrue(
                said().matches(
                                "WARNING the registry does not keep which unit published %s: .*405.*; on another machine, this unit may move the tag rack only with overwrite_tag\n"
                                        .formatted(image)),
                this::said);
        // with the record beside the state, it may; without it, nobody knows
        applied("one", "note", "2");
        registry().refuse("GET /v2/acme/note/referrers/", -1, 403, 1);
        Problem refused = problem(apply("two", "note", "3", RACK));
        assertEquals(Problem.Kind.REFUSED, refused.kind());
        assertTrue(
                refused.why().contains("which is not this unit's last publication (the registry does not show who"),
                refused::toString);
    }

    /** It may pass: that nobody knows is no reason to refuse. */
    @Test
    void aRegistryThatIsDownIsReportedAsSuch() throws Exception {
        start(true);
        applied("one", "note", "1");
        registry().refuse("GET /v2/acme/note/referrers/", -1, 503, 100);
        assertEquals(
                Problem.Kind.UNAVAILABLE,
                problem(apply("two", "note", "2", RACK)).kind());
    }
}
