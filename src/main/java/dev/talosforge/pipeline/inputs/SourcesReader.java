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

/** Reads {@code sources}: each item is an object, and the member that says what it is decides what else it may have. */
public final class SourcesReader {
    public static final String NAME = "sources";

    /** The members that say what a source is. */
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

    /** The unit's sources; empty where there are none or they are not known yet. */
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
            ObjectReader members = ObjectReader.of(in, NAME, at, value);
            Source.Item item = members == null ? null : item(members);
            if (item != null) {
                items.add(item);
            }
        });
        return items;
    }

    private Source.@Nullable Item item(ObjectReader members) {
        List<String> kinds = KINDS.stream().filter(members::has).toList();
        if (kinds.size() != 1 || (inBuild && kinds.contains("build"))) {
            noKind(members, kinds);
            return null;
        }
        Source source = switch (kinds.getFirst()) {
            case "image" -> image(members);
            case "debian_packages" -> packages(members);
            case "dir" -> folder(members);
            case "files" -> texts(members);
            case "archive" -> archive(members);
            case "download" -> download(members);
            default -> build(members);
        };
        Placement placement = PlacementReader.read(members, source, inBuild);
        members.finish();
        return source == null ? null : new Source.Item(members.at(), source, placement);
    }

    private void noKind(ObjectReader members, List<String> kinds) {
        List<String> known = inBuild ? KINDS.subList(0, KINDS.size() - 1) : KINDS;
        if (kinds.size() == 1) {
            members.in().wrong(NAME, members.at(), "is a build in a build", null);
            return;
        }
        if (kinds.size() > 1) {
            members.in()
                    .wrong(
                            NAME,
                            members.at(),
                            "is %s at once, and has to be one".formatted(String.join(" and ", kinds)),
                            null);
            return;
        }
        String none = "has none of %s, which say what a source is".formatted(String.join(", ", known));
        for (String name : members.names()) {
            String near = NearestName.suggestion(name, known);
            if (near != null) {
                members.in()
                        .unknownMember(NAME, members.at() + "." + name, "is not known there; the source " + none, near);
                return;
            }
        }
        members.in().wrong(NAME, members.at(), none, null);
    }

    private @Nullable Source image(ObjectReader members) {
        String text = members.required("image");
        if (text.isEmpty()) {
            return null;
        }
        try {
            ImagePlace place = ImagePlace.parse(text, members.in().directory());
            String mismatch = TargetInputs.mismatch(place);
            if (mismatch != null) {
                members.wrong("image", mismatch);
            }
            return new Source.Image(place);
        } catch (IllegalArgumentException e) {
            members.wrong("image", "is " + e.getMessage());
            return null;
        }
    }

    private static Source packages(ObjectReader members) {
        return new Source.Packages(packageNames(members));
    }

    private static List<String> packageNames(ObjectReader members) {
        List<String> names = members.texts("debian_packages");
        for (String name : names) {
            if (!name.matches(PACKAGE)) {
                members.wrong("debian_packages", "has \"%s\", which is no name of a Debian package".formatted(name));
            }
        }
        if (names.isEmpty()) {
            members.wrong("debian_packages", "names no package");
        }
        return names;
    }

    private static @Nullable Source folder(ObjectReader members) {
        String written = members.required("dir");
        if (written.isEmpty()) {
            return null;
        }
        Path path = members.in().onDisk(written);
        if (!Files.isDirectory(path)) {
            members.wrong("dir", "names %s, which is no folder".formatted(path));
        }
        return new Source.Folder(written, path);
    }

    private Source texts(ObjectReader members) {
        SortedMap<String, String> files = members.map("files");
        for (String path : files.keySet()) {
            if (!PlacementReader.isPath(path)) {
                members.wrong(
                        "files", "has \"%s\"; a path without / at its begin, and without ., is needed".formatted(path));
            }
            if (!inBuild) {
                PlacementReader.checkNames(members, "files", "has", path);
            }
        }
        return new Source.Texts(files);
    }

    private Source archive(ObjectReader members) {
        int strip = members.whole("strip", 0, 20, 0);
        return new Source.Archive(OriginReader.read(members, "archive", architectures), strip);
    }

    private Source download(ObjectReader members) {
        String path = members.required("path");
        if (!path.isEmpty() && !PlacementReader.isPath(path)) {
            members.wrong("path", "is \"%s\"; a path without / at its begin, and without ., is needed".formatted(path));
        }
        if (!inBuild) {
            PlacementReader.checkNames(members, "path", "is", path);
        }
        String mode = members.text("mode");
        Integer permissions = mode == null ? Integer.valueOf(0644) : PlacementReader.mode(members, "mode", mode);
        return new Source.Download(
                OriginReader.read(members, "download", architectures),
                PlacementReader.isPath(path) ? path : "unset",
                permissions == null ? 0644 : permissions);
    }

    private @Nullable Source build(ObjectReader item) {
        ObjectReader members = item.object("build");
        if (members == null) {
            return null;
        }
        List<Path> patches = new ArrayList<>();
        for (String patch : members.texts("patches")) {
            Path path = members.in().onDisk(patch);
            if (!Files.isRegularFile(path)) {
                members.wrong("patches", "names %s, which is no file".formatted(path));
            }
            patches.add(path);
        }
        SortedMap<String, String> environment = members.map("environment");
        for (String name : environment.keySet()) {
            if (!name.matches(VARIABLE)) {
                members.wrong("environment", "has \"%s\", which is no name of a variable".formatted(name));
            }
        }
        Source build = new Source.Build(
                packageNames(members),
                new SourcesReader(architectures, true).items(members.in(), members.items(NAME)),
                patches,
                members.required("command"),
                environment,
                Duration.ofMinutes(members.whole("timeout_minutes", 1, 24 * 60, 30)));
        members.finish();
        return build;
    }
}
