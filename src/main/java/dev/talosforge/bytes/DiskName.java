package dev.talosforge.bytes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Names of files on this machine as texts, and back. Linux has bytes, and everybody writes UTF-8 in them. Java's paths
 * have the bytes, too, but show them in the character map of the locale: in that of C each umlaut is shown as U+FFFD.
 * So names are taken from the bytes, as {@link NameBytes} has them.
 */
public final class DiskName {
    /** What stands where a character was lost: a file of such a name is the victim of somebody else's locale. */
    private static final char LOST = '\ufffd';

    private static final char FIRST_NOT_ASCII = 0x80;
    private static final int HEX = 16;

    private DiskName() {}

    /** A path below {@code root}, from there, with slashes. */
    public static String of(Path root, Path path) {
        String shown = root.relativize(path).toString();
        if (isAscii(shown)) {
            return shown;
        }
        byte[] from = bytes(root);
        byte[] whole = bytes(path);
        int prefix = from.length + (from[from.length - 1] == '/' ? 0 : 1);
        return NameBytes.text(java.util.Arrays.copyOfRange(whole, prefix, whole.length));
    }

    /** Where a symbolic link leads. */
    public static String target(Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        if (isAscii(target.toString())) {
            return target.toString();
        }
        byte[] bytes = bytes(link.getFileSystem().getPath("/").resolve(target));
        byte[] own = target.isAbsolute() ? bytes : java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
        return NameBytes.text(own);
    }

    /** The file of that name below {@code root}, as {@link #of} gave it. */
    public static Path in(Path root, String name) {
        if (isAscii(name) || (isUtf8() && NameBytes.isText(name))) {
            return root.resolve(name);
        }
        byte[] from = bytes(root);
        StringBuilder address = new StringBuilder("file://");
        append(from.length == 1 ? new byte[0] : from, address);
        append(NameBytes.of("/" + name), address);
        return Path.of(URI.create(address.toString()));
    }

    private static void append(byte[] path, StringBuilder address) {
        for (byte value : path) {
            address.append(value == '/' ? "/" : "%%%02X".formatted(Byte.toUnsignedInt(value)));
        }
    }

    /** What a symbolic link is made with, as {@link #target} gave it. */
    public static Path targetPath(String target) {
        if (isAscii(target) || (isUtf8() && NameBytes.isText(target))) {
            return Path.of(target);
        }
        boolean absolute = target.startsWith("/");
        Path whole = in(Path.of("/"), target.replaceAll("^/+", "").replaceAll("//+", "/"));
        return absolute ? whole : whole.subpath(0, whole.getNameCount());
    }

    /** Whether Java shows the name as it is; what it does not, cannot be used as a text. */
    public static boolean isShown(String name) {
        return isAscii(name) || (name.indexOf(LOST) < 0 && isUtf8());
    }

    /** Whether Java takes names of files for UTF-8. */
    public static boolean isUtf8() {
        return UTF_8.name().equalsIgnoreCase(encoding());
    }

    /** The character map that Java took from the locale. */
    public static String encoding() {
        return System.getProperty("sun.jnu.encoding", UTF_8.name());
    }

    /** Whether it is such a name. */
    public static boolean isLost(String name) {
        return name.indexOf(LOST) >= 0;
    }

    /** Refuses a name in which a character was lost before it came here: what it was, nobody knows. */
    public static void refuseLost(String name) throws LimitException {
        if (isLost(name)) {
            throw new LimitException(
                    "folder",
                    EscapedBytes.of(NameBytes.of(name)),
                    "it holds U+FFFD, where a character was lost before; rename it");
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < FIRST_NOT_ASCII);
    }

    /** A path's own bytes, absolute, without a slash at the end: an address has them as they are. */
    private static byte[] bytes(Path path) {
        byte[] address = path.toUri().getRawPath().getBytes(ISO_8859_1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(address.length);
        for (int i = 0; i < address.length; i++) {
            if (address[i] == '%') {
                bytes.write(Integer.parseInt(new String(address, i + 1, 2, ISO_8859_1), HEX));
                i += 2;
            } else {
                bytes.write(address[i]);
            }
        }
        byte[] all = bytes.toByteArray();
        return all.length > 1 && all[all.length - 1] == '/' ? java.util.Arrays.copyOf(all, all.length - 1) : all;
    }
}
