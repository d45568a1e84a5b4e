package dev.talosforge.registry;

import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server's challenge in WWW-Authenticate (RFC 9110, 11.6.1).
 *
 * @param scheme lower case: {@code bearer}, {@code basic}
 */
record Challenge(String scheme, SequencedMap<String, String> parameters) {
    private static final int MAX_LENGTH = 8192;
    private static final Pattern SCHEME = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9-]*)(?:\\s+|$)");
    private static final Pattern PARAMETER =
            Pattern.compile("\\G\\s*,?\\s*([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+))");

    /** The first challenge that we can answer, bearer before basic; null if there is none. */
    static @Nullable Challenge best(List<String> headers) {
        Challenge basic = null;
        for (String header : headers) {
            Challenge challenge = parse(header);
            if (challenge != null && challenge.scheme.equals("bearer")) {
                return challenge;
            }
            if (challenge != null && challenge.scheme.equals("basic")) {
                basic = challenge;
            }
        }
        return basic;
    }

    static @Nullable Challenge parse(String header) {
        Matcher scheme = SCHEME.matcher(header);
        if (header.length() > MAX_LENGTH || !scheme.lookingAt()) {
            return null;
        }
        SequencedMap<String, String> parameters = new TreeMap<>();
        Matcher parameter = PARAMETER.matcher(header);
        parameter.region(scheme.end(), header.length());
        while (parameter.find()) {
            String quoted = parameter.group(2);
            parameters.putIfAbsent(
                    parameter.group(1).toLowerCase(Locale.ROOT),
                    quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
        }
        return new Challenge(scheme.group(1).toLowerCase(Locale.ROOT), parameters);
    }
}
