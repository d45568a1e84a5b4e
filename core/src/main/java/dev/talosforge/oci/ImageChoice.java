package dev.talosforge.oci;

import dev.talosforge.bytes.FormatException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the image for a platform in an index and in nested indexes. An entry's own platform counts first; without one,
 * its configuration decides, as in containerd. A configuration without a platform counts as linux/amd64, as in
 * go-containerregistry.
 *
 * @param <E> the exception that fetching a document may throw
 */
public final class ImageChoice<E extends Exception> {
    private static final String STRUCTURE = "OCI index";
    private static final int MAX_DEPTH = 4;

    /** The most entries whose configuration is read; each costs two requests. */
    private static final int MAX_LOOKS = 64;

    private static final Platform USUAL = Platform.linux("amd64");

    /** Fetches manifests, indexes and configurations, checked against their size and digest. */
    @FunctionalInterface
    public interface Documents<E extends Exception> {
        byte[] get(Descriptor descriptor) throws IOException, E;
    }

    private final Platform wanted;
    private final Documents<E> documents;
    private final SequencedSet<Platform> offered = new LinkedHashSet<>();
    private int looks;

    private ImageChoice(Platform wanted, Documents<E> documents) {
        this.wanted = wanted;
        this.documents = documents;
    }

    /**
     * The manifest that a descriptor leads to.
     *
     * @param top of the manifest itself, or of an index; an index without an image for the platform is a
     *     {@link FormatException}
     */
    public static <E extends Exception> Descriptor of(Descriptor top, Platform wanted, Documents<E> documents)
            throws IOException, E {
        if (!MediaType.isIndex(top.mediaType())) {
            return manifest(top);
        }
        ImageChoice<E> choice = new ImageChoice<>(wanted, documents);
        Descriptor found = choice.find(Index.parse(documents.get(top)), 1);
        if (found == null) {
            throw choice.nothing();
        }
        return found;
    }

    /** As {@link #of}, for an index that was read already; null if it has none. */
    public static <E extends Exception> @Nullable Descriptor in(Index index, Platform wanted, Documents<E> documents)
            throws IOException, E {
        return new ImageChoice<>(wanted, documents).find(index, 1);
    }

    private @Nullable Descriptor find(Index index, int depth) throws IOException, E {
        List<Descriptor> entries = index.manifests().stream()
                .filter(entry -> !Index.isAttestation(entry))
                .toList();
        for (Descriptor entry : entries) {
            Platform platform = entry.platform();
            if (platform != null) {
                offered.add(platform);
                Descriptor found = wanted.accepts(platform) ? below(entry, depth) : null;
                if (found != null) {
                    return found;
                }
            }
        }
        for (Descriptor entry : entries) {
            if (entry.platform() == null) {
                Descriptor found = MediaType.isIndex(entry.mediaType()) ? below(entry, depth) : silent(entry);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable Descriptor below(Descriptor entry, int depth) throws IOException, E {
        if (!MediaType.isIndex(entry.mediaType())) {
            return manifest(entry);
        }
        if (depth == MAX_DEPTH) {
            throw new FormatException(STRUCTURE, 0, "more than %d nested indexes".formatted(MAX_DEPTH));
        }
        return find(Index.parse(documents.get(entry)), depth + 1);
    }

    /** An entry without a platform. Indexes may also contain artifacts that are not images. */
    private @Nullable Descriptor silent(Descriptor entry) throws IOException, E {
        if (!MediaType.isManifest(entry.mediaType())) {
            return null;
        }
        if (++looks > MAX_LOOKS) {
            throw new FormatException(
                    STRUCTURE, 0, "more than %d entries do not state their platform".formatted(MAX_LOOKS));
        }
        Descriptor config = Manifest.parse(documents.get(entry)).config();
        if (!MediaType.isConfig(config.mediaType())) {
            return null;
        }
        Platform declared = ImageConfig.parse(documents.get(config)).platform();
        Platform platform = declared.isEmpty() ? USUAL : declared;
        offered.add(platform);
        return wanted.accepts(platform) ? entry : null;
    }

    private static Descriptor manifest(Descriptor entry) throws FormatException {
        if (!MediaType.isManifest(entry.mediaType())) {
            throw new FormatException("OCI manifest", 0, "not an image manifest: " + entry.mediaType());
        }
        return entry;
    }

    /** The failure that there is no image for the platform, with the platforms that there are. */
    private FormatException nothing() {
        String others = offered.stream().map(Platform::toString).collect(Collectors.joining(", "));
        return new FormatException(
                STRUCTURE,
                0,
                "has no image for %s, %s"
                        .formatted(wanted, others.isEmpty() ? "nor for any other platform" : "only for " + others));
    }
}
