package dev.talosforge.pipeline;

import dev.talosforge.oci.ImageReference;
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
 * @param rules the version of Talos whose rules for extensions are applied
 * @param target repository and tag to publish to
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
        Architecture architecture,
        TalosVersion rules,
        ImageReference target,
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
        String architectureText = in.text("architecture", "amd64");
        Architecture architecture = Architecture.of(architectureText);
        if (architecture == null) {
            in.wrong("architecture", "is \"%s\", neither amd64 nor arm64".formatted(architectureText));
            architecture = Architecture.AMD64;
        }
        String rulesText = in.text("talos_version", DEFAULT_RULES);
        TalosVersion rules = TalosVersion.parse(rulesText);
        if (rules == null) {
            in.wrong("talos_version", "is no version of Talos: \"%s\"".formatted(rulesText));
        }
        ImageReference repository = ImagesInputs.reference(in, "extension_registry", in.required("extension_registry"));
        String tag = in.text("extension_tag", version.isEmpty() ? "unset" : version);
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
                architecture,
                rules == null ? new TalosVersion(rulesText, 0, 0, 0) : rules,
                repository == null
                        ? ImageReference.parse("localhost/unset")
                        : ImagesInputs.withTag(in, "extension_tag", repository, tag),
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

    private static boolean isInside(String path) {
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return false;
            }
        }
        return true;
    }
}
