package dev.talosforge.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Terragrunt runs a unit: {@code CACHE/UNIT/SOURCE/PATH}, with hashes of the unit's folder and of its module's
 * source, and the path of the module in that source. Undocumented; measured with 0.96.1 and 1.1.3, which agree.
 */
public final class TerragruntCache {
    /** The cache's name in the unit's folder, unless TG_DOWNLOAD_DIR names another one. */
    public static final String FOLDER = ".terragrunt-cache";

    /** A source that must be a folder of this machine: nothing that looks like a host name. */
    private static final Pattern FOLDER_OF_THIS_MACHINE =
            Pattern.compile("(/(?!/)|[.]{1,2}(/|$)|[A-Za-z0-9_-]+(/|$)).*", Pattern.DOTALL);

    /** Characters with a special meaning in a URL. */
    private static final Pattern NO_PATH = Pattern.compile("[?#%\\\\\\p{Cntrl}]");

    /** A path that Go's {@code net/url} keeps as parsed, although it would write it differently. */
    private static final Pattern KEPT = Pattern.compile("[A-Za-z0-9_.~$&+,/:;=@!'()*\\[\\]-]*");

    private static final String SCHEME = "file://";
    private static final String UNESCAPED =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~$&+,/:;=@";

    private TerragruntCache() {}

    /**
     * The folder for a unit whose module is a folder of this machine.
     *
     * @param cache the cache's folder
     * @param unit the unit's folder, absolute, as Terragrunt reaches it: links are not resolved
     * @param source {@code terraform.source}
     * @return null for any other kind of source
     */
    public static @Nullable Path workingFolder(Path cache, Path unit, String source) {
        String plain = source.startsWith(SCHEME + "/") ? source.substring(SCHEME.length()) : source;
        if (!FOLDER_OF_THIS_MACHINE.matcher(plain).matches()) {
            return null;
        }
        int split = plain.indexOf("//");
        String below =
                split < 0 ? "" : plain.substring(split).replaceAll("/+", "/").substring(1);
        try {
            String root = (Files.isSymbolicLink(unit) ? unit.toRealPath() : unit)
                    .resolve(split < 0 ? plain : plain.substring(0, split))
                    .normalize()
                    .toString();
            if (NO_PATH.matcher(root + below).find()) {
                return null;
            }
            // A path that is joined again is also encoded again.
            String url = SCHEME + (split < 0 && KEPT.matcher(root).matches() ? root : escaped(root));
            Path folder = cache.resolve(hash(unit.toString())).resolve(hash(url));
            Path found = folder.resolve(below).normalize();
            return found.startsWith(folder) ? found : null;
        } catch (InvalidPathException | IOException e) {
            return null;
        }
    }

    /** The unit in whose cache a folder is; the folder itself if it is in none. */
    public static Path unitFolder(Path folder) {
        Path unit = folder.isAbsolute() ? folder.getRoot() : Path.of("");
        for (Path part : folder) {
            if (part.toString().equals(FOLDER)) {
                return unit;
            }
            unit = unit.resolve(part);
        }
        return folder;
    }

    /**
     * The folder of a unit's module.
     *
     * @param unit the unit's folder, absolute
     * @param source {@code terraform.source}
     * @return null if the source is not a folder of this machine
     */
    public static @Nullable Path moduleFolder(Path unit, String source) {
        String plain = source.startsWith(SCHEME + "/") ? source.substring(SCHEME.length()) : source;
        return FOLDER_OF_THIS_MACHINE.matcher(plain).matches()
                        && !NO_PATH.matcher(plain).find()
                ? unit.resolve(plain).normalize()
                : null;
    }

    /** Encodes it as the path of a URL. */
    private static String escaped(String path) {
        StringBuilder out = new StringBuilder();
        for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
            if (UNESCAPED.indexOf(each) >= 0) {
                out.append((char) each);
            } else {
                out.append("%%%02X".formatted(each));
            }
        }
        return out.toString();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
