package dev.talosforge.pipeline.inputs;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.extension.Composition;
import dev.talosforge.extension.FolderFiles;
import dev.talosforge.extension.Placed;
import dev.talosforge.extension.Source;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.service.ExtensionServices;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * The paths of an extension whose sources are all known from the tree: folders, texts and single downloads. With them a
 * service's program can be looked up before anything is fetched.
 */
final class KnownFiles {
    private KnownFiles() {}

    /** Reports that the program of {@code service} is missing, if all files are known. */
    static void check(
            InputReader in, List<Source.Item> sources, String usual, ServiceFile service, TalosVersion rules) {
        if (sources.isEmpty() || !sources.stream().allMatch(item -> isKnown(item.source()))) {
            return;
        }
        try {
            Composition all = new Composition("extension", 0);
            for (Source.Item item : sources) {
                all.add(Placed.of(item, files(item), usual, 0));
            }
            all.add(new Placed(
                    ServicePlaces.SERVICE,
                    new TreeBuilder(0)
                            .file(service.path(), 0644, service.text())
                            .build(),
                    Set.of()));
            if (all.problems().isEmpty()) {
                service.report(in, ExtensionServices.missingPrograms(all.tree(), service.path(), rules));
            }
        } catch (IOException _) {
            // What cannot be read, or does not fit together, is told by whoever makes the extension.
        }
    }

    private static boolean isKnown(Source source) {
        return switch (source) {
            case Source.Folder _, Source.Texts _, Source.Download _ -> true;
            case Source.Image _, Source.Packages _, Source.Archive _, Source.Build _ -> false;
        };
    }

    private static FileTree files(Source.Item item) throws IOException {
        TreeBuilder tree = new TreeBuilder(0);
        switch (item.source()) {
            case Source.Folder folder -> {
                return FolderFiles.read(item, folder);
            }
            case Source.Texts texts -> texts.files().forEach((path, text) -> tree.file(path, 0644, text));
            case Source.Download download -> tree.file(download.path(), download.mode(), ByteSource.empty());
            case Source.Image _, Source.Packages _, Source.Archive _, Source.Build _ -> {}
        }
        return tree.build();
    }
}
