package dev.talosforge.talos.extension;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.service.ExtensionServices;
import dev.talosforge.talos.service.ServiceNotes;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The flattened image of an extension, not yet checked.
 *
 * @param reference the user's name for it
 * @param files the image's root: exactly manifest.yaml and rootfs
 * @param official whether it is one of Talos' own. Where those put files is not checked: the list that they must
 *     match changes between patch releases, and the imager takes them as they are, too
 * @param architecture that its programs are for; null if unknown
 */
public record ExtensionImage(
        String reference,
        FileTree files,
        boolean official,
        @Nullable Architecture architecture) {
    private static final String MANIFEST = "manifest.yaml";
    private static final String ROOTFS = "rootfs";
    private static final Pattern V_BEFORE_DIGIT = Pattern.compile("v(?=\\d)");

    /** One for an unknown machine. */
    public ExtensionImage(String reference, FileTree files, boolean official) {
        this(reference, files, official, null);
    }

    /**
     * Reads and checks all images for a Talos version.
     *
     * @return the extensions in the order given
     * @throws BuildException with every problem of every image
     */
    public static List<Extension> load(List<ExtensionImage> images, TalosVersion version) {
        return load(images, version, true);
    }

    /** The same by the rules of an unspecified version: manifests may be for any. */
    public static List<Extension> loadForAny(List<ExtensionImage> images, TalosVersion rules) {
        return load(images, rules, false);
    }

    /** Why a text cannot be an extension's range of Talos versions; null if it can. */
    public static @Nullable String whyNoRange(String text) {
        try {
            range(text);
            return null;
        } catch (VersionRange.SyntaxException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Whether a range, which must be valid, contains a version. */
    public static boolean isFor(String range, TalosVersion version) {
        try {
            return range.isEmpty() || range(range).contains(version.core());
        } catch (VersionRange.SyntaxException e) {
            throw new IllegalArgumentException("not a version range: " + range, e);
        }
    }

    private static VersionRange range(String text) throws VersionRange.SyntaxException {
        return VersionRange.parse(V_BEFORE_DIGIT.matcher(text).replaceAll(""));
    }

    private static List<Extension> load(List<ExtensionImage> images, TalosVersion version, boolean named) {
        List<Problem> problems = new ArrayList<>();
        List<Extension> extensions = new ArrayList<>();
        for (ExtensionImage image : images) {
            Extension extension = image.read(version, named, problems);
            if (extension != null) {
                extensions.add(extension);
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems, null);
        }
        return List.copyOf(extensions);
    }

    private @Nullable Extension read(TalosVersion version, boolean named, List<Problem> problems) {
        int before = problems.size();
        Consumer<String> bad = why -> problems.add(problem(Kind.BAD_ARTIFACT, why, null));
        List<String> unexpected = files.children(".").stream()
                .filter(entry -> !isExpected(entry))
                .map(entry -> "unexpected file \"%s\"%s".formatted(entry.path(), eStargz(entry.path())))
                .toList();
        ExtensionContents.report(unexpected, "unexpected", bad);
        ExtensionManifest manifest = manifest(bad);
        if (files.get(ROOTFS) == null) {
            bad.accept("extension rootfs is missing");
        }
        if (manifest != null && named) {
            constraint(manifest.talosVersions(), version, bad);
        }
        FileTree rootfs = rootfs(bad);
        if (rootfs != null && !official) {
            ExtensionContents.check(rootfs, Quirks.of(version), bad);
        }
        if (rootfs != null && rootfs.get(Quirks.of(version).modulesDirectory()) != null) {
            problems.add(problem(
                    Kind.NOT_SUPPORTED,
                    "it contains kernel modules in /%s, and building a module index is not supported yet"
                            .formatted(Quirks.of(version).modulesDirectory()),
                    "remove this extension"));
        }
        List<Problem> warnings =
                new ArrayList<>(rootfs == null || official ? List.of() : services(rootfs, version, problems));
        if (manifest != null) {
            placeholders(manifest, warnings);
        }
        return problems.size() == before && manifest != null && rootfs != null
                ? new Extension(manifest, rootfs, warnings)
                : null;
    }

    /** Talos and its imager treat them as plain text. */
    private void placeholders(ExtensionManifest manifest, List<Problem> warnings) {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        texts.put("name", manifest.name());
        texts.put("version", manifest.version());
        texts.put("author", manifest.author());
        texts.put("description", manifest.description());
        texts.forEach((field, text) -> {
            boolean words = field.equals("author") || field.equals("description");
            String left = words ? Placeholders.inWords(text) : Placeholders.in(text);
            if (left != null) {
                warnings.add(problem(
                        Kind.BAD_ARTIFACT,
                        "its manifest still contains %s in %s: a template that was not filled in"
                                .formatted(left, field),
                        "build the extension the way its project does, with a version"));
            }
        });
    }

    /** Adds what is wrong with the services to the problems; returns the warnings. */
    private List<Problem> services(FileTree rootfs, TalosVersion version, List<Problem> problems) {
        List<Problem> warnings = new ArrayList<>();
        try {
            for (ServiceNotes.Note note : ExtensionServices.check(rootfs, version, architecture)) {
                Problem problem = Problem.failed(Kind.BAD_ARTIFACT, "cannot use extension " + reference)
                        .because(note.why())
                        .at(note.where())
                        .trying(note.remedy());
                (note.fatal() ? problems : warnings).add(problem);
            }
        } catch (IOException e) {
            problems.add(problem(Kind.BAD_ARTIFACT, String.valueOf(e.getMessage()), null));
        }
        return warnings;
    }

    /** What the lazy form of a layer adds: the name alone does not say where it comes from. */
    private static String eStargz(String path) {
        return switch (path) {
            case "stargz.index.json", ".prefetch.landmark", ".no.prefetch.landmark" ->
                ", which eStargz adds (publish the image without estargz)";
            default -> "";
        };
    }

    private static boolean isExpected(Entry entry) {
        return switch (entry) {
            case Entry.RegularFile file -> file.path().equals(MANIFEST);
            case Entry.Directory directory -> directory.path().equals(ROOTFS);
            case Entry.HardLink _, Entry.Symlink _, Entry.CharDevice _, Entry.BlockDevice _, Entry.Fifo _ -> false;
        };
    }

    private @Nullable ExtensionManifest manifest(Consumer<String> bad) {
        Entry entry = files.get(MANIFEST);
        if (entry == null) {
            bad.accept("extension manifest is missing");
        }
        if (entry instanceof Entry.RegularFile file) {
            try {
                return ExtensionManifest.read(file.content());
            } catch (IOException e) {
                bad.accept(String.valueOf(e.getMessage()));
            }
        }
        return null;
    }

    private @Nullable FileTree rootfs(Consumer<String> bad) {
        if (!(files.get(ROOTFS) instanceof Entry.Directory)) {
            return null;
        }
        try {
            return files.subtree(ROOTFS);
        } catch (IOException e) {
            bad.accept(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static void constraint(String text, TalosVersion version, Consumer<String> bad) {
        if (text.isEmpty()) {
            return;
        }
        try {
            VersionRange range = range(text);
            if (!range.contains(version.core())) {
                bad.accept("version constraint %s can't be satisfied with Talos version %s"
                        .formatted(text, version.core()));
            }
        } catch (VersionRange.SyntaxException e) {
            bad.accept("error parsing Talos version constraint: " + e.getMessage());
        }
    }

    private Problem problem(Kind kind, String why, @Nullable String remedy) {
        return Problem.failed(kind, "cannot use extension " + reference)
                .because(why)
                .trying(remedy);
    }
}
