package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.LimitException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.inspect.ImageSources.Wanted;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImagePlace;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.ImagesOnDisk;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Exhausted;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.talos.extension.ExtensionManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Inspects what a user names: a file, a folder, an archive or an image of a registry. The kind of a file is detected
 * from its content. Anything broken is reported as a {@link BuildException} with the user's name for it.
 */
public final class Inspector {
    private static final String LAYOUT = "oci:";
    private static final String ARCHIVE = "docker-archive:";
    private static final String OCI_ARCHIVE = "oci-archive:";
    private static final String UNDERSTOOD =
            "give an ISO, a unified kernel image, a UEFI program, a Linux kernel, an initramfs, a SquashFS image, an archive from docker save, an OCI layout or archive, or the reference of an image";

    private final Registries registries;
    private final Scratch scratch;
    private final Platform platform;
    private final Path directory;

    /** Created when an image of a registry is first requested. */
    @FunctionalInterface
    public interface Registries {
        RegistryImages open() throws IOException;
    }

    /**
     * An inspector for one command.
     *
     * @param platform of the image that is selected from an index
     * @param directory to which paths are relative
     */
    public Inspector(Registries registries, Scratch scratch, Platform platform, Path directory) {
        this.registries = registries;
        this.scratch = scratch;
        this.platform = platform;
        this.directory = directory;
    }

    /**
     * Reports the contents of a subject.
     *
     * @param subject a path, {@code oci:DIR[:TAG]}, {@code docker-archive:FILE[:TAG]}, {@code oci-archive:FILE[:TAG]}
     *     or the reference of an image
     * @param files whether all files are listed and digested
     */
    public Report inspect(String subject, boolean files) throws IOException, InterruptedException {
        return named(subject, () -> Reporting.of(open(subject, files), files));
    }

    /** Work that can fail because of the inspected bytes. */
    private interface Work<T> {
        T get() throws IOException, InterruptedException;
    }

    private static <T> T named(String subject, Work<T> work) throws IOException, InterruptedException {
        try {
            return work.get();
        } catch (FormatException | LimitException e) {
            throw new BuildException(bad(subject, String.valueOf(e.getMessage()), null), e);
        } catch (ExtensionManifest.UnsupportedException e) {
            throw new BuildException(
                    Problem.failed(Kind.NOT_SUPPORTED, "cannot inspect " + subject)
                            .because(String.valueOf(e.getMessage()))
                            .trying("use a manifest of version %s".formatted(ExtensionManifest.FORMAT)),
                    e);
        } catch (NoSuchFileException e) {
            String why = e.getReason() == null ? "there is no such file" : e.getReason();
            throw new BuildException(bad(subject, why + ": " + e.getFile(), null), e);
        } catch (VirtualMachineError e) {
            Problem exhausted = Exhausted.problem("cannot inspect " + subject, e);
            if (exhausted == null) {
                throw e;
            }
            throw new BuildException(exhausted, e);
        }
    }

    /** Reads a subject for proofs; anything broken is reported with the subject's name. */
    Artifact artifact(String subject) throws IOException, InterruptedException {
        return named(subject, () -> open(subject, false));
    }

    /** The architecture of the images that are inspected. */
    String architecture() {
        return platform.architecture();
    }

    /** Reads an image whose place is known. */
    Artifact artifact(ImagePlace place) throws IOException, InterruptedException {
        return switch (place) {
            case ImagePlace.InRegistry(ImageReference reference) -> artifact(reference.toString());
            case ImagePlace.OnDisk disk -> named(place.toString(), () -> onDisk(disk));
        };
    }

    private Artifact onDisk(ImagePlace.OnDisk place) throws IOException {
        existing(place.toString(), place.path());
        String mismatch = place.mismatch();
        if (mismatch != null) {
            throw new BuildException(Problem.failed(Kind.INVALID_INPUT, "cannot inspect " + place)
                    .because(mismatch));
        }
        ImagesOnDisk images = ImagesOnDisk.open(place, scratch::keep);
        Descriptor top = images.find(place, platform);
        Sha256 index = MediaType.isIndex(top.mediaType()) ? top.digest() : null;
        return image(
                new ImageSource(place.toString(), index, Image.read(top, platform, images.blobs()), images.blobs()),
                false);
    }

    private Artifact open(String subject, boolean whole) throws IOException, InterruptedException {
        if (subject.startsWith(LAYOUT)) {
            Named named = Named.of(directory, subject.substring(LAYOUT.length()));
            return layout(subject, named.path(), named.tag(), whole);
        }
        if (subject.startsWith(ARCHIVE) || subject.startsWith(OCI_ARCHIVE)) {
            Named named = Named.of(directory, subject.substring(subject.indexOf(':') + 1));
            ByteSource file = unpacked(ByteSource.of(regular(subject, existing(subject, named.path()))));
            return image(ImageSources.archive(file, new Wanted(subject, named.tag(), platform)), whole);
        }
        Path path = path(subject);
        if (path != null && Files.isDirectory(path)) {
            return layout(subject, path, null, whole);
        }
        return path != null && Files.exists(path) ? file(subject, path, whole) : image(registry(subject), whole);
    }

    private Artifact layout(String subject, Path path, @Nullable String tag, boolean whole) throws IOException {
        return image(ImageSources.layout(existing(subject, path), new Wanted(subject, tag, platform)), whole);
    }

    private Artifact image(ImageSource source, boolean whole) throws IOException {
        return new Opening(scratch, whole).image(source);
    }

    private Artifact file(String subject, Path path, boolean whole) throws IOException {
        ByteSource file = ByteSource.of(regular(subject, path));
        Artifact artifact = new Opening(scratch, whole).file(subject, file);
        if (artifact != null) {
            return artifact;
        }
        if (Format.of(file) == Format.TAR) {
            return image(ImageSources.archive(unpacked(file), new Wanted(subject, null, platform)), whole);
        }
        String start = Format.start(file);
        throw new BuildException(
                bad(
                        subject,
                        start == null
                                ? "the file is empty"
                                : "its content is not of a known kind: it begins with " + start,
                        UNDERSTOOD),
                null);
    }

    private ByteSource unpacked(ByteSource archive) throws IOException {
        return ImagesOnDisk.unpacked(archive, scratch::keep);
    }

    private ImageSource registry(String subject) throws IOException, InterruptedException {
        if (subject.startsWith("/") || subject.startsWith("./") || subject.startsWith("../")) {
            throw new BuildException(Problem.failed(Kind.INVALID_INPUT, "cannot inspect " + subject)
                    .because("there is no such file"));
        }
        ImageReference reference;
        try {
            reference = ImageReference.parse(subject);
        } catch (IllegalArgumentException e) {
            throw new BuildException(
                    Problem.failed(Kind.INVALID_INPUT, "cannot inspect " + subject)
                            .because("there is no such file, and it is " + e.getMessage()),
                    e);
        }
        return registries.open().open(reference, platform);
    }

    private @Nullable Path path(String subject) {
        try {
            return directory.resolve(subject);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static Path existing(String subject, Path path) {
        if (!Files.exists(path)) {
            throw new BuildException(Problem.failed(Kind.INVALID_INPUT, "cannot inspect " + subject)
                    .because("there is no " + path));
        }
        return path;
    }

    /** Refuses files without a size: a pipe, for example, may never end. */
    private static Path regular(String subject, Path path) {
        if (!Files.isRegularFile(path)) {
            throw new BuildException(Problem.failed(Kind.INVALID_INPUT, "cannot inspect " + subject)
                    .because(path + " is not a regular file but a folder, a pipe, a socket or a device")
                    .trying("copy its content to a file and inspect that file"));
        }
        return path;
    }

    private static Problem bad(String subject, String why, @Nullable String remedy) {
        return Problem.failed(Kind.BAD_ARTIFACT, "cannot inspect " + subject)
                .because(why)
                .trying(remedy);
    }

    /** {@code PATH[:TAG]}; a path that exists is never split. */
    private record Named(Path path, @Nullable String tag) {
        static Named of(Path directory, String text) {
            int colon = text.lastIndexOf(':');
            try {
                Path whole = directory.resolve(text);
                return colon <= text.lastIndexOf('/') || Files.exists(whole)
                        ? new Named(whole, null)
                        : new Named(directory.resolve(text.substring(0, colon)), text.substring(colon + 1));
            } catch (InvalidPathException e) {
                throw new BuildException(
                        Problem.failed(Kind.INVALID_INPUT, "cannot inspect " + text)
                                .because("it is not a path: " + e.getReason()),
                        e);
            }
        }
    }
}
