package dev.talosforge.pipeline.inputs;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.NearestName;
import dev.talosforge.talos.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Inputs of both building stages: the architectures, where images come from and where they go. */
public final class TargetInputs {
    private static final String ONE = "architecture";
    private static final String SEVERAL = "architectures";
    static final String OVERWRITE = "overwrite_tag";

    private TargetInputs() {}

    /** At least one; outputs that name only one artifact name the first one's. */
    static List<Architecture> architectures(InputReader in) {
        String one = in.optional(ONE);
        List<String> several = in.texts(SEVERAL);
        List<Architecture> found = new ArrayList<>();
        if (one != null && several.isEmpty()) {
            add(found, in, ONE, ONE, one);
        }
        for (int i = 0; i < several.size(); i++) {
            add(found, in, SEVERAL, "%s[%d]".formatted(SEVERAL, i), several.get(i));
        }
        if (one != null && !several.isEmpty() && !several.equals(List.of(one))) {
            in.wrong(
                    SEVERAL,
                    "names %s, but architecture names %s: set only one of them"
                            .formatted(String.join(", ", several), one));
        }
        return found.isEmpty() ? List.of(Architecture.AMD64) : List.copyOf(found);
    }

    private static void add(List<Architecture> into, InputReader in, String input, String part, String label) {
        Architecture architecture = Architecture.of(label);
        if (architecture == null) {
            in.wrong(input, part, "is \"%s\", which is neither amd64 nor arm64".formatted(label), suggestion(label));
        } else if (into.contains(architecture)) {
            in.wrong(input, part, "is \"%s\", which is already listed".formatted(label), null);
        } else {
            into.add(architecture);
        }
    }

    /** Its name here, if it is another name for one or is misspelt; otherwise null. */
    static @Nullable String suggestion(String label) {
        Architecture known = Architecture.ofMachine(label.toLowerCase(Locale.ROOT));
        return known == null
                ? NearestName.suggestion(
                        label,
                        Stream.of(Architecture.values())
                                .map(Architecture::label)
                                .toList())
                : "write \"%s\", as images do".formatted(known.label());
    }

    public static String labels(List<Architecture> architectures) {
        return architectures.stream().map(Architecture::label).collect(Collectors.joining(", "));
    }

    /** Null if it is empty, which is reported already, or wrong, which is reported here. */
    static @Nullable ImagePlace place(InputReader in, String name, String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            ImagePlace place = ImagePlace.parse(text, in.directory());
            String mismatch = mismatch(place);
            if (mismatch != null) {
                in.wrong(name, mismatch);
            }
            return place;
        } catch (IllegalArgumentException e) {
            in.wrong(name, "is " + e.getMessage());
            return null;
        }
    }

    /** Why what is on this machine cannot be such a place; null if it can, or nothing is there yet. */
    static @Nullable String mismatch(ImagePlace place) {
        String why = place instanceof ImagePlace.OnDisk disk ? disk.mismatch() : null;
        return why == null ? null : "is \"%s\", and %s".formatted(place, why);
    }

    /**
     * Where something goes, with its tag.
     *
     * @param tagged the input with the tag; unless it is set, the place's own name counts, then {@code usual}
     * @param called the name in a Docker archive that has none
     */
    static @Nullable ImagePlace target(
            InputReader in, String input, String tagged, String usual, String called, List<Architecture> built) {
        String tag = in.optional(tagged);
        ImagePlace place = place(in, input, in.required(input));
        if (place == null) {
            return null;
        }
        if (place.digest() != null) {
            in.wrong(input, "has a digest; the built image gets its own");
        }
        if (place instanceof ImagePlace.InRegistry && place.tag() != null) {
            in.wrong(
                    input,
                    input,
                    "has the tag \"%s\"; name only the repository".formatted(place.tag()),
                    "write: %s = \"%s\", and the tag as %s = \"%s\""
                            .formatted(input, place.name(), tagged, place.tag()));
        }
        if (place instanceof ImagePlace.InDockerArchive archive) {
            if (built.size() > 1 && !archive.perArchitecture()) {
                in.wrong(
                        input,
                        "is one docker archive, which can hold only one image, but the unit builds for %s; write %s in the file name"
                                .formatted(labels(built), ImagePlace.ARCHITECTURE));
            }
            if (archive.saved() == null) {
                place = new ImagePlace.InDockerArchive(archive.path(), ImageReference.parse("localhost/" + called));
            }
        }
        String own = place instanceof ImagePlace.OnDisk ? place.tag() : null;
        if (own != null && tag != null && !own.equals(tag)) {
            in.wrong(tagged, "is \"%s\", but %s names \"%s\": set only one of them".formatted(tag, input, own));
        }
        if (tag == null && own != null) {
            return place.withTag(own);
        }
        String chosen = tag == null ? usual : tag;
        try {
            return place.withTag(
                    ImageReference.parse("localhost/unset").withTag(chosen).selector());
        } catch (IllegalArgumentException e) {
            in.wrong(tagged, "is not a valid tag: " + e.getMessage());
            return place;
        }
    }
}
