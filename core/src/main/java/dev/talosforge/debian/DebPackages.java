package dev.talosforge.debian;

import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The packages of resolved requests.
 *
 * @param byRequest files by the request's name
 */
public record DebPackages(SequencedMap<String, List<DebFile>> byRequest) {
    public DebPackages {
        SequencedMap<String, List<DebFile>> copy = new TreeMap<>();
        byRequest.forEach((name, files) -> copy.put(name, List.copyOf(files)));
        byRequest = Collections.unmodifiableSequencedMap(copy);
    }

    /** The files of one request, which must have been resolved. */
    public List<DebFile> of(String request) {
        List<DebFile> files = byRequest.get(request);
        if (files == null) {
            throw new IllegalArgumentException("not a resolved request: " + request);
        }
        return files;
    }
}
