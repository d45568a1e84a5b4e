package dev.talosforge.oci;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.format.compress.OtherFormat;
import dev.talosforge.format.tar.TarLimits;
import dev.talosforge.format.tar.TarMember;
import dev.talosforge.format.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Members of a tar archive by path, as views of it. Older archives have each layer once, and links to it. */
record ArchiveMembers(String structure, Map<String, ByteSource> contents, Map<String, String> links) {
    /** Limit for an unpacked archive: the same as for an image's layers. */
    static final long MAX_BYTES = 16L << 30;

    private static final int MAX_MEMBERS = 100_000;
    private static final int MAX_LINKS = 8;

    /** Reads an archive that is not itself compressed; see {@link ImagesOnDisk#unpacked}. */
    static ArchiveMembers read(String structure, ByteSource archive) throws IOException {
        OtherFormat other = OtherFormat.of(archive);
        if (other != null) {
            throw new FormatException(
                    structure,
                    0,
                    "is %s; image archives are tar, plain or compressed with gzip, zstd or xz"
                            .formatted(other.words()));
        }
        ArchiveMembers members = new ArchiveMembers(structure, new TreeMap<>(), new TreeMap<>());
        try (InputStream in = new BufferedInputStream(archive.open(), 1 << 16)) {
            TarReader reader = new TarReader(in, new TarLimits(MAX_MEMBERS, MAX_BYTES));
            for (TarMember member = reader.next(); member != null; member = reader.next()) {
                members.add(member, archive);
            }
        }
        return members;
    }

    private void add(TarMember member, ByteSource archive) {
        switch (member.kind()) {
            case FILE -> contents.put(member.path(), member.contentIn(archive));
            case HARD_LINK -> links.put(member.path(), member.link());
            case SYMLINK -> links.put(member.path(), resolved(member.path(), member.link()));
            case CHAR_DEVICE, BLOCK_DEVICE, DIRECTORY, FIFO -> {
                // not a file that a document could name
            }
        }
    }

    private static String resolved(String path, String target) {
        List<String> steps = new ArrayList<>(List.of(path.split("/", -1)));
        steps.removeLast();
        for (String step : target.split("/", -1)) {
            if (step.equals("..") && !steps.isEmpty()) {
                steps.removeLast();
            } else if (!step.isEmpty() && !step.equals(".") && !step.equals("..")) {
                steps.add(step);
            }
        }
        return String.join("/", steps);
    }

    /** Null if there is no such file. */
    @Nullable
    ByteSource find(String name) {
        @Nullable String path = name;
        for (int i = 0; i < MAX_LINKS && path != null; i++) {
            ByteSource content = contents.get(path);
            if (content != null) {
                return content;
            }
            path = links.get(path);
        }
        return null;
    }

    ByteSource get(String name) throws FormatException {
        ByteSource content = find(name);
        if (content == null) {
            throw new FormatException(structure, 0, "has no file " + name);
        }
        return content;
    }
}
