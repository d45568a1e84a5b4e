package dev.talosforge.registry;

import dev.talosforge.net.HttpAnswer;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page after an answer, as its {@code Link} names it (RFC 8288). */
final class NextPage {
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^<]*?\\brel\\s*=\\s*\"?next\\b");

    private NextPage() {}

    /** Whether there is one, even if its address is unusable. */
    static boolean isAnnounced(HttpAnswer answer) {
        return target(answer) != null;
    }

    /** Its address, on the same server, whatever host the link names; null without one. */
    static @Nullable URI of(Line line, HttpAnswer answer) {
        String link = target(answer);
        if (link == null) {
            return null;
        }
        try {
            URI target = answer.uri().resolve(link);
            String query = target.getRawQuery();
            return line.endpoint().base().resolve(target.getRawPath() + (query == null ? "" : "?" + query));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String target(HttpAnswer answer) {
        for (String link : answer.headers("Link")) {
            Matcher matcher = NEXT.matcher(link);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return null;
    }
}
