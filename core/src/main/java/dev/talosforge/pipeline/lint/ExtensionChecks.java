package dev.talosforge.pipeline.lint;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.pipeline.inputs.ImagesInputs;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.extension.ExtensionCatalog;
import dev.talosforge.talos.extension.ExtensionVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How extensions are named: by moving tags, by digest alone, twice, or for another release. */
final class ExtensionChecks {
    private static final String OFFICIAL = "official_extensions";
    private static final String CUSTOM = "custom_extensions";
    private static final Pattern FLOATING =
            Pattern.compile("latest|main|master|edge|stable|nightly|dev|testing|v?\\d{1,3}", Pattern.CASE_INSENSITIVE);

    private final LintSubject subject;
    private final ImagesInputs images;
    private final List<LintFinding> findings = new ArrayList<>();

    private ExtensionChecks(LintSubject subject, ImagesInputs images) {
        this.subject = subject;
        this.images = images;
    }

    /** An item of one of the two lists. */
    private record Item(String input, int position, ImagePlace place) {}

    static List<LintFinding> of(LintSubject subject, ImagesInputs images) {
        ExtensionChecks checks = new ExtensionChecks(subject, images);
        List<Item> official = items(OFFICIAL, images.images().official());
        List<Item> custom = items(CUSTOM, images.images().custom());
        List<Item> real = new ArrayList<>();
        if (subject.isReal(OFFICIAL)) {
            real.addAll(official);
            checks.names(OFFICIAL, official);
        }
        if (subject.isReal(CUSTOM)) {
            real.addAll(custom);
            checks.names(CUSTOM, custom);
        }
        real.forEach(checks::release);
        real.forEach(checks::modules);
        checks.twice(real);
        return checks.findings;
    }

    /** Whether a tag is meant to move. */
    static boolean floats(@Nullable String tag) {
        return tag == null || FLOATING.matcher(tag).matches();
    }

    private static List<Item> items(String input, List<ImagePlace> places) {
        List<Item> items = new ArrayList<>();
        for (ImagePlace place : places) {
            items.add(new Item(input, items.size(), place));
        }
        return items;
    }

    private void names(String input, List<Item> items) {
        List<ImageReference> byTag = new ArrayList<>();
        List<ImageReference> byDigest = new ArrayList<>();
        for (Item item : items) {
            if (!(item.place() instanceof ImagePlace.InRegistry(ImageReference reference))) {
                continue; // on disk nothing moves but by an apply
            }
            if (input.equals(OFFICIAL) && ExtensionCatalog.isName(reference)) {
                continue; // The release's catalogue says which one it is.
            }
            if (reference.digest() != null) {
                if (reference.tag() == null) {
                    byDigest.add(reference);
                }
            } else if (floats(reference.tag())) {
                floating(item);
            } else {
                byTag.add(reference);
            }
        }
        if (!byTag.isEmpty()) {
            findings.add(subject.finding(
                    LintRule.EXTENSION_BY_TAG,
                    input,
                    "%s by tag only: %s".formatted(counted(byTag.size()), listed(byTag)),
                    "a tag can move; the same tree then builds another image",
                    "add the digests: NAME:TAG@sha256:…"));
        }
        if (!byDigest.isEmpty()) {
            findings.add(subject.finding(
                    LintRule.EXTENSION_WITHOUT_TAG,
                    input,
                    "%s by digest only: %s".formatted(counted(byDigest.size()), listed(byDigest)),
                    "a digest does not show the version",
                    "add the tags: NAME:TAG@sha256:…"));
        }
    }

    private static String counted(int count) {
        return count == 1 ? "1 extension" : count + " extensions";
    }

    private static String listed(List<ImageReference> references) {
        return references.stream()
                .map(reference -> reference.tag() == null ? reference.name() : reference.toString())
                .collect(Collectors.joining(", "));
    }

    private void floating(Item item) {
        String tag = item.place().tag();
        add(
                LintRule.FLOATING_TAG,
                item,
                tag == null
                        ? item.place() + " has neither tag nor digest"
                        : "the tag of " + item.place() + " is a moving tag",
                tag == null
                        ? "latest names another image every few weeks"
                        : "it names another image after each release",
                "write a version and its digest: NAME:TAG@sha256:…");
    }

    private void release(Item item) {
        String tag = item.place().tag();
        if (tag != null && ExtensionVersion.isForAnother(tag, images.version())) {
            add(
                    LintRule.EXTENSION_OF_OTHER_RELEASE,
                    item,
                    item.place().name() + ":" + tag + " is for another Talos release",
                    "talos_version is %s; kernel modules of another release do not load"
                            .formatted(images.version().text()),
                    "use the tag that ends with the version of Talos");
        }
    }

    /** Judged by its name: the image's content is known only when it is pulled, which is late. */
    private void modules(Item item) {
        if (item.input().equals(OFFICIAL) && OfficialModules.isOne(item.place())) {
            add(
                    LintRule.EXTENSION_WITH_MODULES,
                    item,
                    item.place().shortName() + " contains kernel modules",
                    "an index of modules cannot be built yet, and without one the kernel finds none of them: apply will refuse it",
                    "leave it out, or build these images with Talos' imager");
        }
    }

    private void twice(List<Item> items) {
        SequencedMap<String, Item> seen = new LinkedHashMap<>();
        for (Item item : items) {
            String name = item.place().shortName();
            Item first = seen.putIfAbsent(name, item);
            if (first != null) {
                boolean both = !first.input().equals(item.input());
                add(
                        LintRule.EXTENSION_TWICE,
                        item,
                        both
                                ? "%s is both an official and a custom extension".formatted(name)
                                : "%s is listed more than once".formatted(name),
                        "%s and %s: both go into the images, and the files of the last one win"
                                .formatted(first.place(), item.place()),
                        "keep one of them");
            }
        }
    }

    /** A name from the catalogue is shown without the image it stands for. */
    private Where.@Nullable Source place(Item item) {
        Where.Source whole = subject.place(item.input());
        List<String> texts = new ArrayList<>(List.of(item.place().toString()));
        if (item.place() instanceof ImagePlace.InRegistry(ImageReference reference)
                && ExtensionCatalog.isName(reference)) {
            texts.add(reference.repository());
            texts.add(item.place().shortName());
        }
        for (String text : texts) {
            Where.Source place = subject.place(item.input(), item.position(), text);
            if (place != null && !place.equals(whole)) {
                return place;
            }
        }
        return whole;
    }

    private void add(LintRule check, Item item, String what, String why, String remedy) {
        findings.add(subject.finding(check, item.input(), place(item), what, why, remedy));
    }
}
