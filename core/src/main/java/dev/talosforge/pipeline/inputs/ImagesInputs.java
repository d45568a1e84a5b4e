package dev.talosforge.pipeline.inputs;

import dev.talosforge.oci.ImagePlace;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.OutputKind;
import dev.talosforge.talos.Platform;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.extension.ExtensionCatalog;
import dev.talosforge.talos.kernel.KernelCommandLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of {@code talos_images}, checked.
 *
 * @param architectures at least one
 * @param images what everything is made of
 * @param installer where the installer goes, with its tag
 * @param overwriteTag whether its tag may move away from an image that this unit did not publish
 * @param isos where the ISO of each architecture goes
 * @param zstd whether squashfs images are zstd instead of xz
 */
public record ImagesInputs(
        TalosVersion version,
        @Nullable String kubernetesVersion,
        List<Architecture> architectures,
        ImageSet<ImagePlace> images,
        List<String> kernelArgs,
        ImagePlace installer,
        boolean overwriteTag,
        Platform installerPlatform,
        Platform isoPlatform,
        SequencedMap<Architecture, Path> isos,
        boolean zstd)
        implements StageInputs {
    public static final String INSTALLER_PLATFORM = "installer_platform";
    public static final String ISO_PLATFORM = "iso_platform";

    /** Used if the version is wrong, which is reported separately. */
    private static final TalosVersion NEWEST = Objects.requireNonNull(TalosVersion.parse("v1.14.0"));

    public static final List<String> NAMES = List.of(
            "talos_version",
            "kubernetes_version",
            "official_extensions",
            "custom_extensions",
            KernelArgumentsReader.NAME,
            "installer_registry",
            "installer_tag",
            "iso_output_dir",
            "iso_name",
            "architecture",
            "architectures",
            "overwrite_tag",
            "imager_image",
            "base_installer_image",
            INSTALLER_PLATFORM,
            ISO_PLATFORM,
            "squashfs_compression");
    private static final String ISO_NAME = "[A-Za-z0-9][A-Za-z0-9_.-]*\\.iso";

    public static ImagesInputs read(InputReader in) {
        String versionText = in.required("talos_version");
        TalosVersion version = TalosVersion.parse(versionText);
        if (version == null && !versionText.isEmpty()) {
            in.wrong("talos_version", "is not a version of Talos: \"%s\"".formatted(versionText));
        }
        if (version != null && !version.atLeast(1, 10, 0)) {
            in.wrong(
                    "talos_version",
                    "is %s; images of versions before v1.10 are assembled differently, which is not supported"
                            .formatted(versionText));
        }
        List<Architecture> architectures = TargetInputs.architectures(in);
        // Values derived from a wrong version would be wrong, too, and are not reported.
        String named = version == null ? "v0.0.0" : versionText;
        List<ImagePlace> official = new ArrayList<>();
        for (String text : in.texts("official_extensions")) {
            add(official, in, "official_extensions", ExtensionCatalog.complete(text));
        }
        List<ImagePlace> custom = new ArrayList<>();
        for (String text : in.texts("custom_extensions")) {
            add(custom, in, "custom_extensions", text);
        }
        ImagePlace imager = TargetInputs.place(in, "imager_image", in.text("imager_image", usualImager(named)));
        ImagePlace base =
                TargetInputs.place(in, "base_installer_image", in.text("base_installer_image", usualBase(named)));
        ImagePlace installer =
                TargetInputs.target(in, "installer_registry", "installer_tag", named, "installer", architectures);
        boolean overwrite = in.bool(TargetInputs.OVERWRITE, false);
        TalosVersion assumed = version == null ? NEWEST : version;
        List<String> kernelArgs = KernelArgumentsReader.read(in, assumed, architectures);
        Platform installerPlatform = platform(in, INSTALLER_PLATFORM, "metal", assumed);
        Platform isoPlatform = platform(in, ISO_PLATFORM, "nocloud", assumed);
        KernelArgumentsReader.checkLength(in, assumed, architectures, isoPlatform, installerPlatform, kernelArgs);
        SequencedMap<Architecture, Path> isos = isos(in, named, isoPlatform, architectures);
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
                architectures,
                new ImageSet<>(imager, base, official, custom),
                kernelArgs,
                installer,
                overwrite,
                installerPlatform,
                isoPlatform,
                isos,
                compression.equals("zstd"));
    }

    /** The default imager of a version. */
    public static String usualImager(String version) {
        return "ghcr.io/siderolabs/imager:" + version;
    }

    /** The default base installer of a version. */
    public static String usualBase(String version) {
        return "ghcr.io/siderolabs/installer-base:" + version;
    }

    private static SequencedMap<Architecture, Path> isos(
            InputReader in, String version, Platform platform, List<Architecture> architectures) {
        Path directory = in.directory().resolve(in.text("iso_output_dir", "build/talos-iso"));
        String given = in.text("iso_name", IsoName.usual(version, platform.label(), ImagePlace.ARCHITECTURE));
        SequencedMap<Architecture, Path> isos = new LinkedHashMap<>();
        boolean nameable = true;
        for (Architecture architecture : architectures) {
            String name = given.replace(ImagePlace.ARCHITECTURE, architecture.label());
            nameable &= name.matches(ISO_NAME);
            isos.put(
                    architecture,
                    directory.resolve(nameable ? name : "unset.iso").normalize());
        }
        if (!nameable) {
            in.wrong(
                    "iso_name",
                    "is \"%s\"; before .iso use letters, digits and . _ - only: Proxmox changes anything else"
                            .formatted(given));
        } else if (architectures.size() > 1 && !given.contains(ImagePlace.ARCHITECTURE)) {
            in.wrong(
                    "iso_name",
                    "is \"%s\" for %s; write %s in place of the architecture"
                            .formatted(given, TargetInputs.labels(architectures), ImagePlace.ARCHITECTURE));
        }
        return isos;
    }

    /** What the kernel receives, from the disk and from the ISO. */
    public KernelCommandLine commandLine(Architecture architecture, OutputKind kind) {
        return KernelCommandLine.of(target(architecture, kind), kernelArgs);
    }

    /** What a command line is for. */
    public KernelCommandLine.Target target(Architecture architecture, OutputKind kind) {
        Platform platform = kind == OutputKind.INSTALLER ? installerPlatform : isoPlatform;
        return new KernelCommandLine.Target(kind, platform, architecture, version);
    }

    /** The architecture whose artifacts are in the outputs that name only one. */
    public Architecture first() {
        return architectures.getFirst();
    }

    /** A suffix for the name of a step, if there are such steps for other architectures, too. */
    public String label(Architecture architecture) {
        return architectures.size() == 1 ? "" : " " + architecture.label();
    }

    /** That of the first architecture. */
    public Path iso() {
        return iso(first());
    }

    public Path iso(Architecture architecture) {
        return Objects.requireNonNull(isos.get(architecture), architecture::label);
    }

    private static Platform platform(InputReader in, String name, String otherwise, TalosVersion version) {
        String text = in.text(name, otherwise);
        Platform platform = Platform.of(text);
        if (platform == null) {
            in.wrong(name, "is \"%s\", which is not a platform of Talos".formatted(text));
            return Platform.METAL;
        }
        if (!platform.isKnownTo(version)) {
            in.wrong(name, "is \"%s\", which Talos %s does not know yet".formatted(text, version.text()));
        }
        return platform;
    }

    private static void add(List<ImagePlace> into, InputReader in, String name, String text) {
        if (text.isEmpty()) {
            in.wrong(name, "has an empty item");
        }
        ImagePlace place = TargetInputs.place(in, name, text);
        if (place != null) {
            into.add(place);
        }
    }
}
