package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.JsonReader;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.oci.ImageReference;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists a repository's tags on one server, page by page. The next page comes from the answer's {@code Link} (RFC 8288),
 * otherwise from its last tag. Distribution specification 1.1, "Listing Tags".
 */
final class TagList {
    private static final String STRUCTURE = "list of tags";
    private static final int PAGE = 1000;
    private static final int MAX_PAGES = 1000;
    private static final int MAX_TAGS = 1_000_000;

    private final Wire wire;
    private final Line line;
    private final ImageReference reference;
    private final String what;

    TagList(Wire wire, Line line, ImageReference reference, String what) {
        this.wire = wire;
        this.line = line;
        this.reference = reference;
        this.what = what;
    }

    /** In the registry's order, each once. */
    List<String> all() throws IOException, InterruptedException {
        SequencedSet<String> tags = new LinkedHashSet<>();
        Set<URI> seen = new HashSet<>();
        URI page = uri("");
        for (int pages = 0; page != null; pages++) {
            if (pages == MAX_PAGES || tags.size() > MAX_TAGS) {
                throw new FormatException(STRUCTURE, 0, "more than %d pages or %d tags".formatted(MAX_PAGES, MAX_TAGS));
            }
            if (!seen.add(page)) {
                throw new FormatException(STRUCTURE, 0, "its pages form a loop");
            }
            HttpAnswer answer = wire.ask(line, HttpCall.get(page));
            if (!answer.succeeded()) {
                throw wire.refused(what, reference, line, answer);
            }
            if (RegistryErrors.isWebPage(answer)) {
                throw RegistryErrors.webPage(what, answer);
            }
            List<String> found =
                    Json.texts(JsonReader.readObject(STRUCTURE, answer.body()).items("tags"));
            tags.addAll(found);
            page = next(answer, found);
        }
        return List.copyOf(tags);
    }

    /** The next page; null after the last one. */
    private @Nullable URI next(HttpAnswer answer, List<String> found) {
        URI next = NextPage.of(line, answer);
        return next == null && NextPage.isAnnounced(answer) && !found.isEmpty()
                ? uri("&last=" + URLEncoder.encode(found.getLast(), StandardCharsets.UTF_8))
                : next;
    }

    private URI uri(String rest) {
        return line.endpoint().uri(reference.repository(), "tags/list?n=" + PAGE + rest);
    }
}
