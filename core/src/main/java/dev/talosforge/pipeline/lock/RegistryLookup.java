package dev.talosforge.pipeline.lock;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.Parallel;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.Platform;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.image.CatalogImage;
import dev.talosforge.pipeline.image.ManifestCache;
import dev.talosforge.pipeline.pin.LockKey;
import dev.talosforge.pipeline.pin.Pin;
import dev.talosforge.pipeline.pin.UnitReferences.Use;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.registry.Resolved;
import dev.talosforge.talos.extension.ExtensionCatalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Looks up at registries what references stand for now, whatever is locked or in the store. Not thread-safe. */
final class RegistryLookup {
    private static final String UNIT = "lock";

    private final BuildContext context;
    private final Map<String, ExtensionCatalog> catalogues = new HashMap<>();
    private final SequencedSet<Problem> problems = new LinkedHashSet<>();
    private final SortedSet<LockKey> failed = new TreeSet<>();

    RegistryLookup(BuildContext context) {
        this.context = context;
    }

    /** The failed lookups, in the order of the references. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The references whose lookup failed. */
    SortedSet<LockKey> failed() {
        return failed;
    }

    /** Resolves all at the same time; a failed one is missing and a problem. The manifests are kept in the store. */
    SortedMap<LockKey, Pin> pins(Collection<LockKey> references, List<Use> uses) throws Exception {
        return each(images(references), (key, image) -> {
            Resolved resolved = context.registries().resolve(image, platform(key, uses));
            return Pin.of(new ManifestCache(context.store()).keep(resolved));
        });
    }

    /** What the name or the tag stands for now; an image that does not exist is missing but not a problem. */
    SortedMap<LockKey, ImageReference> now(Collection<LockKey> references) throws Exception {
        return each(images(references), (key, image) -> {
            Sha256 digest = key.named() ? image.digest() : context.registries().digest(image);
            return digest == null ? null : image.withDigest(digest);
        });
    }

    /** The images that exist by their digests. */
    SortedMap<LockKey, ImageReference> there(SortedMap<LockKey, Pin> pins) throws Exception {
        SortedMap<LockKey, ImageReference> images = new TreeMap<>();
        pins.forEach((key, pin) -> images.put(key, pin.image()));
        return each(images, (_, image) -> context.registries().digest(image) == null ? null : image);
    }

    private interface Question<T> {
        @Nullable
        T ask(LockKey key, ImageReference image) throws Exception;
    }

    private record Answer<T>(
            LockKey key, @Nullable T value, @Nullable BuildException failed) {}

    private <T> SortedMap<LockKey, T> each(SortedMap<LockKey, ImageReference> images, Question<T> question)
            throws Exception {
        List<Callable<Answer<T>>> work = new ArrayList<>();
        images.forEach((key, image) -> work.add(() -> answer(key, image, question)));
        SortedMap<LockKey, T> answers = new TreeMap<>();
        for (Answer<T> answer : Parallel.all(work)) {
            if (answer.failed() != null) {
                fail(answer.key(), answer.failed());
            } else if (answer.value() != null) {
                answers.put(answer.key(), answer.value());
            }
        }
        return answers;
    }

    private void fail(LockKey key, BuildException e) {
        problems.addAll(e.problems());
        failed.add(key);
    }

    private static <T> Answer<T> answer(LockKey key, ImageReference image, Question<T> question) throws Exception {
        try {
            return new Answer<>(key, question.ask(key, image), null);
        } catch (BuildException e) {
            return new Answer<>(key, null, e);
        }
    }

    /** Where each reference leads to now; a name that Talos' catalogue does not have is missing, and a problem. */
    private SortedMap<LockKey, ImageReference> images(Collection<LockKey> references) throws Exception {
        SortedMap<LockKey, ImageReference> images = new TreeMap<>();
        for (LockKey key : references) {
            try {
                images.put(key, key.named() ? catalogue(key.talos()).find(key.image()) : key.image());
            } catch (BuildException e) {
                fail(key, e);
            }
        }
        return images;
    }

    private ExtensionCatalog catalogue(String talos) throws Exception {
        ExtensionCatalog catalogue = catalogues.get(talos);
        if (catalogue == null) {
            catalogue = CatalogImage.of(context, UNIT, talos);
            catalogues.put(talos, catalogue);
        }
        return catalogue;
    }

    private static Platform platform(LockKey key, List<Use> uses) {
        return uses.stream()
                .filter(use -> use.key().equals(key))
                .map(use -> Platform.linux(use.architecture().label()))
                .findFirst()
                .orElseThrow();
    }
}
