package dev.talosforge.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.format.tar.TarArchive;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.Entry.Attributes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/** A folder in the OCI image layout as one tar archive: what skopeo and podman call {@code oci-archive}. */
public final class OciArchive implements Blobs {
    private static final String STRUCTURE = "OCI archive";

    private final Index index;
    private final ArchiveMembers members;

    private OciArchive(Index index, ArchiveMembers members) {
        this.index = index;
        this.members = members;
    }

    /** The archive of one image or index, as a view of the blobs. The same image gives the same bytes. */
    public static ByteSource source(Descriptor top, Blobs blobs) throws IOException {
        SequencedMap<Sha256, ByteSource> contents = new TreeMap<>();
        OciLayout.walk(top, blobs, (descriptor, content) -> contents.putIfAbsent(descriptor.digest(), content));
        Attributes directory = Attributes.root(0755, 0);
        Attributes file = Attributes.root(0644, 0);
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry.Directory("blobs", directory));
        entries.add(new Entry.Directory("blobs/sha256", directory));
        contents.forEach((digest, content) -> entries.add(new Entry.RegularFile(path(digest), file, content)));
        entries.add(new Entry.RegularFile(
                OciLayout.INDEX_FILE, file, ByteSource.of(Index.of(List.of(top)).toBytes())));
        entries.add(
                new Entry.RegularFile(OciLayout.LAYOUT_FILE, file, ByteSource.of(OciLayout.VERSION.getBytes(UTF_8))));
        return TarArchive.source(entries);
    }

    /** The images of an archive. Blobs are views; nothing is digested yet. */
    static OciArchive read(ByteSource archive) throws IOException {
        ArchiveMembers members = ArchiveMembers.read(STRUCTURE, archive);
        OciLayout.checkVersion(members.get(OciLayout.LAYOUT_FILE));
        return new OciArchive(
                Index.parse(members.get(OciLayout.INDEX_FILE).readAll(OciLayout.INDEX_FILE, Members.MAX_DOCUMENT)),
                members);
    }

    Index index() {
        return index;
    }

    @Override
    public ByteSource get(Descriptor descriptor) throws IOException {
        ByteSource blob = members.find(path(descriptor.digest()));
        if (blob == null) {
            throw new FileNotFoundException("the archive has no blob " + descriptor.digest());
        }
        return blob;
    }

    private static String path(Sha256 digest) {
        return "blobs/sha256/" + digest.hex();
    }
}
