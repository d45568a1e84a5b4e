package dev.talosforge.lab.pve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request.
 *
 * @param path percent-encoded, without the query
 * @param headers by lower-case name, the last one of repeated names
 */
record PveRequest(
        String method, String path, SequencedMap<String, String> query, SequencedMap<String, String> headers) {
    /** Null if it is not an HTTP request. */
    static @Nullable PveRequest parse(List<String> lines) {
        String[] first = lines.getFirst().split(" ", -1);
        if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
            return null;
        }
        SequencedMap<String, String> headers = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                return null;
            }
            headers.put(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int mark = first[1].indexOf('?');
        String path = mark < 0 ? first[1] : first[1].substring(0, mark);
        return new PveRequest(first[0], path, form(mark < 0 ? "" : first[1].substring(mark + 1)), headers);
    }

    /** Parameters as in a query or a form; a repeated name keeps its last value. */
    static SequencedMap<String, String> form(String text) {
        SequencedMap<String, String> values = new TreeMap<>();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                values.put(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** In bytes; -1 without the header, and if it is not a number. */
    long contentLength() {
        String text = headers.get("content-length");
        return text != null && text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -1;
    }

    /** Decoded segments below {@code /api2/json}; null if the path is elsewhere. */
    @Nullable
    List<String> segments() {
        String prefix = "/api2/json/";
        if (!path.startsWith(prefix)) {
            return null;
        }
        List<String> segments = new ArrayList<>();
        for (String part : path.substring(prefix.length()).split("/", -1)) {
            if (!part.isEmpty()) {
                segments.add(decoded(part.replace("+", "%2B")));
            }
        }
        return segments;
    }
}
