package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonArray;
import dev.talosforge.json.Json.JsonBool;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.net.Hosts;
import dev.talosforge.net.TlsSettings;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The servers for each registry, or for a part of it such as {@code ghcr.io/siderolabs}, in the order in which they are
 * tried. The longest matching name decides. A listed registry is reached only through its list: to fall back to the
 * registry itself, list it last. An unlisted one is reached by https under its own name, on loopback by http.
 */
public record RegistrySettings(SequencedMap<String, List<Endpoint>> registries) {
    private static final String STRUCTURE = "registry settings";
    private static final String HUB = "docker.io";
    private static final List<String> MEMBERS = List.of("url", "path", "pull", "push", "ca", "insecure");

    public RegistrySettings {
        SequencedMap<String, List<Endpoint>> copy = new TreeMap<>();
        registries.forEach((name, endpoints) -> copy.put(name, List.copyOf(endpoints)));
        registries = Collections.unmodifiableSequencedMap(copy);
    }

    public static RegistrySettings none() {
        return new RegistrySettings(new TreeMap<>());
    }

    /**
     * Reads
     * {@code {"ghcr.io": [{"url": "https://mirror.lan", "path": "mirror", "pull": true, "push": true, "ca": "/etc/ssl/mirror.pem", "insecure": false}]}};
     * only {@code url} is required. Mistakes are invalid input.
     */
    public static RegistrySettings parse(byte[] utf8) {
        try {
            return read(utf8);
        } catch (FormatException e) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use TALOS_FORGE_REGISTRIES")
                            .because(RegistryErrors.words(e)),
                    e);
        }
    }

    private static RegistrySettings read(byte[] utf8) throws FormatException {
        SequencedMap<String, List<Endpoint>> registries = new TreeMap<>();
        for (Map.Entry<String, Json> member :
                JsonReader.readObject(STRUCTURE, utf8).members().entrySet()) {
            String name = member.getKey();
            if (!(member.getValue() instanceof JsonArray(List<Json> items)) || items.isEmpty()) {
                throw broken(name, "is not a list of endpoints");
            }
            List<Endpoint> endpoints = new ArrayList<>();
            for (Json item : items) {
                if (!(item instanceof JsonObject object)) {
                    throw broken(name, "has an endpoint that is not an object");
                }
                endpoints.add(endpoint(name, object));
            }
            registries.put(name, endpoints);
        }
        return new RegistrySettings(registries);
    }

    private static Endpoint endpoint(String registry, JsonObject object) throws FormatException {
        for (String name : object.members().keySet()) {
            if (!MEMBERS.contains(name)) {
                throw broken(
                        registry,
                        "has an endpoint with \"%s\"; valid members: %s".formatted(name, String.join(", ", MEMBERS)));
            }
        }
        String url = object.text("url");
        if (url == null) {
            throw broken(registry, "has an endpoint without \"url\"");
        }
        String path = object.text("path");
        String trimmed = path == null ? "" : path.replaceAll("^/+|/+$", "");
        try {
            return new Endpoint(
                    URI.create(url),
                    trimmed,
                    flag(registry, object, "pull", true),
                    flag(registry, object, "push", true),
                    registry.substring(
                            Math.min(registry.length(), registry(registry).length() + 1)),
                    trust(registry, object));
        } catch (IllegalArgumentException e) {
            throw broken(registry, "has an endpoint that cannot be used: " + e.getMessage());
        }
    }

    private static @Nullable TlsSettings trust(String registry, JsonObject object) throws FormatException {
        boolean insecure = flag(registry, object, "insecure", false);
        String authorities = object.text("ca");
        if (insecure && authorities != null) {
            throw broken(registry, "has an endpoint with both \"ca\" and \"insecure\": remove one of them");
        }
        return insecure
                ? TlsSettings.trustingEverybody()
                : authorities == null ? null : TlsSettings.trusting(Path.of(authorities));
    }

    private static String registry(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash);
    }

    private static boolean flag(String registry, JsonObject object, String name, boolean missing)
            throws FormatException {
        return switch (object.get(name)) {
            case null -> missing;
            case JsonBool(boolean value) -> value;
            default -> throw broken(registry, "has an endpoint whose \"%s\" is neither true nor false".formatted(name));
        };
    }

    private static FormatException broken(String registry, String what) {
        return new FormatException(STRUCTURE, 0, registry + " " + what);
    }

    /** The servers for an image; empty if all listed ones are ruled out. */
    List<Endpoint> endpoints(ImageReference reference, boolean push) {
        List<Endpoint> all = null;
        for (String name = reference.name(); all == null && name.contains("/"); ) {
            name = name.substring(0, name.lastIndexOf('/'));
            all = registries.get(name);
        }
        if (all == null) {
            all = List.of(direct(reference.registry()));
        }
        return all.stream().filter(e -> push ? e.push() : e.pull()).toList();
    }

    private static Endpoint direct(String registry) {
        String host = registry.equals(HUB) ? "registry-1.docker.io" : registry;
        URI https = URI.create("https://" + host);
        boolean local = https.getHost() != null && Hosts.isLoopback(https.getHost());
        return new Endpoint(local ? URI.create("http://" + host) : https, "", true, true);
    }
}
