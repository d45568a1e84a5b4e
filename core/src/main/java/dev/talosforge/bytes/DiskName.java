package dev.talosforge.bytes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Converts names of files on this machine to text and back. On Linux names are bytes, in practice UTF-8. Java's paths
 * hold the bytes, too, but show them in the locale's character set: in that of C every umlaut becomes U+FFFD. So names
 * are taken from the bytes, as {@link NameBytes} encodes them.
 */
public final class DiskName {
    /** The replacement for a lost character: a file with such a name is the victim of somebody else's locale. */
    private static final char LOST = '\ufffd';

    private static final char FIRST_NOT_ASCII = 0x80;
    private static final int HEX = 16;

    private DiskName() {}

    /** A path below {@code root}, relative to it, with slashes. */
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

    /** The target of a symbolic link. */
    public static String target(Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        if (isAscii(target.toString())) {
            return target.toString();
        }
        byte[] bytes = bytes(link.getFileSystem().getPath("/").resolve(target));
        byte[] own = target.isAbsolute() ? bytes : java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
        return NameBytes.text(own);
    }

    /** The file below {@code root} with a name that {@link #of} returned. */
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

    /** The target to create a symbolic link with, from a text that {@link #target} returned. */
    public static Path targetPath(String target) {
        if (isAscii(target) || (isUtf8() && NameBytes.isText(target))) {
            return Path.of(target);
        }
        boolean absolute = target.startsWith("/");
        Path whole = in(Path.of("/"), target.replaceAll("^/+", "").replaceAll("//+", "/"));
        return absolute ? whole : whole.subpath(0, whole.getNameCount());
    }

    /** Whether Java shows the name as it is. If not, the name cannot be used as text. */
    public static boolean isShown(String name) {
        return isAscii(name) || (name.indexOf(LOST) < 0 && isUtf8());
    }

    /** Whether Java reads file names as UTF-8. */
    public static boolean isUtf8() {
        return UTF_8.name().equalsIgnoreCase(encoding());
    }

    /** The character set that Java took from the locale. */
    public static String encoding() {
        return System.getProperty("sun.jnu.encoding", UTF_8.name());
    }

    /** Whether the name contains {@link #LOST}. */
    public static boolean isLost(String name) {
        return name.indexOf(LOST) >= 0;
    }

    /** Refuses a name in which a character was lost earlier: it cannot be recovered. */
    public static void refuseLost(String name) throws LimitException {
        if (isLost(name)) {
            throw new LimitException(
                    "folder",
                    EscapedBytes.of(NameBytes.of(name)),
                    "contains U+FFFD, which marks a character that was lost earlier; rename it");
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < FIRST_NOT_ASCII);
    }

    /** A path's own bytes, absolute, without a trailing slash: a URI has them unchanged. */
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
