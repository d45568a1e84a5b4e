package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.talos.Architecture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stood as values in a record of the first format. What cannot be read is an {@link IllegalArgumentException}. */
final class FirstFormatValues {
    static final String DIGEST = "sha256:[0-9a-f]{64}";
    private static final String OF_ARCHITECTURE = "(?:([a-z0-9]+) )?(" + DIGEST + ")";
    private static final Pattern ARCHITECTURE_DIGEST = Pattern.compile(OF_ARCHITECTURE);
    private static final Pattern TAGGED = Pattern.compile("(?:([^@ ]+)@)?(" + DIGEST + ")");
    private static final Pattern NOT_PUSHED = Pattern.compile("(.*) \\(not pushed\\)");

    private FirstFormatValues() {}

    static List<String> list(String value) {
        return value.isEmpty() ? List.of() : List.of(value.split(", ", -1));
    }

    static List<Sha256> digests(String value) {
        return list(value).stream().map(Sha256::parse).toList();
    }

    /** An architecture that stands twice would be of two files of one name. */
    static SortedMap<String, Sha256> byArchitecture(String value) {
        SortedMap<String, Sha256> digests = new TreeMap<>();
        for (String one : list(value)) {
            Matcher digest = ARCHITECTURE_DIGEST.matcher(one);
            if (!digest.matches()
                    || digests.put(digest.group(1) == null ? "" : digest.group(1), Sha256.parse(digest.group(2)))
                            != null) {
                throw new IllegalArgumentException(value);
            }
        }
        return digests;
    }

    static @Nullable Part architectures(String value) {
        List<Architecture> all = new ArrayList<>();
        for (String label : list(value)) {
            Architecture architecture = Architecture.of(label);
            if (architecture == null) {
                return null;
            }
            all.add(architecture);
        }
        return new Part.Architectures(all);
    }

    static ImagePlace place(String text) {
        return ImagePlace.parse(text, Path.of("/"));
    }

    static Part base(Part.BaseImage.Role role, @Nullable Architecture only, String value) {
        ImagePlace place = place(value);
        return new Part.BaseImage(role, only, new PinnedImage(place, place.digest()));
    }

    static Part target(Part.Target.Kind kind, String value) {
        Matcher kept = NOT_PUSHED.matcher(value);
        return kept.matches()
                ? new Part.Target(kind, place(kept.group(1)), false)
                : new Part.Target(kind, place(value), true);
    }

    static List<PinnedImage> images(String name, String value) {
        List<PinnedImage> images = new ArrayList<>();
        for (String one : list(value)) {
            Matcher tagged = TAGGED.matcher(one);
            if (!tagged.matches()) {
                throw new IllegalArgumentException(value);
            }
            ImagePlace place = place(tagged.group(1) == null ? name : name + ":" + tagged.group(1));
            Sha256 digest = Sha256.parse(tagged.group(2));
            images.add(new PinnedImage(place.pinned(digest), digest));
        }
        return images;
    }

    /** The text behind a prefix; null for a title without it. */
    static @Nullable String after(String title, String prefix) {
        return title.startsWith(prefix) ? title.substring(prefix.length()) : null;
    }
}
