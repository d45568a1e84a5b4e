package dev.talosforge.provenance;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.talos.Architecture;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A part's text in a plan. The only place that words parts: no program reads these texts back. */
final class PartText {
    /** Of what a build works with, before the names that the same has elsewhere. */
    private static final String BUILD = "build: ";

    private PartText() {}

    /** What it is. Parts of one title are shown together. */
    static String title(Part part) {
        return switch (part) {
            case Part.TalosRelease _ -> "Talos version";
            case Part.Architectures _ -> "architectures";
            case Part.BaseImage(Part.BaseImage.Role role, Architecture only, PinnedImage _) ->
                switch (role) {
                            case IMAGER -> "imager";
                            case INSTALLER -> "base installer";
                        }
                        + (only == null ? "" : ", " + only.label());
            case Part.Extension(boolean custom, PinnedImage image) ->
                (custom ? "custom extension " : "extension ") + image.place().name();
            case Part.ExtensionVariant(Architecture only, PinnedImage image) ->
                "image for %s, %s".formatted(only.label(), image.place().name());
            case Part.ExtensionOrder _ -> "order of extensions";
            case Part.KernelArgument(String text) -> "kernel argument " + text;
            case Part.CommandLine line ->
                "kernel command line, "
                        + switch (line.of()) {
                            case INSTALLER -> "installer";
                            case ISO -> "ISO";
                        }
                        + label(line.on());
            case Part.StageRevision _ -> "stage code";
            case Part.Target target ->
                switch (target.kind()) {
                    case INSTALLER -> "installer";
                    case EXTENSION -> "image";
                };
            case Part.IsoFile iso -> "ISO" + label(iso.on());
            case Part.Content _ -> "content";
            case Part.Volume _ -> "volume";
            case Part.Nodes _ -> "nodes";
            case Part.Output output -> "output " + output.name();
            case Part.Setting setting ->
                switch (setting.name()) {
                    case AUTHOR -> "author";
                    case DESCRIPTION -> "description";
                    case COMPATIBILITY -> "compatibility";
                    case CONTAINER -> "container";
                    case SQUASHFS -> "squashfs";
                };
            case Part.SourceDate _ -> "SOURCE_DATE_EPOCH";
            case Part.Identification _ -> "extension";
            case Part.Service _ -> "service";
            case Part.PackageLock _ -> "lock";
            case Part.DebianPackage one -> "package " + (one.forBuilds() ? "for builds, " : "") + one.name();
            case Part.Arrangement _ -> "arrangement of sources";
            case Part.SourceFile file ->
                "source file %s%s/%s".formatted(file.inBuild() ? BUILD : "", file.folder(), file.path());
            case Part.OfSource source -> (source.inBuild() ? BUILD : "") + ofSource(source);
            case Part.BuildTools _ -> BUILD + "tools";
            case Part.BuildCommand _ -> BUILD + "command";
            case Part.BuildPatch patch -> BUILD + "patch " + patch.name();
            case Part.BuildVariable variable -> BUILD + "variable " + variable.name();
            case Part.Unknown unknown -> unknown.title();
        };
    }

    private static String ofSource(Part.OfSource source) {
        return switch (source) {
            case Part.SourceOrder _ -> "order of sources";
            case Part.Placing placing -> "placement of " + placing.of();
            case Part.SourceImage image -> "source image " + image.name();
            case Part.DebianPackages _ -> "Debian packages";
            case Part.Folder folder -> "dir " + folder.written();
            case Part.SourceFile file -> file.path();
            case Part.TextFile file -> "file " + file.path();
            case Part.Archive archive -> "archive " + archive.origin();
            case Part.Download download -> "download " + download.origin();
        };
    }

    /** What it is made of; empty if there is nothing to show. */
    static String value(Part part) {
        return switch (part) {
            case Part.TalosRelease release -> release.version().text();
            case Part.Architectures architectures ->
                architectures.all().stream().map(Architecture::label).collect(Collectors.joining(", "));
            case Part.BaseImage base -> base.image().pinned().toString();
            case Part.Extension extension -> tagged(extension.image());
            case Part.ExtensionVariant variant -> tagged(variant.image());
            case Part.ExtensionOrder order -> String.join(", ", order.names());
            case Part.KernelArgument _ -> "given";
            case Part.CommandLine line -> line.line();
            case Part.StageRevision revision -> "revision " + revision.number();
            case Part.Target target -> target.place() + (target.pushed() ? "" : " (not pushed)");
            case Part.IsoFile iso -> iso.path();
            case Part.Content(Sha256 digest) -> digest == null ? "not built yet" : digest.toString();
            case Part.Volume volume -> volume.id();
            case Part.Nodes nodes -> String.join(", ", nodes.names());
            case Part.Output(String _, String value) -> value == null ? "" : value;
            case Part.Setting setting -> setting.value();
            case Part.SourceDate(Long seconds) -> seconds == null ? "" : seconds.toString();
            case Part.Identification extension -> extension.name() + " " + extension.version();
            case Part.Service service -> "%s, %s".formatted(service.name(), service.digest());
            case Part.PackageLock lock -> lock.path() + (lock.written() ? "" : " (to be written)");
            case Part.DebianPackage one ->
                one.releases().stream()
                        .map(Part.DebianPackage.Release::version)
                        .distinct()
                        .collect(Collectors.joining(", "));
            case Part.Arrangement arrangement -> arrangement.digest().toString();
            case Part.SourceOrder order -> String.join(", ", order.names());
            case Part.Placing placing -> placing.text();
            case Part.SourceImage source ->
                source.images().stream().map(PartText::tagged).distinct().collect(Collectors.joining(", "));
            case Part.DebianPackages packages -> String.join(", ", packages.names());
            case Part.Folder folder -> folder.digest().toString();
            case Part.SourceFile file -> content(file);
            case Part.TextFile file -> file.digest().toString();
            case Part.Archive archive ->
                digests(archive.digests()) + (archive.strip() == 0 ? "" : ", strip " + archive.strip());
            case Part.Download file -> "%s, %s, mode %04o".formatted(digests(file.digests()), file.path(), file.mode());
            case Part.BuildTools tools -> String.join(", ", tools.packages());
            case Part.BuildCommand command -> command.digest().toString();
            case Part.BuildPatch patch -> patch.digest().toString();
            case Part.BuildVariable variable -> variable.value();
            case Part.Unknown unknown -> unknown.value();
        };
    }

    private static String label(@Nullable Architecture on) {
        return on == null ? "" : " " + on.label();
    }

    /** Tag and digest. */
    private static String tagged(PinnedImage image) {
        String tag = image.place().tag();
        return tag == null ? String.valueOf(image.digest()) : image.digest() == null ? tag : tag + "@" + image.digest();
    }

    private static String content(Part.SourceFile file) {
        return file.digest() != null
                ? file.digest() + (file.runnable() ? ", runnable" : "")
                : file.link() != null ? "-> " + file.link() : "no file";
    }

    /** The text of a file that may differ between architectures. */
    private static String digests(SortedMap<String, Sha256> digests) {
        return digests.entrySet().stream()
                .map(one -> one.getKey().isEmpty() ? one.getValue().toString() : one.getKey() + " " + one.getValue())
                .collect(Collectors.joining(", "));
    }

    /** How several parts of one title are shown. */
    static String value(List<Part> parts) {
        return parts.stream().map(PartText::value).collect(Collectors.joining(", "));
    }
}
