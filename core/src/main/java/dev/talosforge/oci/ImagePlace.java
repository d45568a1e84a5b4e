package dev.talosforge.oci;

import dev.talosforge.bytes.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an image is or goes: a registry, a file or a folder, in the notation of the usual tools.
 *
 * <pre>
 *   [registry/]repository[:tag][@digest]
 *   oci:DIRECTORY[:NAME][@digest]
 *   oci-archive:FILE[:NAME][@digest]
 *   docker-archive:FILE[:repository:tag]
 * </pre>
 *
 * <p>In a path, {@code {architecture}} stands for the requested architecture. A path cannot contain a colon, because
 * that is where the name begins.
 */
public sealed interface ImagePlace {
    /** The placeholder for the architecture in a path and in a file name. */
    String ARCHITECTURE = "{architecture}";

    /** The tag, or the name in a layout or archive; null if none is given. */
    @Nullable
    String tag();

    /** The digest that pins it; null if it is not pinned. */
    @Nullable
    Sha256 digest();

    /** The same with another tag, not pinned. */
    ImagePlace withTag(String tag);

    /** The same, pinned; unchanged for places without digests. */
    ImagePlace pinned(Sha256 digest);

    /** The same for one architecture. */
    ImagePlace of(String architecture);

    /** Without tag and digest. */
    String name();

    /** A short name for people: the last part of the name. */
    default String shortName() {
        return name().substring(name().lastIndexOf('/') + 1);
    }

    /**
     * Parses a place; an invalid one is an {@link IllegalArgumentException} that quotes it.
     *
     * @param from the folder that relative paths start from
     */
    static ImagePlace parse(String text, Path from) {
        for (String scheme : new String[] {InLayout.SCHEME, InOciArchive.SCHEME, InDockerArchive.SCHEME}) {
            if (text.startsWith(scheme)) {
                try {
                    return OnDisk.parse(scheme, text.substring(scheme.length()), from);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "not an image place: \"%s\": %s".formatted(text, e.getMessage()), e);
                }
            }
        }
        return new InRegistry(ImageReference.parse(text));
    }

    /** An image in a registry. */
    record InRegistry(ImageReference reference) implements ImagePlace {
        @Override
        public @Nullable String tag() {
            return reference.tag();
        }

        @Override
        public @Nullable Sha256 digest() {
            return reference.digest();
        }

        @Override
        public ImagePlace withTag(String tag) {
            return new InRegistry(reference.withTag(tag));
        }

        @Override
        public ImagePlace pinned(Sha256 digest) {
            return new InRegistry(reference.withDigest(digest));
        }

        @Override
        public ImagePlace of(String architecture) {
            return this;
        }

        @Override
        public String name() {
            return reference.name();
        }

        @Override
        public String toString() {
            return reference.toString();
        }
    }

    /** An image on this machine: no server is involved. */
    sealed interface OnDisk extends ImagePlace {
        /** The folder or the file. */
        Path path();

        /**
         * Why whatever is at the path cannot be this place, judged by its file type; null if it can. An archive is a
         * file, a layout is a folder.
         */
        default @Nullable String mismatch() {
            Path path = path();
            boolean folder = Files.isDirectory(path);
            if (this instanceof InLayout) {
                return folder || !Files.exists(path)
                        ? null
                        : "%s is a file, but oci: names the folder of a layout: write oci-archive:%<s or docker-archive:%<s"
                                .formatted(path);
            }
            if (folder) {
                boolean layout = Files.isRegularFile(path.resolve(OciLayout.LAYOUT_FILE));
                return "%s is a folder, but an archive is a file".formatted(path)
                        + (layout ? ": it holds a layout, so write oci:%s".formatted(path) : "");
            }
            return Files.exists(path) && !Files.isRegularFile(path)
                    ? "%s is neither a file nor a folder".formatted(path)
                    : null;
        }

        /** Whether each architecture has its own path. */
        default boolean perArchitecture() {
            return path().toString().contains(ARCHITECTURE);
        }

        private static ImagePlace parse(String scheme, String rest, Path from) {
            Matcher pinned = PINNED.matcher(rest);
            boolean hasDigest = pinned.matches();
            String plain = hasDigest ? pinned.group(1) : rest;
            Sha256 digest = hasDigest ? new Sha256(pinned.group(2)) : null;
            int colon = plain.indexOf(':');
            String written = colon < 0 ? plain : plain.substring(0, colon);
            String name = colon < 0 ? null : plain.substring(colon + 1);
            if (written.isEmpty()) {
                throw new IllegalArgumentException("the path is missing");
            }
            Path path = from.resolve(written).normalize();
            if (path.toString().contains(":")) {
                throw new IllegalArgumentException(
                        "the path %s contains a colon, which is where a name begins".formatted(path));
            }
            if (scheme.equals(InDockerArchive.SCHEME)) {
                if (hasDigest) {
                    throw new IllegalArgumentException("images in a docker archive cannot be named by digest");
                }
                return new InDockerArchive(path, name == null ? null : ImageReference.parse(name));
            }
            if (name != null && !NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "\"%s\" is not a valid name in a layout: use letters and digits, with single . _ - : / + between them"
                                .formatted(name));
            }
            return scheme.equals(InLayout.SCHEME)
                    ? new InLayout(path, name, digest)
                    : new InOciArchive(path, name, digest);
        }

        private static String text(String scheme, Path path, @Nullable String name, @Nullable Sha256 digest) {
            return scheme + path + (name == null ? "" : ":" + name) + (digest == null ? "" : "@" + digest);
        }

        private static Path of(Path path, String architecture) {
            return Path.of(path.toString().replace(ARCHITECTURE, architecture));
        }
    }

    /** {@code rest@digest}. */
    Pattern PINNED = Pattern.compile("(.*)@sha256:([0-9a-f]{64})");

    /** OCI image specification 1.1, "Annotations", org.opencontainers.image.ref.name; without the {@code @}. */
    Pattern NAME = Pattern.compile("[A-Za-z0-9]+(?:(?:[-._:+/]|--)[A-Za-z0-9]+){0,100}");

    /** An image in a folder in the OCI image layout. */
    record InLayout(
            Path path, @Nullable String tag, @Nullable Sha256 digest) implements OnDisk {
        static final String SCHEME = "oci:";

        @Override
        public ImagePlace withTag(String changed) {
            return new InLayout(path, changed, null);
        }

        @Override
        public ImagePlace pinned(Sha256 pinned) {
            return new InLayout(path, tag, pinned);
        }

        @Override
        public ImagePlace of(String architecture) {
            return new InLayout(OnDisk.of(path, architecture), tag, digest);
        }

        @Override
        public String name() {
            return SCHEME + path;
        }

        @Override
        public String toString() {
            return OnDisk.text(SCHEME, path, tag, digest);
        }
    }

    /** An image in a tar archive of an OCI image layout. */
    record InOciArchive(
            Path path, @Nullable String tag, @Nullable Sha256 digest) implements OnDisk {
        static final String SCHEME = "oci-archive:";

        @Override
        public ImagePlace withTag(String changed) {
            return new InOciArchive(path, changed, null);
        }

        @Override
        public ImagePlace pinned(Sha256 pinned) {
            return new InOciArchive(path, tag, pinned);
        }

        @Override
        public ImagePlace of(String architecture) {
            return new InOciArchive(OnDisk.of(path, architecture), tag, digest);
        }

        @Override
        public String name() {
            return SCHEME + path;
        }

        @Override
        public String toString() {
            return OnDisk.text(SCHEME, path, tag, digest);
        }
    }

    /**
     * An image in an archive written by {@code docker save}. Such an archive has no manifest digests, so the image
     * cannot be pinned.
     *
     * @param saved the name that {@code docker load} gives it; null for the archive's only image
     */
    record InDockerArchive(Path path, @Nullable ImageReference saved) implements OnDisk {
        static final String SCHEME = "docker-archive:";

        @Override
        public @Nullable String tag() {
            return saved == null ? null : saved.tag();
        }

        @Override
        public @Nullable Sha256 digest() {
            return null;
        }

        /** Requires a name. */
        @Override
        public ImagePlace withTag(String changed) {
            if (saved == null) {
                throw new IllegalStateException("a tag requires a name: " + this);
            }
            return new InDockerArchive(path, saved.withTag(changed));
        }

        @Override
        public ImagePlace pinned(Sha256 pinned) {
            return this;
        }

        @Override
        public ImagePlace of(String architecture) {
            return new InDockerArchive(OnDisk.of(path, architecture), saved);
        }

        @Override
        public String name() {
            return SCHEME + path + (saved == null ? "" : ":" + saved.name());
        }

        @Override
        public String toString() {
            return OnDisk.text(SCHEME, path, saved == null ? null : saved.toString(), null);
        }
    }
}
