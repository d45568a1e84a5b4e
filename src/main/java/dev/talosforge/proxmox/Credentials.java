package dev.talosforge.proxmox;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The headers that say who asks. A ticket is got when it is first needed and renewed before it ends. */
final class Credentials {
    private final ProxmoxLogin login;
    private final Failure failure;
    private final long lifetime;
    private final Exchange exchange;
    private final SequencedMap<String, String> current = new LinkedHashMap<>();
    private String ticket = "";
    private long since;

    /** Asks the server for a ticket. */
    interface Exchange {
        JsonObject logIn(String what, byte[] form);
    }

    Credentials(ProxmoxLogin login, Failure failure, ProxmoxSettings.Timing timing, Exchange exchange) {
        this.login = login;
        this.failure = failure;
        this.lifetime = timing.ticket().toNanos();
        this.exchange = exchange;
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
                    logIn(password, ticket); // a ticket that is still good is as good as the password
                }
            }
        }
        return new LinkedHashMap<>(current);
    }

    /** After a 401: whether it is worth asking again, with another ticket. */
    synchronized boolean renew() {
        if (ticket.isEmpty() || !(login instanceof ProxmoxLogin.Password password)) {
            return false;
        }
        logIn(password, password.secret());
        return true;
    }

    private void logIn(ProxmoxLogin.Password password, String secret) {
        String what = "cannot log in to Proxmox as " + password.user();
        byte[] form = "username=%s&password=%s"
                .formatted(ProxmoxSession.encoded(password.user()), ProxmoxSession.encoded(secret))
                .getBytes(StandardCharsets.US_ASCII);
        JsonObject data = exchange.logIn(what, form);
        String given = data.text("ticket");
        String csrf = data.text("CSRFPreventionToken");
        if (given == null || csrf == null || data.get("NeedTFA") != null || given.startsWith("PVE:!tfa!")) {
            throw failure.problem(
                    Problem.Kind.NOT_SUPPORTED,
                    what,
                    null,
                    "the server asks for a second factor",
                    "use an API token: pveum user token add '%s' forge".formatted(password.user()));
        }
        ticket = given;
        since = System.nanoTime();
        current.put("Cookie", "PVEAuthCookie=" + ProxmoxSession.encoded(given));
        current.put("CSRFPreventionToken", csrf);
    }
}
