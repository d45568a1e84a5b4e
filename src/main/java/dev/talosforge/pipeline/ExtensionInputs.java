package dev.talosforge.pipeline;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.TalosVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of {@code talos_extension}, checked.
 *
 * @param architectures at least one
 * @param rules the version of Talos whose rules for extensions are applied
 * @param target repository and tag to publish to
 * @param overwriteTag whether its tag may move away from an image that this unit did not publish
 * @param semanticTags whether the tags of its minor and major version follow
 * @param container name of the container whose root file system the packages' files become; null for the system's own
 * @param rootfs a folder whose files go to the same place in the extension's root file system; null for none
 * @param files texts by path from the extension's root file system
 */
record ExtensionInputs(
        String name,
        String version,
        String author,
        String description,
        String talosCompatibility,
        List<Architecture> architectures,
        TalosVersion rules,
        ImagePlace target,
        boolean overwriteTag,
        boolean semanticTags,
        List<String> debianPackages,
        Path debianLock,
        @Nullable String container,
        @Nullable Path rootfs,
        SequencedMap<String, String> files) {
    static final String MODULE = "talos_extension";
    static final List<String> NAMES = List.of(
            "name",
            "version",
            "author",
            "description",
            "talos_compatibility",
            "extension_registry",
            "extension_tag",
            "architecture",
            "architectures",
            "semantic_tags",
            "overwrite_tag",
            "talos_version",
            "debian_packages",
            "debian_lock",
            "container",
            "rootfs_dir",
            "files");
    private static final String DEFAULT_RULES = "v1.11.0";
    private static final String NAME = "[a-z0-9]([a-z0-9._-]*[a-z0-9])?";

    static ExtensionInputs read(InputReader in) {
        String name = in.required("name");
        if (!name.isEmpty() && !name.matches(NAME)) {
            in.wrong("name", "is \"%s\"; small letters, digits and . _ - are allowed".formatted(name));
        }
        String version = in.required("version");
        List<Architecture> architectures = PlaceInputs.architectures(in);
        String rulesText = in.text("talos_version", DEFAULT_RULES);
        TalosVersion rules = TalosVersion.parse(rulesText);
        if (rules == null) {
            in.wrong("talos_version", "is no version of Talos: \"%s\"".formatted(rulesText));
        }
        ImagePlace target = PlaceInputs.target(
                in,
                "extension_registry",
                "extension_tag",
                version.isEmpty() ? "unset" : version,
                name.matches(NAME) ? name : "unset",
                architectures);
        boolean overwrite = in.bool(PlaceInputs.OVERWRITE, false);
        boolean semanticTags = semanticTags(in, version, target);
        String container = in.optional("container");
        if (container != null && !container.matches(NAME)) {
            in.wrong("container", "is \"%s\"; small letters, digits and . _ - are allowed".formatted(container));
        }
        SequencedMap<String, String> files = in.map("files");
        for (String path : files.keySet()) {
            if (!isInside(path)) {
                in.wrong(
                        "files",
                        "has \"%s\"; a path from the root file system, without / before it, is needed".formatted(path));
            }
        }
        String folder = in.optional("rootfs_dir");
        Path rootfs = folder == null ? null : in.directory().resolve(folder).normalize();
        if (rootfs != null && !Files.isDirectory(rootfs)) {
            in.wrong("rootfs_dir", "names %s, which is no folder".formatted(rootfs));
        }
        List<String> packages = in.texts("debian_packages");
        ExtensionInputs inputs = new ExtensionInputs(
                name,
                version,
                in.text("author", ""),
                in.text("description", ""),
                in.text("talos_compatibility", ""),
                architectures,
                rules == null ? new TalosVersion(rulesText, 0, 0, 0) : rules,
                target == null ? ImagePlace.parse("localhost/unset", in.directory()) : target,
                overwrite,
                semanticTags,
                packages,
                in.directory()
                        .resolve(in.text("debian_lock", "debian.lock.json"))
                        .normalize(),
                container,
                rootfs,
                files);
        in.finish();
        return inputs;
    }

    /** Unless it is said: yes, where the version has such tags and the extension goes under its version. */
    private static boolean semanticTags(InputReader in, String version, @Nullable ImagePlace target) {
        SemanticVersion semantic = SemanticVersion.parse(version);
        boolean usual = semantic != null && target != null && version.equals(target.tag());
        boolean wanted = in.bool("semantic_tags", usual);
        if (wanted && semantic == null && !version.isEmpty()) {
            in.wrong("semantic_tags", "is true, and version is \"%s\", which is not like v1.2.3".formatted(version));
        }
        return wanted;
    }

    private static boolean isInside(String path) {
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return false;
            }
        }
        return true;
    }
}
