package dev.talosforge.format.deb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.StreamDecoder;
import dev.talosforge.tree.Entry;
import dev.talosforge.tree.FileTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads Debian binary packages of format 2.
 *
 * <pre>
 *   "!&lt;arch&gt;" LF
 *   debian-binary         "2.0" LF
 *   control.tar[.SUFFIX]  control fields and scripts
 *   data.tar[.SUFFIX]     the files
 * </pre>
 *
 * <p>Specification: {@code deb(5)}. Formats do not know one another, so compression and tar are arguments.
 */
public final class DebReader {
    private static final String STRUCTURE = "deb package";
    private static final byte[] MAGIC = "!<arch>\n".getBytes(UTF_8);
    private static final int MAX_MEMBERS = 64;
    private static final int MAX_CONTROL = 1 << 20;

    private final Decoders decoders;
    private final Unpacker tar;

    /** Chooses the decoder for a member. */
    @FunctionalInterface
    public interface Decoders {
        /**
         * The decoder, or null if there is none.
         *
         * @param suffix of the member's name: {@code xz}, {@code gz}, {@code zst}, …; never empty
         */
        @Nullable
        StreamDecoder of(String suffix);
    }

    /** Unpacks a tar archive to a tree whose contents are not held in memory. */
    @FunctionalInterface
    public interface Unpacker {
        /** Reads the archive, and need not close {@code tar}. */
        FileTree unpack(InputStream tar) throws IOException;
    }

    public DebReader(Decoders decoders, Unpacker tar) {
        this.decoders = decoders;
        this.tar = tar;
    }

    /** Reads the whole package. */
    public DebPackage read(ByteSource deb) throws IOException {
        if (deb.size() < MAGIC.length || !Arrays.equals(deb.read(STRUCTURE, 0, MAGIC.length), MAGIC)) {
            throw new FormatException(STRUCTURE, 0, "not a deb package: it does not start with !<arch>");
        }
        DebControl control = null;
        long position = MAGIC.length;
        for (int i = 0; i < MAX_MEMBERS && position < deb.size(); i++) {
            ArHeader header = ArHeader.read(deb.read("ar header", position, ArHeader.SIZE), position);
            long at = position + ArHeader.SIZE;
            if (header.size() > deb.size() - at) {
                throw new FormatException(STRUCTURE, position, header.name() + " extends beyond the end of the file");
            }
            ByteSource content = deb.slice(at, header.size());
            if (i == 0) {
                version(header, content);
            } else if (isTar(header.name(), "control.tar") && control == null) {
                control = control(unpack(header.name(), "control.tar", content, at));
            } else if (isTar(header.name(), "data.tar") && control != null) {
                return new DebPackage(control, unpack(header.name(), "data.tar", content, at));
            } else if (!header.name().startsWith("_")) {
                throw new FormatException(STRUCTURE, position, "unexpected member: " + header.name());
            }
            position = at + header.size() + (header.size() & 1);
        }
        throw new FormatException(
                STRUCTURE, position, "ends before %s".formatted(control == null ? "control.tar" : "data.tar"));
    }

    private static boolean isTar(String name, String stem) {
        return name.equals(stem) || name.startsWith(stem + ".");
    }

    private static void version(ArHeader header, ByteSource content) throws IOException {
        String version =
                header.name().equals("debian-binary") ? new String(content.readAll("debian-binary", 64), UTF_8) : "";
        if (!version.startsWith("2.")) {
            throw new FormatException(
                    STRUCTURE, MAGIC.length, "unsupported package: the first member is not debian-binary 2.x");
        }
    }

    private FileTree unpack(String name, String stem, ByteSource content, long at) throws IOException {
        String suffix = name.equals(stem) ? "" : name.substring(stem.length() + 1);
        StreamDecoder decoder = suffix.isEmpty() ? in -> in : decoders.of(suffix);
        if (decoder == null) {
            throw new FormatException(STRUCTURE, at, "unsupported compression: " + name);
        }
        try (InputStream in = decoder.decode(new BufferedInputStream(content.open(), 1 << 16))) {
            return tar.unpack(in);
        }
    }

    private static DebControl control(FileTree tree) throws IOException {
        if (tree.get("control") instanceof Entry.RegularFile file) {
            return DebControl.parse(new String(file.content().readAll("deb control file", MAX_CONTROL), UTF_8));
        }
        throw new FormatException(STRUCTURE, 0, "control.tar has no file named control");
    }
}
