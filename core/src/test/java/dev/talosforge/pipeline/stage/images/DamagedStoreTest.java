package dev.talosforge.pipeline.stage.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Event;
import dev.talosforge.engine.Identity;
import dev.talosforge.json.Json;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.pipeline.DiskWorld;
import dev.talosforge.pipeline.StoreVandal;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.pipeline.context.Repair;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.image.PackedRootfs;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the store between two runs: the next artifact is the clean one. */
@Tag("reference")
class DamagedStoreTest {
    private static final long SEED = 20_260_712L;

    @TempDir
    private Path folder;

    private final List<Event> events = new ArrayList<>();

    /** A run of its own, with nothing remembered. */
    private BuildContext context() throws Exception {
        return ContextSample.in(folder.resolve("work"), events);
    }

    /** What the stages do with the store, for one small image: pull, unpack, a squashfs, a copy of all of them. */
    private Sha256 small(ImagePlace place) throws Exception {
        BuildContext context = context();
        return new Repair(context, "unit").run(() -> {
            ImageStore images = new ImageStore(context, "unit", Architecture.AMD64);
            ResolvedImage found = images.resolve(List.of(place)).getFirst();
            Image image = images.pull(found);
            FileTree tree = images.unpack(found, image, List.of());
            Identity identity = Identity.of("squashfs", SquashfsStep.REVISION);
            found.manifest().layers().forEach(layer -> identity.with("layer", layer.digest()));
            SquashfsStep.Made made = context.steps()
                    .run(
                            "unit",
                            "squashfs",
                            identity.digest(),
                            new SquashfsStep(PackedRootfs.of(tree, false, false, 0), null, true, 0, Runnable::run));
            Path artifact = folder.resolve("artifact");
            try (OutputStream out = Files.newOutputStream(artifact)) {
                append(made.image(), out);
                for (Entry entry : tree.entries()) {
                    if (entry instanceof Entry.RegularFile file) {
                        append(file.content(), out);
                    }
                }
                append(images.blobs().get(image.manifest().config()), out);
                append(images.blobs().get(image.manifest().layers().getFirst()), out);
            }
            return Sha256.of(ByteSource.of(artifact));
        });
    }

    private static void append(ByteSource content, OutputStream out) throws Exception {
        try (InputStream in = content.open()) {
            in.transferTo(out);
        }
    }

    @Test
    void aThousandTimesDamagedHalfWrittenAndForeignFilesNeverReachAnArtifact() throws Exception {
        DiskWorld.in(folder);
        ImagePlace place = ImagePlace.parse("oci:world:hello", folder);
        Sha256 clean = small(place);
        StoreVandal vandal = new StoreVandal(folder.resolve("work/store"), new Random(SEED));
        for (int round = 0; round < 1000; round++) {
            String done = "seed %d, round %d: %s".formatted(SEED, round, vandal.visit());
            try {
                assertEquals(clean, small(place), done);
            } catch (Exception e) {
                throw new AssertionError(done, e);
            }
        }
    }

    @Test
    void aDamagedStoreReachesNeitherInstallerNorIso() throws Exception {
        DiskWorld world = DiskWorld.in(folder);
        SequencedMap<String, Json> clean = images(world);
        StoreVandal vandal = new StoreVandal(folder.resolve("work/store"), new Random(SEED));
        for (int round = 0; round < 12; round++) {
            String done = "seed %d, round %d: %s".formatted(SEED, round, vandal.visit());
            StoreVandal.remove(folder.resolve("images/out"));
            StoreVandal.remove(folder.resolve("images/iso"));
            try {
                assertEquals(clean, images(world), done);
                Path iso = folder.resolve("images/iso");
                try (var files = Files.list(iso)) {
                    Path file = files.findFirst().orElseThrow();
                    assertEquals(
                            clean.get("iso_sha256"),
                            Json.of(Sha256.of(ByteSource.of(file)).hex()),
                            done);
                }
                assertSound(OciLayout.open(folder.resolve("images/out")), done);
            } catch (Exception e) {
                throw new AssertionError(done, e);
            }
        }
    }

    private SequencedMap<String, Json> images(DiskWorld world) throws Exception {
        return world.apply(context(), "images", "talos_images", DiskWorld.images("""
                installer_registry = "oci:out"
                custom_extensions  = ["oci:../world:hello"]
                """));
    }

    private static void assertSound(OciLayout layout, String done) throws Exception {
        try (var blobs = Files.list(layout.blob(Sha256.of(new byte[0])).getParent())) {
            for (Path blob : blobs.toList()) {
                assertEquals(
                        String.valueOf(blob.getFileName()),
                        Sha256.of(ByteSource.of(blob)).hex(),
                        done);
            }
        }
    }

    @Test
    void aReaderOfADamagedBlobIsReportedThatTheStoreDidIt() throws Exception {
        DiskWorld world = DiskWorld.in(folder);
        SequencedMap<String, Json> clean = images(world);
        Path blobs = folder.resolve("work/store/blobs/sha256");
        List<Path> squashfs;
        try (var files = Files.list(blobs)) {
            squashfs = files.filter(DamagedStoreTest::isSquashfs).toList();
        }
        assertEquals(1, squashfs.size());
        byte[] bytes = Files.readAllBytes(squashfs.getFirst());
        bytes[bytes.length / 2] ^= 1;
        Files.write(squashfs.getFirst(), bytes);
        events.clear();
        StoreVandal.remove(folder.resolve("images/out"));

        assertEquals(clean, images(world));
        assertTrue(
                DiskWorld.messages(events)
                        .contains("WARNING the store's copy of sha256:%s was damaged; it is discarded and rebuilt"
                                .formatted(squashfs.getFirst().getFileName())),
                DiskWorld.messages(events));
    }

    private static boolean isSquashfs(Path file) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .startsWith("hsqs");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
