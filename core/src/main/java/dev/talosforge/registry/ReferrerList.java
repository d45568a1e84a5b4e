package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpCall;
import dev.talosforge.oci.Descriptor;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.oci.MediaType;
import dev.talosforge.oci.Referrers;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the manifests on one server that describe another one, page by page. Distribution specification 1.1, "Listing
 * Referrers".
 */
final class ReferrerList {
    private static final String STRUCTURE = "list of referrers";
    private static final int MAX_PAGES = 100;
    private static final int MAX_REFERRERS = 10_000;

    private final Wire wire;
    private final Line line;
    private final ImageReference repository;
    private final String what;
    private final Sha256 subject;

    ReferrerList(Wire wire, Line line, ImageReference repository, String what, Sha256 subject) {
        this.wire = wire;
        this.line = line;
        this.repository = repository;
        this.what = what;
        this.subject = subject;
    }

    ReferrerTag tag() {
        return new ReferrerTag(wire, line, repository, what, subject);
    }

    /** Those of one type, by the server's API, otherwise as they are under the tag. */
    List<Descriptor> of(String artifactType) throws IOException, InterruptedException {
        List<Descriptor> listed = byApi(artifactType);
        return (listed == null ? tag().read().descriptors() : listed)
                .stream().filter(one -> artifactType.equals(one.artifactType())).toList();
    }

    /** Those of one type, and others if the server does not filter; null if it has no such API. */
    @Nullable
    List<Descriptor> byApi(String artifactType) throws IOException, InterruptedException {
        SequencedMap<Sha256, Descriptor> all = new LinkedHashMap<>();
        Set<URI> seen = new HashSet<>();
        URI page = line.endpoint()
                .uri(
                        repository.repository(),
                        "referrers/%s?artifactType=%s"
                                .formatted(subject, URLEncoder.encode(artifactType, StandardCharsets.UTF_8)));
        while (page != null) {
            if (seen.size() == MAX_PAGES || all.size() > MAX_REFERRERS) {
                throw new FormatException(
                        STRUCTURE, 0, "more than %d pages or %d manifests".formatted(MAX_PAGES, MAX_REFERRERS));
            }
            if (!seen.add(page)) {
                throw new FormatException(STRUCTURE, 0, "its pages form a loop");
            }
            HttpAnswer answer = wire.ask(line, HttpCall.get(page).with("Accept", MediaType.OCI_INDEX));
            if (seen.size() == 1 && isUnknown(answer)) {
                return null;
            }
            if (!answer.succeeded()) {
                throw wire.refused(what, repository, line, answer);
            }
            Referrers.parse(answer.body()).descriptors().forEach(one -> all.putIfAbsent(one.digest(), one));
            page = NextPage.of(line, answer);
        }
        return List.copyOf(all.values());
    }

    /** Servers without the API answer with one of these, or with a success that is something else. */
    private static boolean isUnknown(HttpAnswer answer) {
        String type = answer.header("Content-Type");
        boolean index = type != null && type.strip().startsWith(MediaType.OCI_INDEX);
        return switch (answer.status()) {
            case 400, 404, 405, 406, 410, 501 -> true;
            default -> (answer.succeeded() && !index) || (answer.status() >= 300 && answer.status() < 400);
        };
    }
}
