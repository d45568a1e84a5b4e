package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarMember;
import dev.talosforge.format.tar.TarReader;
import dev.talosforge.oci.Blobs;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.DockerArchive;
import dev.talosforge.oci.Image;
import dev.talosforge.oci.ImageChoice;
import dev.talosforge.oci.Index;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.OciLayout;
import dev.talosforge.oci.Platform;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Images on this machine: a layout, an archive of a layout, or a Docker archive. */
final class ImageSources {
    private static final int MAX_MEMBERS = 100_000;
    private static final int MAX_INDEX = 4 << 20;

    private ImageSources() {}

    /** What the user asked for: the name of the whole, the tag of one image in it or null, and the platform. */
    record Wanted(String name, @Nullable String tag, Platform platform) {}

    static ImageSource layout(Path directory, Wanted wanted) throws IOException {
        OciLayout layout = OciLayout.open(directory);
        return chosen(layout.index(), layout, wanted);
    }

    /** Reads an archive that contains {@code manifest.json} or {@code oci-layout}. */
    static ImageSource archive(ByteSource archive, Wanted wanted) throws IOException {
        Map<String, ByteSource> files = files(archive);
        if (files.containsKey("manifest.json")) {
            return docker(DockerArchive.read(archive), wanted);
        }
        ByteSource index = files.get("index.json");
        if (!files.containsKey("oci-layout") || index == null) {
            throw new FormatException(
                    "tar archive",
                    0,
                    "is not an image archive: neither manifest.json nor oci-layout and index.json are in it");
        }
        Blobs blobs = descriptor -> {
            ByteSource blob = files.get("blobs/sha256/" + descriptor.digest().hex());
            if (blob == null) {
                throw new FormatException("OCI archive", 0, "has no blob " + descriptor.digest());
            }
            return blob;
        };
        return chosen(Index.parse(index.readAll("index.json", MAX_INDEX)), blobs, wanted);
    }

    private static Map<String, ByteSource> files(ByteSource archive) throws IOException {
        Map<String, ByteSource> files = new TreeMap<>();
        try (InputStream in = new BufferedInputStream(archive.open(), 1 << 16)) {
            TarReader reader = new TarReader(in, new TarLimits(MAX_MEMBERS, archive.size()));
            for (TarMember member = reader.next(); member != null; member = reader.next()) {
                if (member.kind() == TarMember.Kind.FILE
                        && member.contentOffset() <= archive.size() - (member.sparse() == null ? member.size() : 0)) {
                    files.put(member.path(), member.contentIn(archive));
                }
            }
        }
        return files;
    }

    private static ImageSource docker(DockerArchive archive, Wanted wanted) {
        List<DockerArchive.SavedImage> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (DockerArchive.SavedImage image : archive.images()) {
            names.addAll(image.tags());
            if (wanted.tag() == null
                    || image.tags().stream()
                            .anyMatch(name -> name.equals(wanted.tag()) || name.endsWith(":" + wanted.tag()))) {
                found.add(image);
            }
        }
        if (found.size() != 1) {
            throw choose(wanted, names, found.size());
        }
        return new ImageSource(wanted.name(), null, found.getFirst().image(), archive);
    }

    private static ImageSource chosen(Index index, Blobs blobs, Wanted wanted) throws IOException {
        List<Descriptor> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Descriptor entry : index.manifests()) {
            String name = entry.annotations().get(Descriptor.REF_NAME);
            if (name != null && !names.contains(name)) {
                names.add(name);
            }
            if (wanted.tag() == null || wanted.tag().equals(name)) {
                found.add(entry);
            }
        }
        Descriptor top = found.size() == 1 ? found.getFirst() : null;
        if (top == null && !found.isEmpty() && (wanted.tag() != null || names.size() <= 1)) {
            top = ImageChoice.<RuntimeException>in(Index.of(found), wanted.platform(), blobs::document);
        }
        if (top == null) {
            throw choose(wanted, names, found.size());
        }
        Sha256 digest = MediaType.isIndex(top.mediaType()) ? top.digest() : null;
        return new ImageSource(wanted.name(), digest, Image.read(top, wanted.platform(), blobs), blobs);
    }

    private static BuildException choose(Wanted wanted, List<String> names, int found) {
        String why = found > 0
                ? "it contains %d images".formatted(found)
                : wanted.tag() == null ? "it contains no image" : "it contains no image " + wanted.tag();
        return new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot inspect " + wanted.name())
                .because(names.isEmpty() ? why : why + "; the names are: " + String.join(", ", names))
                .trying(names.isEmpty() ? null : "name one of them, as in oci:DIR:TAG or docker-archive:FILE:TAG"));
    }
}
