package dev.talosforge.lab.pve;

import dev.talosforge.json.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who is asking, and what they may do. Safe for use by several threads. */
final class PveAccess {
    private static final int MAX_TICKETS = 1000;
    private static final long TICKET_SECONDS = 7200;

    private static final Set<String> ALL = Set.of(
            "Datastore.Allocate",
            "Datastore.AllocateSpace",
            "Datastore.AllocateTemplate",
            "Datastore.Audit",
            "Sys.AccessNetwork",
            "Sys.Audit",
            "Sys.Modify",
            "VM.Audit");

    private final PveWorld world;
    private final InstantSource clock;
    private final PveFaults faults;
    private final Random random;
    private final SequencedMap<String, Ticket> tickets = new LinkedHashMap<>();

    private int logins;

    private record Ticket(String user, String csrf, long issued) {}

    /**
     * An authenticated caller.
     *
     * @param token null for a ticket
     */
    record Caller(String user, PveWorld.@Nullable Token token) {
        /** As in task ids: {@code iso@pve!ci}. */
        String id() {
            return token == null ? user : token.id();
        }

        /** A token sees its own tasks; a user also those of its tokens. */
        boolean owns(String owner) {
            return owner.equals(id()) || (token == null && owner.startsWith(user + "!"));
        }
    }

    /**
     * The result of checking the credentials.
     *
     * @param refusal the 401; null if there is a caller
     */
    record Identity(@Nullable Caller caller, @Nullable PveMessage refusal) {}

    PveAccess(PveWorld world, InstantSource clock, Random random, PveFaults faults) {
        this.world = world;
        this.faults = faults;
        this.clock = clock;
        this.random = random;
    }

    /** @param csrf whether a ticket needs its prevention token for this request */
    Identity identify(PveRequest request, boolean csrf) {
        String authorization = request.headers().get("authorization");
        if (authorization != null && authorization.matches("PVEAPIToken[= ].*")) {
            return token(PveRequest.decoded(
                    authorization.substring("PVEAPIToken".length() + 1).replace("+", "%2B")));
        }
        String cookies = request.headers().getOrDefault("cookie", "");
        for (String cookie : cookies.split(";", -1)) {
            String pair = cookie.strip();
            if (pair.startsWith("PVEAuthCookie=")) {
                String value = pair.substring("PVEAuthCookie=".length()).replace("+", "%2B");
                return ticket(
                        PveRequest.decoded(value), csrf ? request.headers().get("csrfpreventiontoken") : null, csrf);
            }
        }
        return new Identity(null, PveMessage.NO_TICKET);
    }

    /** Whether a valid token is given; faults do not affect this. */
    boolean isToken(PveRequest request) {
        String authorization = request.headers().getOrDefault("authorization", "");
        return world.tokens().stream()
                .anyMatch(token ->
                        !token.expired() && authorization.equals("PVEAPIToken=" + token.id() + "=" + token.secret()));
    }

    private Identity token(String credentials) {
        if (faults.strikes(PveFault.TOKEN_GONE)) {
            return new Identity(null, PveMessage.AUTHENTICATION_FAILED);
        }
        for (PveWorld.Token token : world.tokens()) {
            if (credentials.equals(token.id() + "=" + token.secret()) && !token.expired() && enabled(token.user())) {
                return new Identity(new Caller(token.user(), token), null);
            }
        }
        return new Identity(null, PveMessage.AUTHENTICATION_FAILED);
    }

    private synchronized Identity ticket(String value, @Nullable String csrf, boolean csrfNeeded) {
        if (faults.strikes(PveFault.TICKET_EXPIRED)) {
            tickets.remove(value);
        }
        Ticket ticket = tickets.get(value);
        if (ticket == null || !enabled(ticket.user) || seconds() - ticket.issued > TICKET_SECONDS) {
            return new Identity(null, PveMessage.AUTHENTICATION_FAILED);
        }
        if (csrfNeeded && !ticket.csrf.equals(csrf)) {
            return new Identity(null, PveMessage.INVALID_CSRF);
        }
        return new Identity(new Caller(ticket.user, null), null);
    }

    private boolean enabled(String user) {
        return world.users().stream().anyMatch(u -> u.id().equals(user) && u.enabled());
    }

    private long seconds() {
        return clock.instant().getEpochSecond();
    }

    /** How many tickets were requested. */
    synchronized int logins() {
        return logins;
    }

    /** The answer to {@code POST /access/ticket}. A valid ticket is as good as the password. */
    synchronized PveAnswer login(Map<String, String> form) {
        logins++;
        String name = form.getOrDefault("username", "");
        String user = form.containsKey("realm") && !name.contains("@") ? name + "@" + form.get("realm") : name;
        String password = form.getOrDefault("password", "");
        boolean renewed = tickets.containsKey(password) && user.equals(ticketUser(password));
        boolean known = world.users().stream()
                .anyMatch(u -> u.id().equals(user) && u.enabled() && password.equals(u.password()));
        if (!known && !renewed) {
            return PveAnswer.of(PveMessage.LOGIN_FAILED).afterDelay();
        }
        if (faults.strikes(PveFault.SECOND_FACTOR)) {
            return PveAnswer.data(PveShape.CHALLENGE.of(Json.object()
                    .put("ticket", "PVE:!tfa!%7B%7D:6B0383BF::" + noise(192))
                    .put("CSRFPreventionToken", noise(32))
                    .put("NeedTFA", 1)
                    .put("username", user)));
        }
        String stamp = String.format(Locale.ROOT, "%08X", seconds());
        String value = "PVE:%s:%s::%s".formatted(user, stamp, noise(192));
        String csrf = stamp + ":" + noise(32);
        if (tickets.size() >= MAX_TICKETS) {
            tickets.pollFirstEntry();
        }
        tickets.put(value, new Ticket(user, csrf, seconds()));
        return PveAnswer.data(PveShape.TICKET.of(Json.object()
                .put("ticket", value)
                .put("CSRFPreventionToken", csrf)
                .put("username", user)
                .put("clustername", "stand-in")
                .put("cap", Json.object().build())));
    }

    private @Nullable String ticketUser(String value) {
        Ticket ticket = tickets.get(value);
        return ticket == null ? null : ticket.user;
    }

    private String noise(int bytes) {
        byte[] raw = new byte[bytes];
        random.nextBytes(raw);
        return Base64.getEncoder().encodeToString(raw);
    }

    /**
     * Effective privileges at a path, and whether each also holds below it: the user's, and for a privilege-separated
     * token only those it has as well. Combined as in {@code PVE::RPCEnvironment::permissions} of 9.1.1.
     */
    SortedMap<String, Boolean> privileges(Caller caller, String path) {
        SortedMap<String, Boolean> privileges = new TreeMap<>();
        if (caller.user.equals(PveWorld.ROOT) && (caller.token == null || !caller.token.privsep())) {
            ALL.forEach(privilege -> privileges.put(privilege, true));
            return privileges;
        }
        privileges.putAll(granted(caller.user, path));
        PveWorld.Token token = caller.token;
        if (token != null && token.privsep()) {
            Map<String, Boolean> own = granted(token.id(), path);
            privileges.keySet().retainAll(own.keySet());
            privileges.replaceAll((privilege, below) -> below && own.getOrDefault(privilege, false));
        }
        return privileges;
    }

    boolean any(Caller caller, String path, String... wanted) {
        Set<String> privileges = privileges(caller, path).keySet();
        return List.of(wanted).stream().anyMatch(privileges::contains);
    }

    /** The entries at the path itself, else those of the nearest one above it that hold below. */
    private SortedMap<String, Boolean> granted(String who, String path) {
        List<String> paths = new ArrayList<>();
        for (String at = path; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
            paths.add(at);
        }
        paths.add("/");
        for (String at : paths) {
            SortedMap<String, Boolean> here = new TreeMap<>();
            boolean found = false;
            boolean none = false;
            for (PveWorld.Acl acl : world.acls()) {
                if (acl.path().equals(at) && acl.who().equals(who) && (acl.propagate() || at.equals(path))) {
                    acl.privileges().forEach(privilege -> here.merge(privilege, acl.propagate(), Boolean::logicalOr));
                    found = true;
                    none |= acl.privileges().isEmpty();
                }
            }
            if (found) {
                return none ? new TreeMap<>() : here;
            }
        }
        return new TreeMap<>();
    }
}
