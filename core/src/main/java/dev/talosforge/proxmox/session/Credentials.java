package dev.talosforge.proxmox.session;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The headers that identify us. A ticket is requested when it is first needed and renewed before it expires. */
final class Credentials {
    static final String TICKET = "/access/ticket";

    private final ProxmoxLogin login;
    private final ProxmoxErrors errors;
    private final long lifetime;
    private final Exchange exchange;
    private final SequencedMap<String, String> current = new LinkedHashMap<>();
    private URI at;
    private String ticket = "";
    private long since;

    /** Asks an endpoint for a ticket. */
    interface Exchange {
        JsonObject logIn(URI at, String what, byte[] form) throws IOException;
    }

    /** Tickets come from the first endpoint until another one is {@linkplain #enter entered}. */
    Credentials(ProxmoxSettings settings, ProxmoxErrors errors, Exchange exchange) {
        this.login = settings.login();
        this.errors = errors;
        this.lifetime = settings.timing().ticket().toNanos();
        this.exchange = exchange;
        this.at = settings.endpoints().getFirst();
    }

    /** With a password, the ticket comes first: without it every other request is rejected after three seconds. */
    synchronized void enter(URI endpoint) throws IOException {
        at = endpoint;
        if (login instanceof ProxmoxLogin.Password password) {
            buy(password, password.secret());
        }
    }

    /** A fresh copy. */
    synchronized SequencedMap<String, String> headers() {
        switch (login) {
            case ProxmoxLogin.Token token ->
                current.put("Authorization", "PVEAPIToken=" + token.id() + "=" + token.secret());
            case ProxmoxLogin.Password password -> {
                if (ticket.isEmpty()) {
                    logIn(password, password.secret());
                } else if (System.nanoTime() - since > lifetime) {
                    logIn(password, ticket); // a ticket that is still valid is as good as the password
                }
            }
        }
        return new LinkedHashMap<>(current);
    }

    /** After a 401: whether to try again with another ticket. */
    synchronized boolean renew() {
        if (ticket.isEmpty() || !(login instanceof ProxmoxLogin.Password password)) {
            return false;
        }
        logIn(password, password.secret());
        return true;
    }

    private void logIn(ProxmoxLogin.Password password, String secret) {
        try {
            buy(password, secret);
        } catch (IOException e) {
            throw errors.connection(what(password), "POST", PvePath.address(at, TICKET), e);
        }
    }

    private static String what(ProxmoxLogin.Password password) {
        return "cannot log in to Proxmox as " + password.user();
    }

    private void buy(ProxmoxLogin.Password password, String secret) throws IOException {
        String what = what(password);
        byte[] form = "username=%s&password=%s"
                .formatted(PvePath.encoded(password.user()), PvePath.encoded(secret))
                .getBytes(StandardCharsets.US_ASCII);
        JsonObject data = exchange.logIn(at, what, form);
        String given = data.text("ticket");
        String csrf = data.text("CSRFPreventionToken");
        if (given == null || csrf == null || data.get("NeedTFA") != null || given.startsWith("PVE:!tfa!")) {
            throw errors.problem(
                    Problem.Kind.NOT_SUPPORTED,
                    what,
                    null,
                    "the server asks for a second factor",
                    "use an API token: pveum user token add '%s' forge".formatted(password.user()));
        }
        ticket = given;
        since = System.nanoTime();
        current.put("Cookie", "PVEAuthCookie=" + PvePath.encoded(given));
        current.put("CSRFPreventionToken", csrf);
    }
}
