package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebianLock;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.engine.Identity;
import dev.talosforge.extension.FolderFiles;
import dev.talosforge.extension.Origin;
import dev.talosforge.extension.Source;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.PackageRequests;
import dev.talosforge.pipeline.inputs.ServiceFile;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.PinnedImage;
import dev.talosforge.provenance.StageKind;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an extension is made of, by name: shown by a plan and compared with by the next one. */
public final class ExtensionParts {
    private static final int MAX_FILES_LISTED = 1000;

    /** Of a text in a line of a plan. */
    private static final int MAX_LINE = 80;

    /** Raised with every change of a byte of the image. */
    static final int REVISION = 5;

    private final BuildContext context;
    private final ExtensionInputs inputs;
    private final ExtensionImages images;
    private final PackageRequests requests;
    private final Path lock;
    private final List<Part> parts = new ArrayList<>();

    /** @param lock that the packages are read from: that of the inputs, or a copy with more */
    ExtensionParts(BuildContext context, ExtensionInputs inputs, ExtensionImages images, Path lock) {
        this.context = context;
        this.inputs = inputs;
        this.images = images;
        this.requests = new PackageRequests(inputs.name());
        this.lock = lock;
    }

    ApplyRecord describe() throws IOException, InterruptedException {
        parts.add(new Part.Identification(inputs.name(), inputs.version()));
        if (!inputs.architectures().equals(List.of(Architecture.AMD64))) {
            parts.add(new Part.Architectures(inputs.architectures()));
        }
        setting(Part.Setting.Name.AUTHOR, line(inputs.author()));
        setting(Part.Setting.Name.DESCRIPTION, line(inputs.description()));
        setting(Part.Setting.Name.COMPATIBILITY, inputs.talosCompatibility());
        if (inputs.container() != null) {
            setting(Part.Setting.Name.CONTAINER, inputs.container());
        }
        sources(false, inputs.sources());
        parts.add(new Part.Arrangement(arrangement(inputs.sources()).digest()));
        lock();
        ServiceFile service = inputs.service();
        if (service != null) {
            parts.add(new Part.Service(service.name(), digest(service.text())));
        }
        boolean kept = inputs.target() instanceof ImagePlace.InRegistry && !context.push();
        parts.add(new Part.Target(Part.Target.Kind.EXTENSION, inputs.target(), !kept));
        parts.add(new Part.StageRevision(REVISION));
        parts.add(new Part.SourceDate(context.sourceDate()));
        return new ApplyRecord(StageKind.EXTENSION, parts);
    }

    private void setting(Part.Setting.Name name, String value) {
        parts.add(new Part.Setting(name, value));
    }

    /** A text of several lines, or a long one, by its beginning and its digest. */
    private static String line(String text) {
        boolean plain = text.length() <= MAX_LINE && text.chars().noneMatch(Character::isISOControl);
        int end = text.offsetByCodePoints(0, Math.min(MAX_LINE / 2, text.codePointCount(0, text.length())));
        String begin = text.substring(0, end).replaceAll("\\p{Cntrl}+", " ").strip();
        return plain ? text : "%s… %s".formatted(begin, digest(text));
    }

    /** Parts of one name are shown together: this distinguishes them. */
    private static Identity arrangement(List<Source.Item> items) {
        Identity identity = Identity.of("arrangement", 1);
        for (Source.Item item : items) {
            identity.with("source", item.source().name())
                    .with(
                            "placement",
                            PlacementText.of(item.placement(), item.source().isPrunedUsually()));
            switch (item.source()) {
                case Source.Texts texts ->
                    texts.files()
                            .forEach((path, text) -> identity.with("path", path).with("text", text));
                case Source.Build build -> {
                    identity.with("sources", arrangement(build.sources()).digest());
                    build.patches().forEach(patch -> identity.with("patch", String.valueOf(patch.getFileName())));
                }
                default -> {}
            }
        }
        return identity;
    }

    private void lock() throws IOException {
        List<PackageRequest> all = requests.all(inputs.sources());
        if (all.isEmpty()) {
            return;
        }
        DebianLock.check(lock, all);
        parts.add(new Part.PackageLock(inputs.debianLock().toString(), Files.exists(lock)));
        for (PackageRequest request : all) {
            boolean forBuilds = request.purpose() == PackageRequest.Purpose.BUILD;
            DebianLock.packages(lock, request)
                    .forEach((name, locked) -> parts.add(new Part.DebianPackage(
                            forBuilds,
                            name,
                            locked.stream().map(ExtensionParts::release).toList())));
        }
    }

    private static Part.DebianPackage.Release release(DebianLock.Locked locked) {
        return new Part.DebianPackage.Release(locked.version(), locked.architecture(), locked.sha256());
    }

    /** @param inBuild whether they are those of a build */
    private void sources(boolean inBuild, List<Source.Item> items) throws IOException, InterruptedException {
        if (items.size() > 1) {
            parts.add(new Part.SourceOrder(
                    inBuild, items.stream().map(ExtensionParts::nameInOrder).toList()));
        }
        for (Source.Item item : items) {
            source(inBuild, item);
            boolean usual = !inBuild && item.source().isPrunedUsually();
            String placement = PlacementText.of(item.placement(), usual);
            if (!placement.isEmpty()) {
                parts.add(new Part.Placing(inBuild, item.source().name(), placement));
            }
        }
    }

    /** Packages are shown separately. */
    private static String nameInOrder(Source.Item item) {
        return item.source() instanceof Source.Packages
                ? "debian_packages"
                : item.source().name();
    }

    private void source(boolean inBuild, Source.Item item) throws IOException, InterruptedException {
        switch (item.source()) {
            case Source.Image image ->
                parts.add(new Part.SourceImage(inBuild, image.place().name(), images(image)));
            case Source.Packages packages -> parts.add(new Part.DebianPackages(inBuild, packages.names()));
            case Source.Folder folder -> folder(inBuild, item, folder);
            case Source.Texts texts ->
                texts.files().forEach((path, text) -> parts.add(new Part.TextFile(inBuild, path, digest(text))));
            case Source.Archive(Origin origin, int strip) ->
                parts.add(new Part.Archive(inBuild, origin.written(), origin.digests(), strip));
            case Source.Download(Origin origin, String path, int mode) ->
                parts.add(new Part.Download(inBuild, origin.written(), origin.digests(), path, mode));
            case Source.Build build -> build(build);
        }
    }

    /** One for all architectures, unless each has its own place. */
    private List<PinnedImage> images(Source.Image image) {
        return inputs.architectures().stream()
                .map(architecture -> images.of(architecture, image.place()).pinned())
                .distinct()
                .toList();
    }

    private void build(Source.Build build) throws IOException, InterruptedException {
        parts.add(new Part.BuildTools(build.tools()));
        parts.add(new Part.BuildCommand(digest(build.command())));
        for (Path patch : build.patches()) {
            parts.add(new Part.BuildPatch(String.valueOf(patch.getFileName()), Sha256.of(ByteSource.of(patch))));
        }
        build.environment().forEach((name, value) -> parts.add(new Part.BuildVariable(name, value)));
        sources(true, build.sources());
    }

    private void folder(boolean inBuild, Source.Item item, Source.Folder source)
            throws IOException, InterruptedException {
        FileTree tree = Failures.named(
                "cannot use %s of %s".formatted(item, inputs.name()), () -> FolderFiles.read(item, source));
        String folder = source.written();
        parts.add(new Part.Folder(inBuild, folder, digest(tree)));
        List<Entry> files = tree.entries().stream()
                .filter(entry -> !(entry instanceof Entry.Directory))
                .toList();
        if (files.size() > MAX_FILES_LISTED) {
            return; // too many to read
        }
        for (Entry entry : files) {
            Sha256 digest = entry instanceof Entry.RegularFile file ? Sha256.of(file.content()) : null;
            String link = entry instanceof Entry.Symlink to ? to.target() : null;
            parts.add(new Part.SourceFile(inBuild, folder, entry.path(), digest, link, FolderFiles.isRunnable(entry)));
        }
    }

    private static Sha256 digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Sha256 digest(FileTree tree) throws IOException {
        Identity identity = Identity.of("folder", 1);
        for (Entry entry : tree.entries()) {
            identity.with("path", entry.path());
            switch (entry) {
                case Entry.RegularFile file -> identity.with("content", Sha256.of(file.content()));
                case Entry.Symlink link -> identity.with("link", link.target());
                default -> identity.with("kind", "directory");
            }
            identity.with("runnable", FolderFiles.isRunnable(entry) ? 1 : 0);
        }
        return identity.digest();
    }
}
