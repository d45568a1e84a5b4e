package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.debian.DebFile;
import dev.talosforge.debian.DebianRoot;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.extension.Composition;
import dev.talosforge.extension.FolderFiles;
import dev.talosforge.extension.Origin;
import dev.talosforge.extension.Placed;
import dev.talosforge.extension.Selection;
import dev.talosforge.extension.Source;
import dev.talosforge.extension.SourceException;
import dev.talosforge.format.compress.Compression;
import dev.talosforge.format.compress.OtherFormat;
import dev.talosforge.format.tar.LostXattrs;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarTree;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.image.ImageStore;
import dev.talosforge.pipeline.image.ResolvedImage;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.PackageRequests;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.Entry.Attributes;
import dev.talosforge.tree.FileTree;
import dev.talosforge.tree.TreeBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of an extension's sources, for one architecture.
 *
 * @param spool a folder for contents; trees are valid as long as it exists
 * @param created time of everything, in seconds since the epoch
 */
record SourceReader(
        BuildContext context,
        String unit,
        ExtensionInputs inputs,
        ExtensionImages images,
        Architecture architecture,
        Path spool,
        long created) {
    /** Of one archive. */
    private static final TarLimits LIMITS = new TarLimits(500_000, 16L << 30);

    /**
     * Reads all of them and layers them. Reports the problems of all of them at once; the composition reports conflicts
     * between them.
     *
     * @param usual the folder for files whose source sets none
     */
    Composition compose(String whole, List<Source.Item> items, String usual) throws IOException, InterruptedException {
        Composition composition = new Composition(whole, created);
        List<Problem> problems = new ArrayList<>();
        for (Source.Item item : items) {
            try {
                add(item, usual, composition);
            } catch (BuildException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BuildException(problems.stream().distinct().toList(), null);
        }
        return composition;
    }

    /** For messages. */
    private String cannotUse(Source.Item item) {
        return "cannot use %s of %s".formatted(item, inputs.name());
    }

    private void add(Source.Item item, String usual, Composition composition) throws IOException, InterruptedException {
        Failures.named(cannotUse(item), () -> {
            try {
                Placed placed = Placed.of(item, read(item), usual, created);
                composition.add(placed);
                return placed;
            } catch (SourceException e) {
                throw new BuildException(
                        Problem.failed(Problem.Kind.INVALID_INPUT, cannotUse(item))
                                .because(String.valueOf(e.getMessage()))
                                .trying(e.remedy()),
                        e);
            }
        });
    }

    private FileTree read(Source.Item item) throws IOException, InterruptedException {
        return switch (item.source()) {
            case Source.Image image -> image(image);
            case Source.Packages packages -> packages(packages, item.placement().prune());
            case Source.Folder folder -> FolderFiles.read(item, folder);
            case Source.Texts texts -> texts(texts);
            case Source.Archive archive -> archive(item, archive);
            case Source.Download download -> download(item, download);
            case Source.Build build -> build(item, build);
        };
    }

    private FileTree image(Source.Image source) throws IOException, InterruptedException {
        ResolvedImage found = images.of(architecture, source.place());
        ImageStore pulled = ExtensionImages.images(context, unit, inputs, architecture);
        return rooted(pulled.unpack(found, pulled.pull(found), List.of()));
    }

    /** Who owns what in another system means nothing on a node: imager makes everything root's, too. */
    private static FileTree rooted(FileTree tree) throws IOException {
        return FileTree.of(tree.entries().stream()
                .map(entry ->
                        entry.withAttributes(Attributes.root(entry.attributes().permissions(), 0)
                                .withLabel(entry.attributes().label())))
                .toList());
    }

    private FileTree packages(Source.Packages source, boolean prune) throws IOException {
        FileTree root =
                DebianRoot.unpacked(locked(new PackageRequests(inputs.name()).of(source), architecture), contents());
        return prune ? DebianRoot.pruned(root) : root;
    }

    /** The files of a request, from the unit's lock. */
    private List<ByteSource> locked(PackageRequest request, Architecture of) throws IOException {
        List<ByteSource> files = new ArrayList<>();
        for (DebFile debian : packages("Debian packages" + label(), request, of)) {
            files.add(ByteSource.of(debian.file()));
        }
        return files;
    }

    private List<DebFile> packages(String step, PackageRequest request, Architecture of) throws IOException {
        context.events().started(unit, step);
        List<DebFile> packages = context.debian().of(of.label()).locked(request, inputs.debianLock());
        context.events().finished(unit, step, packages.size() + " packages", false);
        return packages;
    }

    /** The result of a build, which runs on this machine with programs for this machine. */
    private FileTree build(Source.Item item, Source.Build build) throws IOException, InterruptedException {
        Architecture machine = Architecture.ofMachine(System.getProperty("os.arch"));
        if (machine == null) {
            throw new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, cannotUse(item))
                    .because("builds run on amd64 and arm64; this machine is " + System.getProperty("os.arch")));
        }
        Composition composition = compose("the build", build.sources(), "");
        if (!composition.problems().isEmpty()) {
            throw new BuildException(composition.problems(), null);
        }
        List<DebFile> tools = packages("tools" + label(), new PackageRequests(inputs.name()).tools(build), machine);
        BuildStep.Work work = new BuildStep.Work(
                "build %s%s".formatted(item.at(), label()),
                "cannot build %s of %s for %s".formatted(item, inputs.name(), architecture.label()),
                build,
                architecture,
                tools,
                composition.tree(),
                created);
        return new BuildStep(context, unit, work).run().tree();
    }

    private String label() {
        return inputs.architectures().size() == 1 ? "" : " " + architecture.label();
    }

    private Path contents() throws IOException {
        return Files.createTempDirectory(spool, "source-");
    }

    private static FileTree texts(Source.Texts source) throws IOException {
        TreeBuilder tree = new TreeBuilder(0);
        source.files().forEach((path, text) -> tree.file(path, 0644, text));
        return tree.build();
    }

    private FileTree archive(Source.Item item, Source.Archive source) throws IOException, InterruptedException {
        ByteSource file = fetched(item, source.origin());
        refuse(OtherFormat.of(file));
        try (InputStream raw = file.open();
                InputStream tar = Compression.of(file).decoder().decode(raw)) {
            LostXattrs xattrs = new LostXattrs();
            FileTree tree = TarTree.read(tar, contents(), LIMITS, xattrs);
            String warning = xattrs.warning();
            if (warning != null) {
                context.events().warning(unit, "%s: %s".formatted(item, warning));
            }
            return rooted(source.strip() == 0 ? tree : Selection.stripped(tree, source.strip()));
        }
    }

    /** Formats that people often use instead: a message about a missing tar header would not help them. */
    private static void refuse(@Nullable OtherFormat other) throws SourceException {
        if (other == null) {
            return;
        }
        throw new SourceException(
                "it is %s; an archive must be tar, plain or compressed with gzip, zstd or xz".formatted(other.words()),
                switch (other) {
                    case BZIP2, LZ4, LZIP, LZOP, LZMA, COMPRESS ->
                        "unpack it and compress the tar archive with zstd, or use the folder as dir";
                    case DEB ->
                        "list the package in debian_packages, or unpack it with dpkg-deb -x and use the folder as dir";
                    case ZIP, SEVEN_ZIP, RAR, AR, RPM, CPIO, SQUASHFS -> "unpack it and use the folder as dir";
                    case ELF, SCRIPT -> "use download instead of archive for a single file";
                    case HTML -> "use the address of the file itself, not of the page that offers it";
                });
    }

    private FileTree download(Source.Item item, Source.Download source) throws IOException, InterruptedException {
        return new TreeBuilder(0)
                .file(source.path(), source.mode(), fetched(item, source.origin()))
                .build();
    }

    private ByteSource fetched(Source.Item item, Origin origin) throws IOException, InterruptedException {
        String step = "fetch " + FileTree.nameOf(origin.written().replace(Origin.ARCHITECTURE, architecture.label()));
        boolean here = context.downloads().has(origin, architecture.label());
        if (!here) {
            context.events().started(unit, step);
        }
        ByteSource file = context.downloads().fetch(cannotUse(item), origin, architecture.label());
        context.events().finished(unit, step, String.format(Locale.ROOT, "%.1f MB", file.size() / 1e6), here);
        return file;
    }
}
