package dev.talosforge.pipeline.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.inspect.Inspector;
import dev.talosforge.inspect.RegistryImages;
import dev.talosforge.inspect.Scratch;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageConfig;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.support.AnsweringServer;
import dev.talosforge.support.AnsweringServer.Answer;
import dev.talosforge.support.AnsweringServer.Question;
import dev.talosforge.support.JsonMutation;
import dev.talosforge.talos.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images whose parts say different things, by hand and by chance: each is somebody's bad image, told with its
 * reference, and never a bug of this program.
 */
@Tag("registry")
class ContradictoryImageTest {
    private static final long SEED = 20261130;
    private static final int IMAGES = 250;
    private static final Platform AMD64 = Platform.linux("amd64");

    /** Two blocks of zeros: an archive with nothing in it. */
    private static final byte[] TAR = new byte[1024];

    @TempDir
    private Path folder;

    private final Map<String, String> content = new ConcurrentHashMap<>();
    private @Nullable AnsweringServer server;
    private @Nullable BuildContext context;

    @BeforeEach
    void start() throws Exception {
        server = new AnsweringServer(this::answer);
        context = ContextSample.in(folder, Collections.synchronizedList(new ArrayList<>()));
        put(MediaType.OCI_LAYER, TAR);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private Answer answer(Question question) {
        String name = question.path().substring(question.path().lastIndexOf('/') + 1);
        String found = content.get(name);
        return found == null ? Answer.error(404, "NOT_FOUND") : Answer.of(200, found);
    }

    private Descriptor put(String mediaType, byte[] bytes) {
        Descriptor descriptor = Descriptor.of(mediaType, bytes);
        content.put(descriptor.digest().toString(), new String(bytes, ISO_8859_1));
        return descriptor;
    }

    private Descriptor tagged(String tag, Descriptor top) {
        content.put(tag, content.getOrDefault(top.digest().toString(), ""));
        return top;
    }

    private static ImageConfig config() {
        return ImageConfig.of(AMD64, "2025-01-01T00:00:00Z", List.of(Sha256.of(TAR)));
    }

    private static Descriptor layer() {
        return Descriptor.of(MediaType.OCI_LAYER, TAR);
    }

    private String name(String tag) {
        assertNotNull(server);
        return server.host() + "/acme/app:" + tag;
    }

    private void use(String tag) throws Exception {
        assertNotNull(context);
        ImageStore images = new ImageStore(context, "unit", Architecture.AMD64);
        ImagePlace place = new ImagePlace.InRegistry(ImageReference.parse(name(tag)));
        ResolvedImage found = images.resolve(List.of(place)).getFirst();
        images.unpack(found, images.pull(found), List.of());
    }

    private void inspect(String tag) throws Exception {
        BuildContext at = context;
        assertNotNull(at);
        try (Scratch scratch = Scratch.in(Files.createTempDirectory(folder, "scratch"))) {
            new Inspector(() -> new RegistryImages(at.registries(), at.store()::path), scratch, AMD64, folder)
                    .inspect(name(tag), false);
        }
    }

    private interface Use {
        void of(String tag) throws Exception;
    }

    private String refused(String tag) {
        List<String> message = new ArrayList<>();
        for (Use use : List.<Use>of(this::use, this::inspect)) {
            BuildException refused = assertThrows(BuildException.class, () -> use.of(tag), tag);
            Problem problem = refused.problems().getFirst();
            assertEquals(Problem.Kind.BAD_ARTIFACT, problem.kind(), problem::toString);
            assertTrue(problem.what().contains(name(tag)), problem::toString);
            message.add(
                    problem.why().replaceAll("sha256:[0-9a-f]{64}", "DIGEST").replace(" at offset 0 (0x0)", ""));
        }
        assertEquals(message.getFirst(), message.getLast(), "used and inspected");
        return message.getFirst();
    }

    private Descriptor image(byte[] config, Descriptor... layers) {
        return put(
                MediaType.OCI_MANIFEST,
                Manifest.of(put(MediaType.OCI_CONFIG, config), List.of(layers)).toBytes());
    }

    @Test
    void contradictionsAreReportedWithTheImagesName() throws Exception {
        byte[] config = config().toBytes();
        byte[] none = ImageConfig.of(AMD64, null, List.of()).toBytes();
        tagged("layers", image(none, layer()));
        assertEquals("OCI image: the manifest has 1 layers, the configuration 0", refused("layers"));
        tagged("ids", image(config, layer(), layer()));
        assertEquals("OCI image: the manifest has 2 layers, the configuration 1", refused("ids"));

        Descriptor other = new Descriptor(MediaType.OCI_LAYER, layer().digest(), TAR.length + 1);
        tagged("size", image(config, other));
        assertEquals("blob: DIGEST has 1024 bytes; its descriptor says 1025", refused("size"));

        Descriptor small = new Descriptor(MediaType.OCI_CONFIG, Sha256.of(config), config.length - 1);
        put(MediaType.OCI_CONFIG, config);
        tagged(
                "config",
                put(MediaType.OCI_MANIFEST, Manifest.of(small, List.of(layer())).toBytes()));
        assertTrue(refused("config").startsWith("blob: DIGEST has at least "), () -> refused("config"));

        Descriptor good = image(config, layer());
        Descriptor wrong = new Descriptor(good.mediaType(), good.digest(), good.size() + 1).withPlatform(AMD64);
        tagged("entry", put(MediaType.OCI_INDEX, Index.of(List.of(wrong)).toBytes()));
        assertTrue(refused("entry").startsWith("OCI index: says that DIGEST has "), () -> refused("entry"));

        Descriptor typed = new Descriptor(MediaType.OCI_INDEX, good.digest(), good.size()).withPlatform(AMD64);
        tagged("kind", put(MediaType.OCI_INDEX, Index.of(List.of(typed)).toBytes()));
        assertEquals(
                "OCI index: also has the member \"config\", which would make it two documents in one", refused("kind"));

        Descriptor unknown = new Descriptor("application/x-tar", layer().digest(), TAR.length);
        tagged("type", image(config, unknown));
        assertEquals("OCI layer: unsupported layer: application/x-tar", refused("type"));

        String annotated = Manifest.of(put(MediaType.OCI_CONFIG, config), List.of(layer()))
                .toJson()
                .with("annotations", dev.talosforge.json.Json.ofTexts(List.of("a")))
                .compact();
        tagged("annotations", put(MediaType.OCI_MANIFEST, annotated.getBytes(UTF_8)));
        assertEquals("OCI manifest: annotations is not an object", refused("annotations"));

        tagged("nothing", put(MediaType.OCI_INDEX, Index.of(List.of()).toBytes()));
        assertEquals("OCI index: has no image for linux/amd64, nor for any other platform", refused("nothing"));

        tagged("empty", put(MediaType.OCI_MANIFEST, "{}".getBytes(UTF_8)));
        assertEquals("OCI manifest: unsupported manifest: schemaVersion is not 2", refused("empty"));
    }

    /** A registry gives manifests and configurations in different places. */
    @Test
    void whatDoesNotSayItsPlatformIsFoundThroughItsConfiguration() throws Exception {
        ImageConfig arm64 = ImageConfig.of(Platform.linux("arm64"), null, List.of(Sha256.of(TAR)));
        Descriptor silent = put(
                MediaType.OCI_INDEX,
                Index.of(List.of(image(arm64.toBytes(), layer()), image(config().toBytes(), layer())))
                        .toBytes());
        tagged("silent", silent);
        use("silent");
        inspect("silent");
        tagged("inner", put(MediaType.OCI_INDEX, Index.of(List.of(silent)).toBytes()));
        use("inner");
        inspect("inner");
        content.keySet().removeIf(name -> name.equals(Sha256.of(arm64.toBytes()).toString()));
        assertEquals("NOT_FOUND", refused("silent"), "a configuration that has to be looked at is gone");
    }

    /** An index that promises one machine and leads to another: it would be noticed on the node only. */
    @Test
    void anIndexThatSaysAnotherPlatformThanTheConfigurationIsRefused() throws Exception {
        Descriptor arm64 = image(
                ImageConfig.of(Platform.linux("arm64"), null, List.of(Sha256.of(TAR)))
                        .toBytes(),
                layer());
        tagged(
                "platform",
                put(
                        MediaType.OCI_INDEX,
                        Index.of(List.of(arm64.withPlatform(AMD64))).toBytes()));
        Problem problem = assertThrows(BuildException.class, () -> use("platform"))
                .problems()
                .getFirst();
        assertEquals(Problem.Kind.BAD_ARTIFACT, problem.kind());
        assertEquals("it is for linux/arm64, but the unit builds for linux/amd64", problem.why());
        assertTrue(problem.what().contains(name("platform")), problem::what);
    }

    @Test
    void whatChanceMakesOfAnImageIsNeverABug() throws Exception {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < IMAGES; i++) {
            String tag = "m" + i;
            int which = random.nextInt(3);
            byte[] config = config().toBytes();
            Descriptor described = put(MediaType.OCI_CONFIG, which == 0 ? JsonMutation.of(config, random) : config);
            byte[] manifest = Manifest.of(described, List.of(layer())).toBytes();
            Descriptor image = put(MediaType.OCI_MANIFEST, which == 1 ? JsonMutation.of(manifest, random) : manifest);
            boolean silent = random.nextBoolean();
            byte[] index = Index.of(List.of(silent ? image : image.withPlatform(AMD64)))
                    .toBytes();
            tagged(tag, put(MediaType.OCI_INDEX, which == 2 ? JsonMutation.of(index, random) : index));
            for (Use use : List.<Use>of(this::use, this::inspect)) {
                try {
                    use.of(tag);
                } catch (BuildException e) {
                    refused++;
                    for (Problem problem : e.problems()) {
                        assertEquals(Problem.Kind.BAD_ARTIFACT, problem.kind(), () -> tag + ": " + problem);
                        assertTrue(problem.what().contains(name(tag)), () -> tag + ": " + problem);
                    }
                } catch (Exception e) {
                    fail("seed %d, image %s: %s".formatted(SEED, tag, content.get(tag)), e);
                }
            }
        }
        assertTrue(refused > IMAGES / 2, "refused " + refused);
    }
}
