package dev.talosforge.pipeline.inputs;

import dev.talosforge.config.hcl.value.Value;
import dev.talosforge.extension.Placement;
import dev.talosforge.extension.Source;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.problem.NearestName;
import dev.talosforge.talos.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code sources}: each item is an object, and the member that names its kind decides which others it may have.
 */
public final class SourcesReader {
    public static final String NAME = "sources";

    /** The members that name a source's kind. */
    public static final List<String> KINDS =
            List.of("image", "debian_packages", "dir", "files", "archive", "download", "build");

    private static final int MAX_SOURCES = 200;
    private static final String PACKAGE = "[a-z0-9][a-z0-9+.-]+";
    private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";

    private final List<Architecture> architectures;
    private final boolean inBuild;

    private SourcesReader(List<Architecture> architectures, boolean inBuild) {
        this.architectures = architectures;
        this.inBuild = inBuild;
    }

    /** The unit's sources; empty if there are none or they are not known yet. */
    static List<Source.Item> read(InputReader in, List<Architecture> architectures) {
        Value value = in.composed(NAME);
        return value == null
                ? List.of()
                : new SourcesReader(architectures, false).items(in, ObjectReader.items(in, NAME, NAME, value));
    }

    private List<Source.Item> items(InputReader in, SequencedMap<String, Value> values) {
        List<Source.Item> items = new ArrayList<>();
        if (values.size() > MAX_SOURCES) {
            in.wrong(NAME, NAME, "has more than %d sources".formatted(MAX_SOURCES), null);
            return items;
        }
        values.forEach((at, value) -> {
            ObjectReader reader = ObjectReader.of(in, NAME, at, value);
            Source.Item item = reader == null ? null : item(reader);
            if (item != null) {
                items.add(item);
            }
        });
        return items;
    }

    private Source.@Nullable Item item(ObjectReader reader) {
        List<String> kinds = KINDS.stream().filter(reader::has).toList();
        if (kinds.size() != 1 || (inBuild && kinds.contains("build"))) {
            noKind(reader, kinds);
            return null;
        }
        Source source = switch (kinds.getFirst()) {
            case "image" -> image(reader);
            case "debian_packages" -> packages(reader);
            case "dir" -> folder(reader);
            case "files" -> texts(reader);
            case "archive" -> archive(reader);
            case "download" -> download(reader);
            default -> build(reader);
        };
        Placement placement = PlacementReader.read(reader, source, inBuild);
        reader.finish();
        return source == null ? null : new Source.Item(reader.at(), source, placement);
    }

    private void noKind(ObjectReader reader, List<String> kinds) {
        List<String> known = inBuild ? KINDS.subList(0, KINDS.size() - 1) : KINDS;
        if (kinds.size() == 1) {
            reader.in().wrong(NAME, reader.at(), "is a build within a build", null);
            return;
        }
        if (kinds.size() > 1) {
            reader.in()
                    .wrong(
                            NAME,
                            reader.at(),
                            "is %s at once; it must be only one".formatted(String.join(" and ", kinds)),
                            null);
            return;
        }
        String none = "has none of %s, one of which must say what the source is".formatted(String.join(", ", known));
        for (String name : reader.names()) {
            String near = NearestName.suggestion(name, known);
            if (near != null) {
                reader.in().unknownMember(NAME, reader.at() + "." + name, "is unknown here; the source " + none, near);
                return;
            }
        }
        reader.in().wrong(NAME, reader.at(), none, null);
    }

    private @Nullable Source image(ObjectReader reader) {
        String text = reader.required("image");
        if (text.isEmpty()) {
            return null;
        }
        try {
            ImagePlace place = ImagePlace.parse(text, reader.in().directory());
            String mismatch = TargetInputs.mismatch(place);
            if (mismatch != null) {
                reader.wrong("image", mismatch);
            }
            return new Source.Image(place);
        } catch (IllegalArgumentException e) {
            reader.wrong("image", "is " + e.getMessage());
            return null;
        }
    }

    private static Source packages(ObjectReader reader) {
        return new Source.Packages(packageNames(reader));
    }

    private static List<String> packageNames(ObjectReader reader) {
        List<String> names = reader.texts("debian_packages");
        for (String name : names) {
            if (!name.matches(PACKAGE)) {
                reader.wrong(
                        "debian_packages", "has \"%s\", which is not the name of a Debian package".formatted(name));
            }
        }
        if (names.isEmpty()) {
            reader.wrong("debian_packages", "names no package");
        }
        return names;
    }

    private static @Nullable Source folder(ObjectReader reader) {
        String written = reader.required("dir");
        if (written.isEmpty()) {
            return null;
        }
        Path path = reader.in().onDisk(written);
        if (!Files.isDirectory(path)) {
            reader.wrong("dir", "names %s, which is not a folder".formatted(path));
        }
        return new Source.Folder(reader.in().named(written), path);
    }

    private Source texts(ObjectReader reader) {
        SortedMap<String, String> files = reader.map("files");
        for (String path : files.keySet()) {
            if (!PlacementReader.isPath(path)) {
                reader.wrong("files", "has \"%s\"; expected a path without a leading / and without .".formatted(path));
            }
            if (!inBuild) {
                PlacementReader.checkNames(reader, "files", "has", path);
            }
        }
        return new Source.Texts(files);
    }

    private Source archive(ObjectReader reader) {
        int strip = reader.whole("strip", 0, 20, 0);
        return new Source.Archive(OriginReader.read(reader, "archive", architectures), strip);
    }

    private Source download(ObjectReader reader) {
        String path = reader.required("path");
        if (!path.isEmpty() && !PlacementReader.isPath(path)) {
            reader.wrong("path", "is \"%s\"; expected a path without a leading / and without .".formatted(path));
        }
        if (!inBuild) {
            PlacementReader.checkNames(reader, "path", "is", path);
        }
        String mode = reader.text("mode");
        Integer permissions = mode == null ? Integer.valueOf(0644) : PlacementReader.mode(reader, "mode", mode);
        return new Source.Download(
                OriginReader.read(reader, "download", architectures),
                PlacementReader.isPath(path) ? path : "unset",
                permissions == null ? 0644 : permissions);
    }

    private @Nullable Source build(ObjectReader item) {
        ObjectReader reader = item.object("build");
        if (reader == null) {
            return null;
        }
        List<Path> patches = new ArrayList<>();
        for (String patch : reader.texts("patches")) {
            Path path = reader.in().onDisk(patch);
            if (!Files.isRegularFile(path)) {
                reader.wrong("patches", "names %s, which is not a file".formatted(path));
            }
            patches.add(path);
        }
        SortedMap<String, String> environment = reader.map("environment");
        for (String name : environment.keySet()) {
            if (!name.matches(VARIABLE)) {
                reader.wrong("environment", "has \"%s\", which is not the name of a variable".formatted(name));
            }
        }
        Source build = new Source.Build(
                packageNames(reader),
                new SourcesReader(architectures, true).items(reader.in(), reader.items(NAME)),
                patches,
                reader.required("command"),
                environment,
                Duration.ofMinutes(reader.whole("timeout_minutes", 1, 24 * 60, 30)));
        reader.finish();
        return build;
    }
}
