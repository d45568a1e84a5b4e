package dev.talosforge.pipeline.request;

import dev.talosforge.bytes.Sha256;
import dev.talosforge.problem.SecretText;
import dev.talosforge.provenance.Part;
import dev.talosforge.provenance.PinnedImage;
import dev.talosforge.provenance.StageKind;
import dev.talosforge.talos.Architecture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A part's key and value for programs. Both stay as they are: whoever compares them builds everything again if one is
 * renamed. Where there is such an input, its name is the key.
 *
 * @param folder of the unit
 */
record PartKey(StageKind stage, Path folder) {
    private static final Pattern USER = Pattern.compile("(://)[^/@\\s]+@");

    /** Parts of one key are shown together. */
    String key(Part part) {
        return masked(plain(
                switch (part) {
                    case Part.TalosRelease _ -> "talos_version";
                    case Part.Architectures _ -> "architectures";
                    case Part.BaseImage(var role, var only, var _) ->
                        switch (role) {
                                    case IMAGER -> "imager_image";
                                    case INSTALLER -> "base_installer_image";
                                }
                                + on(only);
                    case Part.Extension(boolean custom, var image) ->
                        (custom ? "custom_extension " : "official_extension ")
                                + image.place().name();
                    case Part.ExtensionVariant(var only, var image) ->
                        "extension_variant %s%s".formatted(image.place().name(), on(only));
                    case Part.ExtensionOrder _ -> "extension_order";
                    case Part.KernelArgument(String text) -> "kernel_arg " + text;
                    case Part.CommandLine line ->
                        switch (line.of()) {
                                    case INSTALLER -> "command_line installer";
                                    case ISO -> "command_line iso";
                                }
                                + on(line.on());
                    case Part.StageRevision _ -> "stage_revision";
                    case Part.Target target ->
                        switch (target.kind()) {
                            case INSTALLER -> "installer_image";
                            case EXTENSION -> "extension_image";
                        };
                    case Part.IsoFile iso -> "iso_path" + on(iso.on());
                    case Part.Content _ -> "iso_content";
                    case Part.Volume _ -> "proxmox_volume";
                    case Part.Nodes _ -> "proxmox_node_names";
                    case Part.Output output -> output.name();
                    case Part.Setting setting ->
                        switch (setting.name()) {
                            case AUTHOR -> "author";
                            case DESCRIPTION -> "description";
                            case COMPATIBILITY -> "talos_compatibility";
                            case CONTAINER -> "container";
                            case SQUASHFS -> "squashfs_compression";
                        };
                    case Part.SourceDate _ -> "source_date";
                    case Part.Identification _ -> "extension";
                    case Part.Service _ -> "service";
                    case Part.PackageLock _ -> "debian_lock";
                    case Part.DebianPackage one ->
                        (one.forBuilds() ? "build_package " : "debian_package ") + one.name();
                    case Part.Arrangement _ -> "arrangement";
                    case Part.OfSource source -> (source.inBuild() ? "build_" : "") + ofSource(source);
                    case Part.BuildTools _ -> "build_tools";
                    case Part.BuildCommand _ -> "build_command";
                    case Part.BuildPatch patch -> "build_patch " + patch.name();
                    case Part.BuildVariable variable -> "build_variable " + variable.name();
                    case Part.Unknown unknown -> "unknown " + unknown.title();
                }));
    }

    private static String ofSource(Part.OfSource source) {
        return switch (source) {
            case Part.SourceOrder _ -> "source_order";
            case Part.Placing placing -> "placement " + placing.of();
            case Part.SourceImage image -> "source_image " + image.name();
            case Part.DebianPackages _ -> "debian_packages";
            case Part.Folder folder -> "source_dir " + folder.written();
            case Part.SourceFile file -> "source_file %s/%s".formatted(file.folder(), file.path());
            case Part.TextFile file -> "text_file " + file.path();
            case Part.Archive archive -> "archive " + archive.origin();
            case Part.Download download -> "download " + download.origin();
        };
    }

    /** Empty if nothing of the result depends on it. */
    String value(Part part) {
        return masked(plain(
                switch (part) {
                    case Part.TalosRelease(var version) -> version.text();
                    case Part.Architectures(var all) ->
                        all.stream().map(Architecture::label).collect(Collectors.joining(", "));
                    case Part.BaseImage base -> tagged(base.image().place().name() + ":", base.image());
                    case Part.Extension extension -> tagged("", extension.image());
                    case Part.ExtensionVariant variant -> tagged("", variant.image());
                    case Part.ExtensionOrder(var names) -> String.join(", ", names);
                    case Part.KernelArgument _ -> "given";
                    case Part.CommandLine line -> line.line();
                    case Part.StageRevision(int number) -> String.valueOf(number);
                    case Part.Target target -> target.place() + (target.pushed() ? "" : " (not pushed)");
                    // An upload depends on the content alone, wherever the file is.
                    case Part.IsoFile iso -> stage == StageKind.UPLOAD ? "" : iso.path();
                    case Part.Content(Sha256 digest) -> digest == null ? "missing" : digest.toString();
                    case Part.Volume(String id) -> id;
                    case Part.Nodes(var names) -> String.join(", ", names);
                    case Part.Output(String _, String value) -> value == null ? "" : value;
                    case Part.Setting setting -> setting.value();
                    case Part.SourceDate(Long seconds) -> seconds == null ? "" : seconds.toString();
                    case Part.Identification(String name, String version) -> name + " " + version;
                    case Part.Service(String name, var digest) -> name + " " + digest;
                    case Part.PackageLock lock -> lock.written() ? "" : "missing";
                    case Part.DebianPackage one ->
                        one.releases().stream().map(PartKey::release).collect(Collectors.joining(", "));
                    case Part.Arrangement(var digest) -> digest.toString();
                    case Part.OfSource source -> sourceValue(source);
                    case Part.BuildTools(var packages) -> String.join(", ", packages);
                    case Part.BuildCommand(var digest) -> digest.toString();
                    case Part.BuildPatch(String _, var digest) -> digest.toString();
                    case Part.BuildVariable(String name, String value) -> variable(name, value);
                    case Part.Unknown unknown -> unknown.value();
                }));
    }

    private static String sourceValue(Part.OfSource source) {
        return switch (source) {
            case Part.SourceOrder order -> String.join(", ", order.names());
            case Part.Placing placing -> placing.text();
            case Part.SourceImage image -> images(image.images());
            case Part.DebianPackages packages -> String.join(", ", packages.names());
            case Part.Folder folder -> folder.digest().toString();
            case Part.SourceFile file -> content(file);
            case Part.TextFile file -> file.digest().toString();
            case Part.Archive archive -> digests(archive.digests()) + ", strip " + archive.strip();
            case Part.Download file -> "%s, %s, mode %04o".formatted(digests(file.digests()), file.path(), file.mode());
        };
    }

    private static String on(@Nullable Architecture architecture) {
        return architecture == null ? "" : " " + architecture.label();
    }

    /** Tag and digest: the name is part of the key, or comes before. */
    private static String tagged(String name, PinnedImage image) {
        String tag = image.place().tag();
        String digest = image.digest() == null ? "" : "@" + image.digest();
        return tag == null
                ? name.isEmpty() ? String.valueOf(image.digest()) : name.substring(0, name.length() - 1) + digest
                : name + tag + digest;
    }

    private static String images(List<PinnedImage> images) {
        return images.stream().map(image -> tagged("", image)).distinct().collect(Collectors.joining(", "));
    }

    private static String release(Part.DebianPackage.Release release) {
        return release.version()
                + (release.architecture() == null ? "" : " " + release.architecture())
                + (release.digest() == null ? "" : " " + release.digest());
    }

    private static String content(Part.SourceFile file) {
        return file.digest() != null
                ? file.digest() + (file.runnable() ? " runnable" : "")
                : file.link() != null ? "-> " + file.link() : "no file";
    }

    private static String digests(SortedMap<String, Sha256> digests) {
        return digests.entrySet().stream()
                .map(one -> one.getKey().isEmpty() ? one.getValue().toString() : one.getKey() + " " + one.getValue())
                .collect(Collectors.joining(", "));
    }

    /** A variable whose name marks it as secret is shown by its digest. */
    private static String variable(String name, String value) {
        String assigned = name + "=" + value;
        return SecretText.of(assigned).shown(0, assigned.length()).equals(assigned) ? value : digest(value);
    }

    /** Paths below the unit's folder are those from there: it is another one on another machine. */
    private String plain(String text) {
        return text.replace(folder + "/", "");
    }

    /** Without secrets; a digest shows whether they changed. */
    private static String masked(String text) {
        String shown = USER.matcher(SecretText.of(text).shown(0, text.length())).replaceAll("$1…@");
        return shown.equals(text) ? text : shown + " " + digest(text);
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
