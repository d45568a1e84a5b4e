package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Event;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.SingleLayerImage;
import dev.talosforge.pipeline.publish.SemanticTags;
import dev.talosforge.pipeline.run.RunQueue;
import dev.talosforge.pipeline.run.RunSettings;
import dev.talosforge.pipeline.run.UnitResult;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.RegistrySettings;
import dev.talosforge.registry.TagPolicy;
import dev.talosforge.testkit.FaultProxy;
import dev.talosforge.testkit.LocalRegistry;
import dev.talosforge.testkit.RequiredTool;
import dev.talosforge.tree.TreeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishing to Debian's docker-registry: an index of two architectures, tags that move and tags that stay. */
@Tag("registry")
class PublishingTest {
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    private Path folder;

    private final List<Event> events = new ArrayList<>();
    private @Nullable LocalRegistry running;
    private @Nullable FaultProxy between;

    @BeforeEach
    void start() throws Exception {
        running = LocalRegistry.start(Files.createDirectories(folder.resolve("registry")));
    }

    @AfterEach
    void stop() throws Exception {
        if (between != null) {
            between.close();
        }
        registry().close();
    }

    /** Where it is published to. */
    private String host() {
        return between == null ? registry().host() : "127.0.0.1:" + between.port();
    }

    private LocalRegistry registry() {
        assertNotNull(running);
        return running;
    }

    private BuildContext context() throws Exception {
        return ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), true);
    }

    private SequencedMap<String, Json> publish(BuildContext context, String version, String others) throws Exception {
        return publish(context, version, others, new TreeMap<>());
    }

    private SequencedMap<String, Json> publish(
            BuildContext context, String version, String others, SequencedMap<String, Json> before) throws Exception {
        return publishAs("note", context, version, others, before);
    }

    private SequencedMap<String, Json> publishAs(
            String unit, BuildContext context, String version, String others, SequencedMap<String, Json> before)
            throws Exception {
        events.clear();
        return new DiskWorld(folder)
                .apply(context, unit, "talos_extension", """
                        name = "note"
                        version = "%s"
                        extension_registry = "%s/acme/note"
                        architectures = ["amd64", "arm64"]
                        sources = [{ files = { "usr/local/share/note" = "hello" } }]
                        %s
                        """.formatted(version, host(), others), before);
    }

    private String said() {
        return DiskWorld.messages(events).replace(host(), "HOST");
    }

    private String digest(SequencedMap<String, Json> outputs) {
        return outputs.get("extension_digest") instanceof Json.JsonText(String text) ? text : "none";
    }

    private String named(String tag) throws Exception {
        Sha256 digest =
                context().registries().digest(ImageReference.parse(registry().host() + "/acme/note:" + tag));
        return digest == null ? "nothing" : digest.toString();
    }

    @Test
    void oneIndexUnderThreeTags() throws Exception {
        RequiredTool skopeo = RequiredTool.named("skopeo", "skopeo");
        SequencedMap<String, Json> made = publish(context(), "v1.0.18", "");
        String digest = digest(made);
        assertEquals(
                "INFO the tag HOST/acme/note:v1.0 names %1$s\nINFO the tag HOST/acme/note:v1 names %1$s\n"
                        .formatted(digest),
                said());
        String image = "docker://%s/acme/note:".formatted(registry().host());
        for (String tag : List.of("v1.0.18", "v1.0", "v1")) {
            String raw = skopeo.run(folder, NOTHING, "inspect", "--tls-verify=false", "--raw", image + tag)
                    .strip();
            assertEquals(digest, "sha256:" + Sha256.of(raw.getBytes(UTF_8)).hex(), tag);
            Json.JsonObject index = JsonReader.readObject("index", raw.getBytes(UTF_8));
            assertEquals(
                    "v1.0.18",
                    Objects.requireNonNull(index.object("annotations")).text(SemanticTags.VERSION));
            assertEquals(2, index.items("manifests").size());
        }
        skopeo.run(
                folder,
                NOTHING,
                "--insecure-policy",
                "copy",
                "-q",
                "--all",
                "--src-tls-verify=false",
                image + "v1",
                "oci:copy:v1");
        assertEquals(
                digest,
                "sha256:"
                        + Sha256.of(skopeo.run(folder, NOTHING, "inspect", "--raw", "oci:copy:v1")
                                        .strip()
                                        .getBytes(UTF_8))
                                .hex());
        assertEquals(digest, digest(publish(context(), "v1.0.18", "")));
        assertEquals("", said());
    }

    @Test
    void tagsOfVersionsMoveForwardOnly() throws Exception {
        String first = digest(publish(context(), "v1.0.18", ""));
        String older = digest(publish(context(), "v1.0.17", ""));
        String stays = "WARNING the tag HOST/acme/note:%s stays at %s: that is version v1.0.18, newer than v1.0.17\n";
        assertEquals(stays.formatted("v1.0", first) + stays.formatted("v1", first), said());
        assertEquals(List.of(older, first, first), List.of(named("v1.0.17"), named("v1.0"), named("v1")));

        String candidate = digest(publish(context(), "v1.1.0-rc.1", ""));
        assertEquals("", said());
        assertEquals(List.of(candidate, first, "nothing"), List.of(named("v1.1.0-rc.1"), named("v1"), named("v1.1")));

        String newer = digest(publish(context(), "v1.1.0", ""));
        assertEquals(
                "INFO the tag HOST/acme/note:v1.1 names %2$s\nWARNING the tag HOST/acme/note:v1 moved from %1$s to %2$s\n"
                        .formatted(first, newer),
                said());
        assertEquals(List.of(first, newer, newer), List.of(named("v1.0"), named("v1.1"), named("v1")));

        // A patch of the older minor moves that one's tag, and not that of the major version.
        String patch = digest(publish(context(), "v1.0.19", ""));
        assertEquals(
                "WARNING the tag HOST/acme/note:v1.0 moved from %s to %s\n".formatted(first, patch)
                        + "WARNING the tag HOST/acme/note:v1 stays at %s: that is version v1.1.0, newer than v1.0.19\n"
                                .formatted(newer),
                said());

        BuildContext w = context();
        BuildContext forced = new BuildContext(
                w.steps(),
                w.registries(),
                w.proxmox(),
                w.workers(),
                w.debian(),
                w.downloads(),
                w.sourceDate(),
                true,
                true,
                w.sandbox());
        String back = digest(publish(forced, "v1.0.17", ""));
        assertEquals(List.of(back, back), List.of(named("v1.0"), named("v1")));
    }

    /** Recorded first, told then: a server that is out of order, and a login that ends meanwhile. */
    @Test
    void whatIsPublicIsRecordedAlsoWhereTheNextTagFails() throws Exception {
        FaultProxy proxy = FaultProxy.to(registry().port());
        between = proxy;
        Path unit = Files.createDirectories(folder.resolve("tree/note"));
        Forge forge = new Forge(
                ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), true),
                RunSettings.plain(Map.of(), () -> Instant.EPOCH));
        int patch = 0;
        for (String status : List.of("503 UNAVAILABLE", "401 UNAUTHORIZED")) {
            Files.writeString(unit.resolve("terragrunt.hcl"), """
                    terraform { source = "modules//talos_extension" }
                    inputs = {
                      name               = "note"
                      version            = "v1.0.%d"
                      extension_registry = "%s/acme/note"
                      sources            = [{ files = { "usr/local/share/note" = "hello" } }]
                    }
                    """.formatted(patch, host()));
            for (int i = 0; i < 10; i++) { // each try, of a server that is out of order
                proxy.fault(
                        "PUT /v2/acme/note/manifests/v1.0 ",
                        FaultProxy.refusal(Integer.parseInt(status.substring(0, 3)), status.substring(4), "told"));
            }
            UnitResult result = forge.apply(unit);
            assertEquals(UnitResult.Ending.FAILED, result.ending(), result::toString);
            assertTrue(result.problems().getFirst().why().contains("told"), result::toString);
            String made = named("v1.0." + patch++);
            assertEquals(
                    made,
                    digest(forge.outputs(unit, RunQueue.all(1), false)
                            .firstEntry()
                            .getValue()),
                    status);
            assertEquals("nothing", named("v1"));
        }
    }

    /** What the tags follow is public, so it has to be in the outputs. */
    @Test
    void aTagThatTheRegistryKeepsIsReportedAndLosesNoOutputs() throws Exception {
        FaultProxy proxy = FaultProxy.to(registry().port());
        between = proxy;
        String first = digest(publish(context(), "v1.0.18", ""));
        for (String tag : List.of("v1.0", "v1")) {
            proxy.fault(
                    "PUT /v2/acme/note/manifests/%s ".formatted(tag),
                    FaultProxy.refusal(409, "TAG_INVALID", "immutable"));
        }
        String second = digest(publish(context(), "v1.0.19", ""));
        assertEquals(
                Stream.of("v1.0", "v1")
                        .map(tag -> ("WARNING the registry does not allow the tag HOST/acme/note:%1$s to name %3$s: "
                                        + "TAG_INVALID: immutable; the tag %1$s names %2$s, and would name %3$s; "
                                        + "semantic_tags = false leaves such tags alone\n")
                                .formatted(tag, first, second))
                        .collect(Collectors.joining()),
                said());
        assertEquals(0, proxy.left());
        assertEquals(List.of(second, first, first), List.of(named("v1.0.19"), named("v1.0"), named("v1")));
    }

    @Test
    void aTagWhoseImageSaysNoVersionMovesAndThatIsReported() throws Exception {
        BuildContext context = context();
        Image foreign = SingleLayerImage.make(
                context,
                new TreeBuilder(0).file("a", 0644, "b").build(),
                Platform.linux("amd64"),
                null,
                new TreeMap<>(),
                0);
        Descriptor top = foreign.descriptor();
        context.registries()
                .push(
                        ImageReference.parse(registry().host() + "/acme/note:v1.0"),
                        top,
                        new ImageStore(context).blobs(),
                        List.of(),
                        TagPolicy.KEEP);
        String made = digest(publish(context, "v1.0.0", ""));
        assertEquals(
                "WARNING the tag HOST/acme/note:v1.0, whose image did not state its version, moved from %s to %s\n"
                                .formatted(top.digest(), made)
                        + "INFO the tag HOST/acme/note:v1 names %s\n".formatted(made),
                said());
    }

    /** Under its version a stage publishes again; under another tag only over what it published itself. */
    @Test
    void aTagThatAnotherUsesIsRefused() throws Exception {
        String first = digest(publish(context(), "v1.0.0", "semantic_tags = false"));
        String again = digest(publish(context(), "v1.0.0", "semantic_tags = false\ndescription = \"new\""));
        assertEquals("WARNING the tag HOST/acme/note:v1.0.0 moved from %s to %s\n".formatted(first, again), said());

        SequencedMap<String, Json> stable = publish(context(), "v1.0.0", "extension_tag = \"stable\"");
        assertEquals("", said());
        BuildException e = assertThrows(
                BuildException.class,
                () -> publishAs("other", context(), "v1.0.1", "extension_tag = \"stable\"", new TreeMap<>()));
        Problem problem = e.problems().getFirst();
        assertEquals(Problem.Kind.REFUSED, problem.kind());
        assertEquals("cannot publish %s/acme/note:stable".formatted(registry().host()), problem.what());
        assertTrue(
                String.valueOf(problem.why())
                        .matches(
                                "the tag stable names %s, which was published by note, and would move to sha256:[0-9a-f]{64}"
                                        .formatted(digest(stable))),
                problem::toString);
        assertEquals(digest(stable), named("stable"));

        // By the record of its last apply, and without it, on another machine.
        SequencedMap<String, Json> moved =
                publishAs("other", context(), "v1.0.1", "extension_tag = \"stable\"", stable);
        assertEquals(
                "WARNING the tag HOST/acme/note:stable moved from %s to %s\n".formatted(digest(stable), digest(moved)),
                said());
        SequencedMap<String, Json> next =
                publishAs("other", context(), "v1.0.2", "extension_tag = \"stable\"", new TreeMap<>());
        assertEquals(
                "WARNING the tag HOST/acme/note:stable moved from %s to %s\n".formatted(digest(moved), digest(next)),
                said());
        publish(context(), "v1.0.3", "extension_tag = \"stable\"\noverwrite_tag = true");
        assertTrue(said().startsWith("WARNING the tag HOST/acme/note:stable moved from " + digest(next)), said());
    }

    /** With {@code --no-push} a later unit finds the index in the store, for each architecture. */
    @Test
    void whatWasNotPushedIsFoundInTheStore() throws Exception {
        BuildContext quiet = ContextSample.in(folder.resolve("work"), events, RegistrySettings.none(), false);
        SequencedMap<String, Json> made = publish(quiet, "v1.0.0", "");
        assertEquals("INFO not pushed: HOST/acme/note:v1.0.0\n", said());
        assertEquals("nothing", named("v1.0.0"));
        DiskWorld world = DiskWorld.in(Files.createDirectories(folder.resolve("disk")));
        SequencedMap<String, Json> images = world.apply(quiet, "images", "talos_images", DiskWorld.images("""
                architectures = ["amd64", "arm64"]
                installer_registry = "oci:out"
                custom_extensions = ["%s"]
                """.formatted(
                        made.get("extension_image") instanceof Json.JsonText(String image) ? image : "")));
        assertNotNull(images.get("iso_sha256s"));
    }
}
