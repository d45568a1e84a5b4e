package dev.talosforge.net;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Removes secrets from shown text. Query values are hidden unless their name is known to be harmless: signed download
 * addresses carry credentials under names that no list can cover.
 */
public final class Redaction {
    private static final String HIDDEN = "***";
    private static final List<String> HARMLESS =
            List.of("digest", "mount", "from", "n", "last", "scope", "service", "artifacttype", "content", "type");
    private static final Pattern USER_INFO = Pattern.compile("(?i)\\b([a-z][a-z0-9+.-]*://)[^/@\\s]+@");
    private static final Pattern AUTHORIZATION =
            Pattern.compile("(?i)\\b(Bearer(?!:)|Basic(?!:)|PVEAPIToken=?|token=|password=)\\s*[^\\s,;\"&]+");

    private Redaction() {}

    /** Without user info and without the values of unknown query parameters. */
    public static URI of(URI uri) {
        String query = uri.getRawQuery();
        if (uri.getRawUserInfo() == null && query == null && uri.getRawFragment() == null) {
            return uri;
        }
        try {
            String authority = uri.getRawAuthority();
            StringBuilder text = new StringBuilder();
            if (uri.getScheme() != null) {
                text.append(uri.getScheme()).append(':');
            }
            if (authority != null) {
                text.append("//").append(authority.substring(authority.lastIndexOf('@') + 1));
            }
            text.append(uri.getRawPath() == null ? "" : uri.getRawPath());
            if (query != null) {
                text.append('?').append(query(query));
            }
            return new URI(text.toString());
        } catch (URISyntaxException e) {
            return URI.create("about:hidden");
        }
    }

    /** Free text from another party, such as a message that repeats our own request. */
    public static String text(String text) {
        String clean = USER_INFO.matcher(text).replaceAll("$1");
        return AUTHORIZATION.matcher(clean).replaceAll("$1 " + HIDDEN);
    }

    private static String query(String raw) {
        return Arrays.stream(raw.split("&", -1))
                .map(part -> {
                    int equals = part.indexOf('=');
                    if (equals < 0) {
                        return HIDDEN;
                    }
                    String name = part.substring(0, equals);
                    return HARMLESS.contains(name.toLowerCase(java.util.Locale.ROOT)) ? part : name + "=" + HIDDEN;
                })
                .collect(Collectors.joining("&"));
    }
}
