package dev.talosforge.pipeline;

import dev.talosforge.oci.ImageReference;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of {@code talos_images}, checked.
 *
 * @param imager holds kernel, initramfs, boot loader and GRUB
 * @param base first layers of the installer
 * @param extensions official ones, then custom ones
 * @param officialCount how many of the extensions are official
 * @param installer where the installer goes, with its tag
 * @param iso where the ISO goes
 * @param zstd whether squashfs images are zstd instead of xz
 */
record ImagesInputs(
        TalosVersion version,
        @Nullable String kubernetesVersion,
        Architecture architecture,
        ImageReference imager,
        ImageReference base,
        List<ImageReference> extensions,
        int officialCount,
        List<String> kernelArgs,
        ImageReference installer,
        Platform installerPlatform,
        Platform isoPlatform,
        Path iso,
        boolean zstd) {
    static final String MODULE = "talos_images";
    static final List<String> NAMES = List.of(
            "talos_version",
            "kubernetes_version",
            "official_extensions",
            "custom_extensions",
            "kernel_args",
            "installer_registry",
            "installer_tag",
            "iso_output_dir",
            "iso_name",
            "architecture",
            "imager_image",
            "base_installer_image",
            "installer_platform",
            "iso_platform",
            "squashfs_compression");
    private static final String ISO_NAME = "[A-Za-z0-9][A-Za-z0-9_.-]*\\.iso";

    static ImagesInputs read(InputReader in) {
        String versionText = in.required("talos_version");
        TalosVersion version = TalosVersion.parse(versionText);
        if (version == null && !versionText.isEmpty()) {
            in.wrong("talos_version", "is no version of Talos: \"%s\"".formatted(versionText));
        }
        if (version != null && !version.atLeast(1, 10, 0)) {
            in.wrong(
                    "talos_version",
                    "is %s; images of versions before v1.10 are put together in another way, which is not supported"
                            .formatted(versionText));
        }
        String architectureText = in.text("architecture", "amd64");
        Architecture architecture = Architecture.of(architectureText);
        if (architecture != Architecture.AMD64) {
            in.wrong("architecture", "is \"%s\"; only amd64 can be built".formatted(architectureText));
            architecture = Architecture.AMD64;
        }
        // What is made from a version that is wrong would be wrong, too, and is not worth a word.
        String named = version == null ? "v0.0.0" : versionText;
        List<ImageReference> extensions = new ArrayList<>();
        for (String text : in.texts("official_extensions")) {
            add(extensions, in, "official_extensions", text);
        }
        int official = extensions.size();
        for (String text : in.texts("custom_extensions")) {
            add(extensions, in, "custom_extensions", text);
        }
        ImageReference imager =
                reference(in, "imager_image", in.text("imager_image", "ghcr.io/siderolabs/imager:" + named));
        ImageReference base = reference(
                in,
                "base_installer_image",
                in.text("base_installer_image", "ghcr.io/siderolabs/installer-base:" + named));
        String tag = in.text("installer_tag", named);
        ImageReference repository = reference(in, "installer_registry", in.required("installer_registry"));
        ImageReference installer = repository == null ? null : withTag(in, "installer_tag", repository, tag);
        List<String> kernelArgs = in.texts("kernel_args");
        Platform installerPlatform = platform(in, "installer_platform", "metal");
        Platform isoPlatform = platform(in, "iso_platform", "nocloud");
        Path directory = in.directory().resolve(in.text("iso_output_dir", "build/talos-iso"));
        String isoName = in.text("iso_name", isoName(named, isoPlatform.label(), architecture.label()));
        if (!isoName.matches(ISO_NAME)) {
            in.wrong(
                    "iso_name",
                    "is \"%s\"; letters, digits and . _ - before .iso are what Proxmox keeps as it is"
                            .formatted(isoName));
        }
        String compression = in.text("squashfs_compression", "xz");
        if (!compression.equals("xz") && !compression.equals("zstd")) {
            in.wrong("squashfs_compression", "is \"%s\", neither xz nor zstd".formatted(compression));
        }
        String kubernetes = in.optional("kubernetes_version");
        in.finish();
        if (version == null || imager == null || base == null || installer == null) {
            throw new IllegalStateException("a problem was not reported");
        }
        return new ImagesInputs(
                version,
                kubernetes,
                architecture,
                imager,
                base,
                List.copyOf(extensions),
                official,
                kernelArgs,
                installer,
                installerPlatform,
                isoPlatform,
                directory.resolve(isoName).normalize(),
                compression.equals("zstd"));
    }

    /** The name of an ISO that nobody named. */
    static String isoName(String version, String platform, String architecture) {
        return "talos-%s-%s-%s.iso".formatted(version, platform, architecture);
    }

    private static Platform platform(InputReader in, String name, String otherwise) {
        String text = in.text(name, otherwise);
        Platform platform = Platform.of(text);
        if (platform == null) {
            in.wrong(name, "is \"%s\", no platform of Talos".formatted(text));
            return Platform.METAL;
        }
        return platform;
    }

    static ImageReference withTag(InputReader in, String name, ImageReference repository, String tag) {
        try {
            return repository.withTag(tag);
        } catch (IllegalArgumentException e) {
            in.wrong(name, "cannot be a tag: " + e.getMessage());
            return repository;
        }
    }

    private static void add(List<ImageReference> into, InputReader in, String name, String text) {
        if (text.isEmpty()) {
            in.wrong(name, "has an item that is empty");
        }
        ImageReference reference = reference(in, name, text);
        if (reference != null) {
            into.add(reference);
        }
    }

    static @Nullable ImageReference reference(InputReader in, String name, String text) {
        if (text.isEmpty()) {
            return null; // said already: it is required
        }
        try {
            return ImageReference.parse(text);
        } catch (IllegalArgumentException e) {
            in.wrong(name, "is " + e.getMessage());
            return null;
        }
    }
}
