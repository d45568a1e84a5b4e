package dev.talosforge.pipeline.stage.extension;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.debian.DebianLock;
import dev.talosforge.debian.PackageRequest;
import dev.talosforge.engine.Identity;
import dev.talosforge.extension.FolderFiles;
import dev.talosforge.extension.Origin;
import dev.talosforge.extension.Placement;
import dev.talosforge.extension.Source;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.pipeline.context.BuildContext;
import dev.talosforge.pipeline.context.Failures;
import dev.talosforge.pipeline.inputs.ExtensionInputs;
import dev.talosforge.pipeline.inputs.PackageRequests;
import dev.talosforge.pipeline.inputs.ServiceFile;
import dev.talosforge.pipeline.inputs.TargetInputs;
import dev.talosforge.provenance.ApplyRecord;
import dev.talosforge.provenance.PlanDiff;
import dev.talosforge.talos.Architecture;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What an extension is made of, by name: shown by a plan and compared with by the next one. */
public final class ExtensionParts {
    private static final int MAX_FILES_TOLD = 1000;

    /** Of a text in a line of a plan. */
    private static final int MAX_LINE = 80;

    /** What it is, in a plan. */
    public static final String TITLE = "system extension";

    /** Raised with every change of a byte of the image. */
    static final int REVISION = 5;

    private final BuildContext context;
    private final ExtensionInputs inputs;
    private final ExtensionImages images;
    private final PackageRequests requests;
    private final ApplyRecord record = new ApplyRecord(TITLE);

    ExtensionParts(BuildContext context, ExtensionInputs inputs, ExtensionImages images) {
        this.context = context;
        this.inputs = inputs;
        this.images = images;
        this.requests = new PackageRequests(inputs.name());
    }

    ApplyRecord describe() throws IOException, InterruptedException {
        record.add("extension", inputs.name() + " " + inputs.version());
        if (!inputs.architectures().equals(List.of(Architecture.AMD64))) {
            record.add("architectures", TargetInputs.labels(inputs.architectures()));
        }
        record.add(PlanDiff.AUTHOR, line(inputs.author()));
        record.add(PlanDiff.DESCRIPTION, line(inputs.description()));
        record.add("compatibility", inputs.talosCompatibility());
        if (inputs.container() != null) {
            record.add("container", inputs.container());
        }
        sources("", inputs.sources());
        record.add(PlanDiff.ARRANGEMENT, arrangement(inputs.sources()).digest().toString());
        lock();
        ServiceFile service = inputs.service();
        if (service != null) {
            record.add(ServiceFile.LABEL, "%s, %s".formatted(service.name(), digest(service.text())));
        }
        boolean kept = inputs.target() instanceof ImagePlace.InRegistry && !context.push();
        record.add("image", inputs.target() + (kept ? ApplyRecord.NOT_PUSHED : ""));
        record.add("stage code", "revision " + REVISION);
        record.add(PlanDiff.TIMES, context.sourceDate() == null ? "" : String.valueOf(context.sourceDate()));
        return record;
    }

    /** A text of several lines, or a long one, by its begin and its digest. */
    private static String line(String text) {
        boolean plain = text.length() <= MAX_LINE && text.chars().noneMatch(Character::isISOControl);
        int end = text.offsetByCodePoints(0, Math.min(MAX_LINE / 2, text.codePointCount(0, text.length())));
        String begin = text.substring(0, end).replaceAll("\\p{Cntrl}+", " ").strip();
        return plain ? text : "%s… %s".formatted(begin, digest(text));
    }

    /** Parts of one name are told together: this tells them apart. */
    private static Identity arrangement(List<Source.Item> items) {
        Identity identity = Identity.of("arrangement", 1);
        for (Source.Item item : items) {
            identity.with("source", item.source().name())
                    .with("placement", text(item.placement(), item.source().isPrunedUsually()));
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
        DebianLock.check(inputs.debianLock(), all);
        record.add("lock", inputs.debianLock() + (Files.exists(inputs.debianLock()) ? "" : " (to be written)"));
        for (PackageRequest request : all) {
            String prefix = request.purpose() == PackageRequest.Purpose.BUILD ? "for builds, " : "";
            DebianLock.versions(inputs.debianLock(), request)
                    .forEach((name, version) -> record.add(PlanDiff.PACKAGE + prefix + name, version));
        }
    }

    /** @param prefix of their names, which says whether they are those of a build */
    private void sources(String prefix, List<Source.Item> items) throws IOException, InterruptedException {
        if (items.size() > 1) {
            record.add(
                    prefix + PlanDiff.ORDER,
                    items.stream().map(ExtensionParts::nameInOrder).collect(Collectors.joining(", ")));
        }
        for (Source.Item item : items) {
            source(prefix, item);
            boolean usual = prefix.isEmpty() && item.source().isPrunedUsually();
            String placement = text(item.placement(), usual);
            if (!placement.isEmpty()) {
                record.add("%splacement of %s".formatted(prefix, item.source().name()), placement);
            }
        }
    }

    /** Packages are told beside it. */
    private static String nameInOrder(Source.Item item) {
        return item.source() instanceof Source.Packages
                ? "debian_packages"
                : item.source().name();
    }

    private void source(String prefix, Source.Item item) throws IOException, InterruptedException {
        switch (item.source()) {
            case Source.Image image ->
                record.add(prefix + PlanDiff.SOURCE_IMAGE + image.place().name(), digests(image));
            case Source.Packages packages ->
                record.add(prefix + PlanDiff.PACKAGES, String.join(", ", packages.names()));
            case Source.Folder folder -> folder(prefix, item, folder);
            case Source.Texts texts ->
                texts.files().forEach((path, text) -> record.add(prefix + "file " + path, digest(text)));
            case Source.Archive archive ->
                record.add(
                        prefix + archive.name(),
                        digests(archive.origin()) + (archive.strip() == 0 ? "" : ", strip " + archive.strip()));
            case Source.Download download ->
                record.add(
                        prefix + download.name(),
                        "%s, %s, mode %04o".formatted(digests(download.origin()), download.path(), download.mode()));
            case Source.Build build -> build(prefix, build);
        }
    }

    /** One for all architectures, unless each has a place of its own. */
    private String digests(Source.Image image) {
        return inputs.architectures().stream()
                .map(architecture -> images.of(architecture, image.place()).tagged())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String digests(Origin origin) {
        return origin.digests().entrySet().stream()
                .map(one -> one.getKey().equals(Origin.ALL)
                        ? one.getValue().toString()
                        : one.getKey() + " " + one.getValue())
                .collect(Collectors.joining(", "));
    }

    private void build(String prefix, Source.Build build) throws IOException, InterruptedException {
        String own = prefix + "build: ";
        record.add(own + "tools", String.join(", ", build.tools()));
        record.add(own + "command", digest(build.command()));
        for (java.nio.file.Path patch : build.patches()) {
            record.add(
                    own + "patch " + patch.getFileName(),
                    Sha256.of(dev.talosforge.bytes.ByteSource.of(patch)).toString());
        }
        build.environment().forEach((name, value) -> record.add(own + "variable " + name, value));
        sources(own, build.sources());
    }

    private void folder(String prefix, Source.Item item, Source.Folder source)
            throws IOException, InterruptedException {
        FileTree tree = Failures.named(
                "cannot use %s of %s".formatted(item, inputs.name()), () -> FolderFiles.read(item, source));
        record.add(prefix + source.name(), digest(tree));
        List<Entry> files = tree.entries().stream()
                .filter(entry -> !(entry instanceof Entry.Directory))
                .toList();
        if (files.size() > MAX_FILES_TOLD) {
            return; // nobody would read them
        }
        for (Entry entry : files) {
            String content = switch (entry) {
                case Entry.RegularFile file -> Sha256.of(file.content()).toString();
                case Entry.Symlink link -> "-> " + link.target();
                default -> "no file";
            };
            record.add(
                    "%s%s%s/%s".formatted(PlanDiff.SOURCE_FILE, prefix, source.written(), entry.path()),
                    content + (FolderFiles.isRunnable(entry) ? ", runnable" : ""));
        }
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String digest(FileTree tree) throws IOException {
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
        return identity.digest().toString();
    }

    /** Empty where it is the usual one. */
    private static String text(Placement placement, boolean pruned) {
        List<String> said = new ArrayList<>();
        if (placement.to() != null) {
            said.add("to /" + placement.to());
        }
        if (!placement.from().isEmpty()) {
            said.add("from /" + placement.from());
        }
        if (!placement.include().isEmpty()) {
            said.add("include " + placement.include());
        }
        if (!placement.exclude().isEmpty()) {
            said.add("exclude " + placement.exclude());
        }
        for (Map.Entry<?, Integer> mode : placement.modes().entrySet()) {
            said.add("%s mode %04o".formatted(mode.getKey(), Objects.requireNonNull(mode.getValue())));
        }
        placement
                .owners()
                .forEach((pattern, owner) -> said.add("%s owner %d:%d".formatted(pattern, owner.uid(), owner.gid())));
        if (placement.prune() != pruned) {
            said.add(pruned ? "not pruned" : "pruned");
        }
        return String.join(", ", said);
    }
}
