package dev.talosforge.talos.extension;

import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.NearestName;
import dev.talosforge.problem.Problem;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The official extensions of one release, as Talos publishes them: the image {@code siderolabs/extensions} has a file
 * {@code image-digests} with a line {@code ghcr.io/siderolabs/NAME:TAG@sha256:…} for each. An official extension may be
 * given by its name there alone: without registry, tag and digest.
 */
public final class ExtensionCatalog {
    private static final String REGISTRY = "ghcr.io";
    private static final String ORGANISATION = "siderolabs/";
    public static final String FILE = "image-digests";
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NAMED = 20;

    /** No colon and no at sign; if there are several parts, the first is not a registry: see {@link ImageReference}. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]+|(?!localhost/)[a-z0-9_-]+(?:/[a-z0-9._-]+)+");

    private final ImageReference image;
    private final SortedMap<String, List<ImageReference>> byRepository = new TreeMap<>();

    private ExtensionCatalog(ImageReference image) {
        this.image = image;
    }

    /** The full reference of a catalogue name; any other text unchanged. */
    public static String complete(String text) {
        return NAME.matcher(text).matches() ? REGISTRY + "/" + (text.contains("/") ? text : ORGANISATION + text) : text;
    }

    /** Whether an official extension is given by its name in the catalogue. */
    public static boolean isName(ImageReference official) {
        return official.registry().equals(REGISTRY) && official.tag() == null && official.digest() == null;
    }

    /** The image that contains a release's catalogue. */
    public static ImageReference imageOf(String talos) {
        return ImageReference.parse(REGISTRY + "/" + ORGANISATION + "extensions:" + talos);
    }

    /** Reads the catalogue among the files of the image. */
    public static ExtensionCatalog read(ImageReference image, FileTree files) throws IOException {
        if (files.get(FILE) instanceof Entry.RegularFile file) {
            return parse(image, file.content().readAll(FILE, MAX_BYTES));
        }
        throw broken(image, "the image has no file " + FILE);
    }

    /** Lines without a digest are ignored, as by Talos' own programs. */
    static ExtensionCatalog parse(ImageReference image, byte[] text) {
        ExtensionCatalog catalogue = new ExtensionCatalog(image);
        int number = 0;
        for (String line : new String(text, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            if (line.contains("@")) {
                try {
                    ImageReference reference = ImageReference.parse(line.strip());
                    catalogue
                            .byRepository
                            .computeIfAbsent(reference.repository(), _ -> new ArrayList<>())
                            .add(reference);
                } catch (IllegalArgumentException e) {
                    throw broken(image, "line %d of %s: %s".formatted(number, FILE, e.getMessage()));
                }
            }
        }
        return catalogue;
    }

    public static String cannotUse(ImageReference image) {
        return "cannot use the catalogue " + image;
    }

    private static BuildException broken(ImageReference image, String why) {
        return new BuildException(
                Problem.failed(Problem.Kind.BAD_ARTIFACT, cannotUse(image)).because(why));
    }

    /** The image behind a name. An unknown or ambiguous name is a problem. */
    public ImageReference find(ImageReference name) {
        List<ImageReference> found = byRepository.getOrDefault(name.repository(), List.of());
        if (found.size() == 1) {
            return found.getFirst();
        }
        List<String> several = found.isEmpty()
                ? byRepository.keySet().stream()
                        .filter(known -> known.startsWith(name.repository()))
                        .toList()
                : found.stream().map(ImageReference::toString).toList();
        if (several.size() > 1) {
            throw problem(
                    name,
                    "the name matches several extensions of %s: %s".formatted(image, listed(several)),
                    "write one of them out");
        }
        String renamed = RenamedExtensions.inCatalogue(name.repository(), byRepository.keySet());
        if (renamed != null) {
            throw problem(
                    name,
                    "%s has no such extension: it is called %s there".formatted(image, renamed),
                    "write \"%s\"".formatted(renamed.startsWith(ORGANISATION) ? FileTree.nameOf(renamed) : renamed));
        }
        String nearest = several.isEmpty() ? nearest(name) : several.getFirst();
        throw problem(
                name,
                "%s has no such extension".formatted(image),
                nearest == null
                        ? "give the image itself: REGISTRY/NAME:TAG"
                        : "did you mean \"%s\"?".formatted(nearest));
    }

    /** By the last parts: the organisation is the same for all, and would make anything near. */
    private @Nullable String nearest(ImageReference name) {
        SortedMap<String, String> byLast = new TreeMap<>();
        byRepository.keySet().forEach(repository -> byLast.put(FileTree.nameOf(repository), repository));
        String last = NearestName.nearest(FileTree.nameOf(name.repository()), byLast.keySet());
        return last == null ? null : byLast.get(last);
    }

    public static String listed(List<String> names) {
        return names.size() <= MAX_NAMED
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MAX_NAMED)) + " and %d more".formatted(names.size() - MAX_NAMED);
    }

    private static BuildException problem(ImageReference name, String why, String remedy) {
        return new BuildException(
                Problem.failed(Problem.Kind.INVALID_INPUT, "cannot find the official extension " + name.repository())
                        .because(why)
                        .trying(remedy));
    }
}
