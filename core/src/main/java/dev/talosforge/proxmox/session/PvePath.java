package dev.talosforge.proxmox.session;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an API address refers to. */
public final class PvePath {
    /** The node that answers, whichever it is. Permissions on that node do not apply to this name. */
    public static final String LOCALHOST = "localhost";

    private static final Pattern NODE = Pattern.compile("/api2/json/nodes/([^/]+)(?:/.*)?");

    private PvePath() {}

    /** The node whose state or storage it is; null for the cluster's own. */
    static @Nullable String node(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        Matcher node = NODE.matcher(path.substring(Math.max(0, path.indexOf("/api2/json/"))));
        return node.matches() ? URLDecoder.decode(node.group(1), StandardCharsets.UTF_8) : null;
    }

    static URI address(URI at, String path) {
        return at.resolve(target(at, path));
    }

    static String target(URI at, String path) {
        String prefix = at.getRawPath() == null ? "" : at.getRawPath().replaceAll("/+$", "");
        return (prefix.endsWith("/api2/json") ? prefix : prefix + "/api2/json") + path;
    }

    /** For one path segment or form value. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
