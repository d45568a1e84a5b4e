package dev.talosforge.registry;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys under which an image's login may be stored. Podman, skopeo and buildah use the longest match of
 * {@code host/namespace/repository}, {@code host/namespace}, {@code host} (containers-auth.json(5)); Docker uses hosts
 * only, some of them as URLs: {@code https://index.docker.io/v1/}.
 */
final class AuthNames {
    /** Docker's own name for its Hub. */
    static final String HUB_KEY = "https://index.docker.io/v1/";

    private static final List<String> HUB = List.of("docker.io", "index.docker.io", "registry-1.docker.io");
    private static final Pattern KEY =
            Pattern.compile("(?is)(?<scheme>https?://)?(?<rest>.*?)(?<door>/v[12](?=/|$))?(?<slashes>/*)");

    private final List<String> hosts;
    private final String rest;

    private AuthNames(List<String> hosts, String rest) {
        this.hosts = hosts;
        this.rest = rest;
    }

    /** @param name a host, with or without a repository after it */
    static AuthNames of(String name) {
        int slash = name.indexOf('/');
        String host = slash < 0 ? name : name.substring(0, slash);
        return new AuthNames(HUB.contains(host) ? HUB : List.of(host), slash < 0 ? "" : name.substring(slash));
    }

    /** The registry's name, for people. */
    String host() {
        return hosts.getFirst();
    }

    /** The key to ask a credential helper for: helpers know hosts only. */
    String helperKey() {
        return hosts.equals(HUB) ? HUB_KEY : host();
    }

    /** Whether a key, such as one in {@code credHelpers}, names the registry as a whole. */
    boolean isHost(String key) {
        return hosts.contains(key) || hosts.contains(bare(key));
    }

    /** The keys that match, best first. */
    SequencedSet<String> best(Iterable<String> keys) {
        SequencedSet<String> best = new LinkedHashSet<>();
        for (String name : names()) {
            for (String key : keys) {
                if (key.equals(name)) {
                    best.add(key);
                }
            }
            for (String key : keys) {
                if (bare(key).equals(name)) {
                    best.add(key);
                }
            }
        }
        for (String key : keys) { // a URL counts for its host, whatever path follows
            Matcher address = matcher(key);
            if (address.group("scheme") != null
                    && hosts.contains(address.group("rest").replaceFirst("/.*", ""))) {
                best.add(key);
            }
        }
        return best;
    }

    /** Longest first. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (String path = rest; ; path = path.substring(0, path.lastIndexOf('/'))) {
            for (String host : hosts) {
                names.add(host + path);
            }
            if (path.isEmpty()) {
                return names;
            }
        }
    }

    /** The key without the parts of a URL. {@code host/v2} without a scheme is a namespace. */
    private static String bare(String key) {
        Matcher parts = matcher(key);
        boolean address =
                parts.group("scheme") != null || !parts.group("slashes").isEmpty();
        String door = parts.group("door");
        return parts.group("rest") + (address || door == null ? "" : door);
    }

    private static Matcher matcher(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            throw new IllegalStateException("every text is a key: " + key);
        }
        return matcher;
    }
}
