package dev.talosforge.registry;

import dev.talosforge.net.Hosts;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.Redaction;
import java.io.IOException;
import java.net.URI;

/** Where an upload continues. */
final class UploadLocation {
    private UploadLocation() {}

    /** A server behind a TLS proxy may call itself http: this is corrected, never followed. */
    static URI of(HttpAnswer answer, Endpoint endpoint) throws IOException {
        String header = answer.header("Location");
        if (header == null) {
            throw new IOException("%s: an upload without a Location".formatted(answer));
        }
        URI base = endpoint.base();
        URI location;
        try {
            location = answer.uri().resolve(header);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: a Location that is not an address".formatted(answer), e);
        }
        if (location.getHost() == null) {
            throw new IOException("%s: a Location that is not an address".formatted(answer));
        }
        if ("https".equals(base.getScheme()) && "http".equals(location.getScheme())) {
            if (!location.getHost().equals(base.getHost())) {
                throw new IOException("the upload would go to an address without TLS: " + Redaction.of(location));
            }
            String rest = location.toString().substring(location.toString().indexOf('/', "http://".length()));
            return URI.create(base.getScheme() + "://" + base.getRawAuthority() + rest);
        }
        if (!"https".equals(location.getScheme()) && !Hosts.sameOrigin(base, location)) {
            throw new IOException("the upload would go to another address without TLS: " + Redaction.of(location));
        }
        return location;
    }
}
