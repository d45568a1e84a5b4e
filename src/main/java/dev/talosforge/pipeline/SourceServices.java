package dev.talosforge.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.extension.Placed;
import dev.talosforge.extension.Placement;
import dev.talosforge.extension.Source;
import dev.talosforge.extension.SourceException;
import dev.talosforge.extension.SourceItem;
import dev.talosforge.talos.ExtensionServices;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Service files in the sources that are at hand: folders and texts. What Talos refuses of such a file whatever else the
 * extension has is told with the inputs, before anything is fetched or built.
 */
final class SourceServices {
    private static final String FOLDER = "usr/local/etc/containers";
    private static final String SUFFIX = ".yaml";
    private static final int MAX_FILES = 100;
    private static final int MAX_SIZE = 256 << 10;

    private final InputReader in;
    private final String usual;
    private final TalosVersion rules;

    private SourceServices(InputReader in, String usual, TalosVersion rules) {
        this.in = in;
        this.usual = usual;
        this.rules = rules;
    }

    /**
     * Tells what is wrong with them.
     *
     * @param usual the folder that files go to unless their source says one
     * @param rules the version of Talos whose rules are applied
     */
    static void check(InputReader in, List<SourceItem> sources, String usual, TalosVersion rules) {
        SourceServices services = new SourceServices(in, usual, rules);
        for (SourceItem item : sources) {
            try {
                services.check(item);
            } catch (IOException _) {
                // What cannot be read is told by whoever puts the sources together, with all else that is wrong with
                // it.
            }
        }
    }

    private void check(SourceItem item) throws IOException {
        String from = folderInSource(item);
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
                refusals(item, file);
            }
        }
    }

    /** The folder of a source whose files come to where Talos looks for services; null where none does. */
    private @Nullable String folderInSource(SourceItem item) {
        String to = item.placement().to() == null ? usual : item.placement().to();
        if (!to.isEmpty() && !FOLDER.equals(to) && !FOLDER.startsWith(to + "/")) {
            return null;
        }
        String rest = to.isEmpty() ? FOLDER : FOLDER.substring(to.length());
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
            files = all.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .limit(MAX_FILES)
                    .toList();
        }
        for (Path file : files) {
            if (Files.size(file) <= MAX_SIZE) {
                String name = String.valueOf(file.getFileName());
                tree.file(folder.isEmpty() ? name : folder + "/" + name, 0644, ByteSource.of(Files.readAllBytes(file)));
            }
        }
        return tree.build();
    }

    private static FileTree among(SequencedMap<String, String> texts, String folder) throws IOException {
        TreeBuilder tree = new TreeBuilder(0);
        texts.forEach((path, text) -> {
            String parent = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
            if (path.endsWith(SUFFIX) && parent.equals(folder)) {
                tree.file(path, 0644, text);
            }
        });
        return tree.build();
    }

    /** As far as the source's patterns take them; modes and owners say nothing of what a file says. */
    private FileTree placed(SourceItem item, FileTree files) throws IOException {
        Placement given = item.placement();
        try {
            return Placed.of(
                            new SourceItem(
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

    private void refusals(SourceItem item, Entry.RegularFile file) throws IOException {
        String text;
        try {
            text = UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(file.content().readAll("service file", MAX_SIZE)))
                    .toString();
        } catch (CharacterCodingException e) {
            in.wrong("sources", item.at(), "has /%s, which is not UTF-8 text".formatted(file.path()), null);
            return;
        }
        for (ExtensionServices.Refusal refusal : ExtensionServices.refusals(file.path(), text, rules)) {
            in.wrong(
                    "sources",
                    item.at(),
                    "has /%s, which cannot be a service of Talos: %s%s"
                            .formatted(
                                    file.path(),
                                    refusal.why(),
                                    refusal.line() > 0 ? " (line %d of it)".formatted(refusal.line()) : ""),
                    refusal.remedy());
        }
    }
}
