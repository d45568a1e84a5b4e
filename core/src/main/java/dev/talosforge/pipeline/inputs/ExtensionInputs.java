package dev.talosforge.pipeline.inputs;

import dev.talosforge.debian.PackageRequest;
import dev.talosforge.extension.Source;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.talos.Architecture;
import dev.talosforge.talos.TalosVersion;
import dev.talosforge.talos.extension.ExtensionImage;
import dev.talosforge.talos.extension.Placeholders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of {@code talos_extension}, checked.
 *
 * @param architectures at least one
 * @param rules the version of Talos whose rules for extensions are applied
 * @param rulesNamed whether the unit names that version: otherwise an extension may be for any other
 * @param target repository and tag to publish to
 * @param overwriteTag whether its tag may move away from an image that this unit did not publish
 * @param semanticTags whether the tags of its minor and major version follow
 * @param debianLock exact versions of the packages of all sources; need not exist yet
 * @param container name of the container whose root file system the sources' files become unless they say where they
 *     go; null for the system's own
 * @param sources what it is made of, in order
 * @param service how the container is run; null if no file for that is written
 * @param remarks suspicious content of service files that are available
 * @param places where these are written
 */
public record ExtensionInputs(
        String name,
        String version,
        String author,
        String description,
        String talosCompatibility,
        List<Architecture> architectures,
        TalosVersion rules,
        boolean rulesNamed,
        ImagePlace target,
        boolean overwriteTag,
        boolean semanticTags,
        Path debianLock,
        @Nullable String container,
        List<Source.Item> sources,
        @Nullable ServiceFile service,
        List<ServiceRemark> remarks,
        ServicePlaces places)
        implements StageInputs {
    public static final List<String> NAMES = List.of(
            "name",
            "version",
            "extension_version",
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
            "debian_lock",
            "container",
            "sources",
            "service");
    private static final String VERSION = "version";

    /** The same: {@code version} cannot be the name of a variable of a Terraform module. */
    private static final String EXTENSION_VERSION = "extension_version";

    private static final String COMPATIBILITY = "talos_compatibility";
    private static final String DEFAULT_RULES = "v1.11.0";
    public static final String NAME = "[a-z0-9]([a-z0-9._-]*[a-z0-9])?";

    public static ExtensionInputs read(InputReader in) {
        String name = in.required("name");
        if (!name.isEmpty() && !name.matches(NAME)) {
            in.wrong("name", "is \"%s\"; lower-case letters, digits and . _ - are allowed".formatted(name));
        }
        String versionInput = versionInput(in);
        String version = in.required(versionInput);
        List<Architecture> architectures = TargetInputs.architectures(in);
        String rulesText = in.text("talos_version", DEFAULT_RULES);
        TalosVersion rules = TalosVersion.parse(rulesText);
        if (rules == null) {
            in.wrong("talos_version", "is not a version of Talos: \"%s\"".formatted(rulesText));
        }
        ImagePlace target = TargetInputs.target(
                in,
                "extension_registry",
                "extension_tag",
                version.isEmpty() ? "unset" : version,
                name.matches(NAME) ? name : "unset",
                architectures);
        boolean overwrite = in.bool(TargetInputs.OVERWRITE, false);
        boolean semanticTags = semanticTags(in, version, target);
        String container = in.optional("container");
        if (container != null && !container.matches(NAME)) {
            in.wrong("container", "is \"%s\"; lower-case letters, digits and . _ - are allowed".formatted(container));
        }
        in.gone("debian_packages", "is an item of sources now: { debian_packages = [...] }");
        in.gone("rootfs_dir", "is an item of sources now: { dir = \"rootfs\", to = \"/\" }");
        in.gone("files", "is an item of sources now: { files = { ... }, to = \"/\" }");
        List<Source.Item> sources = SourcesReader.read(in, architectures);
        TalosVersion applied = rules == null ? new TalosVersion(rulesText, 0, 0, 0) : rules;
        String compatibility = in.text(COMPATIBILITY, "");
        compatibility(in, compatibility, in.optional("talos_version") == null ? null : rules);
        String left = Placeholders.in(version);
        if (left != null) {
            in.wrong(
                    versionInput,
                    versionInput,
                    "contains %s, which nothing replaces".formatted(left),
                    "write the version, or use a local");
        }
        List<ServiceRemark> remarks = new ArrayList<>();
        ServicePlaces places = new ServicePlaces(in);
        ServiceFile service = ServiceFile.read(in, container == null ? name : container, applied, remarks, places);
        SourceServices.check(in, sources, usualFolder(container), applied, remarks, places);
        if (service != null) {
            KnownFiles.check(in, sources, usualFolder(container), service, applied);
        }
        ExtensionInputs inputs = new ExtensionInputs(
                name,
                version,
                in.text("author", ""),
                in.text("description", ""),
                compatibility,
                architectures,
                applied,
                in.optional("talos_version") != null,
                target == null ? ImagePlace.parse("localhost/unset", in.directory()) : target,
                overwrite,
                semanticTags,
                in.onDisk(in.text("debian_lock", "debian.lock.json")),
                container,
                sources,
                service,
                List.copyOf(remarks),
                places);
        in.finish();
        return inputs;
    }

    /** Which of its two names is used; two versions are reported. */
    private static String versionInput(InputReader in) {
        String version = in.optional(VERSION);
        String other = in.optional(EXTENSION_VERSION);
        if (version != null && other != null && !version.equals(other)) {
            in.wrong(
                    EXTENSION_VERSION,
                    "is \"%s\", but version is \"%s\": set only one of them".formatted(other, version));
        }
        return version == null && (other != null || in.isGiven()) ? EXTENSION_VERSION : VERSION;
    }

    /** Checks its form, and, if the unit names a version, that the range includes it. */
    private static void compatibility(InputReader in, String range, @Nullable TalosVersion named) {
        String why = range.isEmpty() ? null : ExtensionImage.whyNoRange(range);
        if (why != null) {
            in.wrong(
                    COMPATIBILITY,
                    COMPATIBILITY,
                    "is \"%s\", which Talos cannot read: %s".formatted(range, why),
                    "write it like \">= v1.11.0\", \">= v1.11.0 < v1.13.0\" or \"1.11.x || 1.12.x\"");
        } else if (named != null && !ExtensionImage.isFor(range, named)) {
            in.wrong(
                    COMPATIBILITY,
                    COMPATIBILITY,
                    "is \"%s\", which excludes talos_version, %s: that Talos would refuse the extension"
                            .formatted(range, named.text()),
                    "change one of them; talos_version only selects the version whose rules are checked");
        }
    }

    /** The default place of sources, from the extension's root. */
    public String usualFolder() {
        return usualFolder(container);
    }

    private static String usualFolder(@Nullable String container) {
        return container == null ? "" : "usr/local/lib/containers/" + container;
    }

    /** Whether something of it is built from source. */
    public boolean hasBuild() {
        return sources.stream().anyMatch(item -> item.source() instanceof Source.Build);
    }

    /** What its sources and builds request from Debian's archive. */
    public List<PackageRequest> packages() {
        return new PackageRequests(name).all(sources);
    }

    /** By default true if the version has such tags and the extension is published under its version. */
    private static boolean semanticTags(InputReader in, String version, @Nullable ImagePlace target) {
        SemanticVersion semantic = SemanticVersion.parse(version);
        boolean usual = semantic != null && target != null && version.equals(target.tag());
        boolean wanted = in.bool("semantic_tags", usual);
        if (wanted && semantic == null && !version.isEmpty()) {
            in.wrong(
                    "semantic_tags",
                    "is true, but version is \"%s\", which does not have the form v1.2.3".formatted(version));
        }
        return wanted;
    }
}
