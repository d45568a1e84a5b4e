package dev.talosforge.pipeline.inputs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.DiskName;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.extension.Placed;
import dev.talosforge.extension.Placement;
import dev.talosforge.extension.Source;
import dev.talosforge.extension.SourceException;
import dev.talosforge.problem.Where;
import dev.talosforge.talos.Quirks;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.service.ExtensionServices;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Service files in the available sources: folders and texts. What Talos would refuse in them in any case is reported
 * with the inputs, before anything is fetched or built.
 */
final class SourceServices {
    private static final String FOLDER = "usr/local/etc/containers";
    private static final String SUFFIX = ".yaml";
    private static final int MAX_FILES = 100;
    private static final int MAX_SIZE = 256 << 10;

    private final InputReader in;
    private final String usual;
    private final TalosVersion rules;
    private final List<ServiceRemark> remarks;
    private final ServicePlaces places;

    private SourceServices(
            InputReader in, String usual, TalosVersion rules, List<ServiceRemark> remarks, ServicePlaces places) {
        this.remarks = remarks;
        this.places = places;
        this.in = in;
        this.usual = usual;
        this.rules = rules;
    }

    /**
     * Reports what is wrong with them.
     *
     * @param usual the folder for files whose source sets none
     * @param rules the version of Talos whose rules are applied
     * @param remarks receives suspicious content
     * @param places receives the places where they are written
     */
    static void check(
            InputReader in,
            List<Source.Item> sources,
            String usual,
            TalosVersion rules,
            List<ServiceRemark> remarks,
            ServicePlaces places) {
        SourceServices services = new SourceServices(in, usual, rules, remarks, places);
        for (Source.Item item : sources) {
            try {
                services.check(item);
            } catch (IOException _) {
                // What cannot be read is told by whoever puts the sources together, with all else that is wrong with
                // it.
            }
        }
    }

    private void check(Source.Item item) throws IOException {
        wholeExtension(item);
        modules(item);
        String from = folderInSource(item, FOLDER);
        if (from == null) {
            return;
        }
        FileTree files = switch (item.source()) {
            case Source.Folder folder -> onDisk(folder.path(), from);
            case Source.Texts texts -> among(texts.files(), from);
            case Source.Image _, Source.Packages _, Source.Archive _, Source.Download _, Source.Build _ ->
                FileTree.of(List.of());
        };
        if (files.size() == 0) {
            return;
        }
        for (Entry entry : placed(item, files).below(FOLDER)) {
            if (entry instanceof Entry.RegularFile file
                    && FileTree.parentOf(file.path()).equals(FOLDER)) {
                if (item.source() instanceof Source.Folder folder) {
                    places.add(file.path(), onDisk(folder, from, file));
                } else {
                    places.add(file.path(), written(item, from, file));
                }
                remarks(item, from, file);
            }
        }
    }

    /** A finished extension: the two files in its root would be too many. */
    private void wholeExtension(Source.Item item) {
        if (item.source() instanceof Source.Folder folder
                && "".equals(folderInSource(item, ""))
                && Files.isRegularFile(folder.path().resolve("manifest.yaml"))
                && Files.isDirectory(folder.path().resolve("rootfs"))) {
            in.wrong(
                    SourcesReader.NAME,
                    item.at() + ".dir",
                    "names a whole extension: its files are in rootfs, and manifest.yaml is generated from the inputs",
                    "add from = \"rootfs\"");
        }
    }

    /** Refused by the stage in any case: reported before anything is fetched or built. */
    private void modules(Source.Item item) throws IOException {
        String target = Quirks.of(rules).modulesDirectory();
        String from = folderInSource(item, target);
        if (from == null) {
            return;
        }
        TreeBuilder tree = new TreeBuilder(0);
        if (item.source() instanceof Source.Folder folder
                && Files.isDirectory(folder.path().resolve(from))) {
            tree.directory(from, 0755);
        } else if (item.source() instanceof Source.Texts texts) {
            texts.files().keySet().stream()
                    .filter(path -> path.startsWith(from + "/"))
                    .forEach(path -> tree.file(path, 0644, ""));
        }
        if (placed(item, tree.build()).get(target) != null) {
            in.wrong(
                    SourcesReader.NAME,
                    item.at(),
                    "contains kernel modules in /%s, but an index of modules cannot be built yet".formatted(target),
                    "leave them out with exclude");
        }
    }

    /** The folder of the source whose files go to a place; null if none do. */
    private @Nullable String folderInSource(Source.Item item, String place) {
        String to = item.placement().to() == null ? usual : item.placement().to();
        if (!to.isEmpty() && !place.equals(to) && !place.startsWith(to + "/")) {
            return null;
        }
        String rest = to.isEmpty() ? place : place.substring(to.length());
        return Stream.of((item.placement().from() + "/" + rest).split("/", -1))
                .filter(name -> !name.isEmpty())
                .reduce((left, right) -> left + "/" + right)
                .orElse("");
    }

    private static FileTree onDisk(Path source, String folder) throws IOException {
        TreeBuilder tree = new TreeBuilder(0);
        Path directory = source.resolve(folder);
        if (!Files.isDirectory(directory)) {
            return tree.build();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .limit(MAX_FILES)
                    .toList();
        }
        for (Path file : files) {
            if (Files.size(file) <= MAX_SIZE) {
                String name = DiskName.of(directory, file);
                tree.file(folder.isEmpty() ? name : folder + "/" + name, 0644, ByteSource.of(OpenFile.read(file)));
            }
        }
        return tree.build();
    }

    private static FileTree among(SequencedMap<String, String> texts, String folder) throws IOException {
        TreeBuilder tree = new TreeBuilder(0);
        texts.forEach((path, text) -> {
            String parent = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
            if (parent.equals(folder)) {
                tree.file(path, 0644, text);
            }
        });
        return tree.build();
    }

    /** As far as the source's patterns select them; modes and owners do not change a file's content. */
    private FileTree placed(Source.Item item, FileTree files) throws IOException {
        Placement given = item.placement();
        try {
            return Placed.of(
                            new Source.Item(
                                    item.at(),
                                    item.source(),
                                    new Placement(
                                            given.to(),
                                            given.from(),
                                            given.include(),
                                            given.exclude(),
                                            new TreeMap<>(),
                                            new TreeMap<>(),
                                            false)),
                            files,
                            usual,
                            0)
                    .tree();
        } catch (SourceException e) {
            return FileTree.of(List.of()); // none of them is taken
        }
    }

    private void remarks(Source.Item item, String from, Entry.RegularFile file) throws IOException {
        String text = "";
        try {
            if (file.path().endsWith(SUFFIX)) { // of others Talos reads nothing but the name
                text = UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(file.content().readAll("service file", MAX_SIZE)))
                        .toString();
            }
        } catch (CharacterCodingException e) {
            in.wrong(
                    item.at(),
                    onDisk(item, from, file, null),
                    "contains /%s, which is not UTF-8 text".formatted(file.path()),
                    null);
            return;
        }
        for (ExtensionServices.Remark remark : ExtensionServices.remarks(file.path(), text, rules)) {
            Where.Source onDisk = onDisk(item, from, file, remark.where());
            Where.Source where = onDisk == null ? written(item, from, file) : onDisk;
            if (remark.fatal()) {
                in.wrong(
                        item.at(),
                        where,
                        "contains /%s, which is not a valid Talos service: %s"
                                .formatted(file.path(), onDisk == null ? remark.whyWithLine() : remark.why()),
                        remark.remedy());
            } else {
                remarks.add(new ServiceRemark(SourcesReader.NAME, file.path(), where, onDisk != null, remark));
            }
        }
    }

    private static Path onDisk(Source.Folder folder, String from, Entry.RegularFile file) {
        return DiskName.in(folder.path().resolve(from), FileTree.nameOf(file.path()));
    }

    /** The place in a folder's file; null if it comes from elsewhere. */
    private static Where.@Nullable Source onDisk(
            Source.Item item, String from, Entry.RegularFile file, Where.@Nullable Source place) {
        if (!(item.source() instanceof Source.Folder folder)) {
            return null;
        }
        Path path = onDisk(folder, from, file);
        return place == null
                ? new Where.Source(path, 1, 1, 1, "")
                : new Where.Source(path, place.line(), place.column(), place.length(), place.text());
    }

    /** The text in the unit. */
    private Where.@Nullable Source written(Source.Item item, String from, Entry.RegularFile file) {
        List<String> way = new ArrayList<>(PartPlaces.way(SourcesReader.NAME, item.at()));
        String name = FileTree.nameOf(file.path());
        way.addAll(List.of("files", from.isEmpty() ? name : from + "/" + name));
        return in.place(SourcesReader.NAME, way);
    }
}
