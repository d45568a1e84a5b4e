package dev.talosforge.pipeline.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.engine.Store;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.Manifest;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.ContextSample;
import dev.talosforge.registry.Resolved;
import dev.talosforge.testkit.SpecRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestCacheTest {
    private static final Platform AMD64 = Platform.linux("amd64");
    private static final Manifest MANIFEST =
            Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8)), List.of());
    private static final Descriptor SELECTED =
            Descriptor.of(MediaType.OCI_MANIFEST, MANIFEST.toBytes()).withPlatform(AMD64);
    private static final byte[] INDEX = Index.of(List.of(SELECTED)).toBytes();
    private static final Descriptor TOP = Descriptor.of(MediaType.OCI_INDEX, INDEX);

    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Store store;

    @BeforeEach
    void open() throws Exception {
        store = Store.open(folder);
    }

    private static ImageReference pinned(Sha256 digest) {
        return ImageReference.parse("registry.test/a/b:1").withDigest(digest);
    }

    private ManifestCache.@Nullable Kept find(Sha256 digest, Platform platform) throws Exception {
        return new ManifestCache(store).find(digest, platform);
    }

    private void keep() throws Exception {
        new ManifestCache(store)
                .keep(new Resolved(
                        pinned(TOP.digest()),
                        TOP,
                        ByteSource.of(INDEX),
                        SELECTED,
                        ByteSource.of(MANIFEST.toBytes()),
                        MANIFEST,
                        List.of(ByteSource.of(INDEX), ByteSource.of(MANIFEST.toBytes()))));
    }

    /** All that the registry was asked for is here: entries without a platform, and what they were asked by. */
    @Tag("registry")
    @Test
    void anIndexWithoutPlatformsIsFoundWithoutItsRegistry() throws Exception {
        try (SpecRegistry registry = SpecRegistry.start()) {
            List<Descriptor> entries = new ArrayList<>();
            for (String architecture : List.of("arm64", "amd64")) {
                byte[] config =
                        "{\"os\":\"linux\",\"architecture\":\"%s\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"
                                .formatted(architecture)
                                .getBytes(UTF_8);
                put(registry, "blobs", config);
                byte[] manifest = Manifest.of(Descriptor.of(MediaType.OCI_CONFIG, config), List.of())
                        .toBytes();
                put(registry, "manifests", manifest);
                entries.add(Descriptor.of(MediaType.OCI_MANIFEST, manifest));
            }
            byte[] inner = Index.of(entries).toBytes();
            put(registry, "manifests", inner);
            byte[] index =
                    Index.of(List.of(Descriptor.of(MediaType.OCI_INDEX, inner))).toBytes();
            put(registry, "manifests", index);
            ImageReference pinned =
                    ImageReference.parse(registry.host() + "/a/b:1").withDigest(Sha256.of(index));
            new ManifestCache(store)
                    .keep(ContextSample.in(folder.resolve("work"), new ArrayList<>())
                            .registries()
                            .resolve(pinned, AMD64));
            ManifestCache.Kept found = find(Sha256.of(index), AMD64);
            assertNotNull(found);
            assertEquals(entries.getLast().digest(), found.selected().digest());
        }
    }

    private static void put(SpecRegistry registry, String kind, byte[] content) {
        registry.put("/v2/a/b/%s/%s".formatted(kind, Sha256.of(content)), content);
    }

    @Test
    void whatIsKeptIsFoundByItsDigest() throws Exception {
        assertNull(find(TOP.digest(), AMD64));
        keep();
        ManifestCache.Kept found = find(TOP.digest(), AMD64);
        assertNotNull(found);
        assertEquals(TOP, found.top());
        assertEquals(SELECTED, found.selected());
        assertEquals(MANIFEST, found.manifest());
        ManifestCache.Kept alone = find(SELECTED.digest(), AMD64);
        assertNotNull(alone);
        assertEquals(SELECTED.digest(), alone.top().digest());
    }

    @Test
    void whatIsNotAllHereIsForTheRegistry() throws Exception {
        keep();
        assertNull(find(TOP.digest(), Platform.linux("arm64")));
        Files.delete(store.path(SELECTED.digest()));
        assertNull(find(TOP.digest(), AMD64));
    }

    @Test
    void whatIsBrokenIsForTheRegistry() throws Exception {
        Sha256 text = store.put(out -> out.write("no JSON".getBytes(UTF_8)));
        assertNull(find(text, AMD64));
        Sha256 other = store.put(out -> out.write("{\"mediaType\": \"text/plain\"}".getBytes(UTF_8)));
        assertNull(find(other, AMD64));
        Sha256 index = store.put(out -> out.write("{\"schemaVersion\": 2, \"manifests\": [1]}".getBytes(UTF_8)));
        assertNull(find(index, AMD64));
        keep();
        Files.writeString(store.path(TOP.digest()), "{\"schemaVersion\": 2}");
        assertNull(find(TOP.digest(), AMD64));
    }
}
