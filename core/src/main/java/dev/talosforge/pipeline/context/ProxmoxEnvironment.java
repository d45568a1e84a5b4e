package dev.talosforge.pipeline.context;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.wire.ProxmoxLogin;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import dev.talosforge.proxmox.wire.ProxmoxTls;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Proxmox client from the variables that the field's tools use. */
public final class ProxmoxEnvironment {
    private static final int PORT = 8006;
    private static final Pattern ADDRESS = Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<rest>.*)");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+(?::[0-9]{1,5})?");

    /** As Terraform's providers and shells write truth values. */
    private static final List<String> YES = List.of("1", "t", "true", "y", "yes", "on");

    private static final List<String> NO = List.of("", "0", "f", "false", "n", "no", "off");

    private ProxmoxEnvironment() {}

    /** Fails with everything that is missing. */
    public static ProxmoxClient client(
            Map<String, String> environment, List<String> nodes, List<String> hostnames, ProxmoxSettings.Watch watch) {
        List<Problem> problems = new ArrayList<>();
        List<URI> endpoints = new ArrayList<>();
        SequencedMap<String, URI> byNode = new LinkedHashMap<>();
        String endpoint = environment.get("PROXMOX_VE_ENDPOINT");
        if (endpoint != null && !endpoint.isEmpty()) {
            URI uri = parse(endpoint, problems);
            if (uri != null) {
                endpoints.add(uri);
            }
        } else {
            for (int i = 0; i < hostnames.size(); i++) {
                URI uri = ofHost(hostnames.get(i), problems);
                if (uri == null) {
                    continue;
                }
                endpoints.add(uri);
                if (hostnames.size() == nodes.size()) {
                    byNode.put(nodes.get(i), uri);
                }
            }
            if (hostnames.isEmpty()) {
                problems.add(problem(
                        "neither PROXMOX_VE_ENDPOINT nor proxmox_node_hostnames says where Proxmox is",
                        "export PROXMOX_VE_ENDPOINT=https://HOST:8006/"));
            }
        }
        ProxmoxLogin login = login(environment, problems);
        ProxmoxTls tls = tls(environment, problems);
        if (!problems.isEmpty() || login == null) {
            throw new BuildException(problems, null);
        }
        return new ProxmoxClient(
                new ProxmoxSettings(endpoints, byNode, tls, login, ProxmoxSettings.Timing.usual(), watch));
    }

    private static @Nullable URI ofHost(String host, List<Problem> problems) {
        try {
            URI uri = URI.create("https://%s:%d/".formatted(host, PORT));
            if (uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Reported below in the same words.
        }
        problems.add(problem(
                "proxmox_node_hostnames contains \"%s\", which is not a host name".formatted(host),
                "use only a name or an address; for another port: export PROXMOX_VE_ENDPOINT=https://HOST:PORT/"));
        return null;
    }

    private static @Nullable URI parse(String endpoint, List<Problem> problems) {
        String text = endpoint.strip();
        Matcher form = ADDRESS.matcher(text);
        if (form.matches()) {
            try {
                // The scheme's letters may be of any size (RFC 3986, 3.1).
                URI uri = URI.create("https://" + form.group("rest"));
                if (uri.getHost() != null
                        && uri.getUserInfo() == null
                        && "https".equalsIgnoreCase(form.group("scheme"))) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // Reported below in the same words.
            }
        }
        boolean bare = HOST.matcher(text).matches();
        problems.add(problem(
                "http".equalsIgnoreCase(form.matches() ? form.group("scheme") : "")
                        ? "PROXMOX_VE_ENDPOINT starts with http://, but Proxmox only speaks TLS"
                        : "PROXMOX_VE_ENDPOINT is not of the form https://HOST:8006/, without credentials",
                "export PROXMOX_VE_ENDPOINT=https://%s/"
                        .formatted(!bare ? "HOST:8006" : text.indexOf(':') < 0 ? text + ":8006" : text)));
        return null;
    }

    private static @Nullable ProxmoxLogin login(Map<String, String> environment, List<Problem> problems) {
        String token = environment.get("PROXMOX_VE_API_TOKEN");
        if (token != null && !token.isEmpty()) {
            try {
                return ProxmoxLogin.Token.parse(token);
            } catch (IllegalArgumentException e) {
                problems.add(unusable(
                        "PROXMOX_VE_API_TOKEN is not of the form USER@REALM!NAME=SECRET: " + e.getMessage(),
                        "pveum user token add USER@REALM NAME   creates and prints a new one"));
                return null;
            }
        }
        String user = environment.getOrDefault("PROXMOX_VE_USERNAME", "");
        String password = environment.getOrDefault("PROXMOX_VE_PASSWORD", "");
        if (!user.isEmpty() && !password.isEmpty()) {
            if (user.indexOf('@') > 0) {
                return new ProxmoxLogin.Password(user, password);
            }
            problems.add(unusable(
                    "PROXMOX_VE_USERNAME is \"%s\", without a realm".formatted(user),
                    "export PROXMOX_VE_USERNAME=%1$s@pam, or %1$s@pve for a user of Proxmox itself".formatted(user)));
            return null;
        }
        String missing = user.isEmpty() == password.isEmpty()
                ? "nor PROXMOX_VE_USERNAME and PROXMOX_VE_PASSWORD"
                : "and of PROXMOX_VE_USERNAME and PROXMOX_VE_PASSWORD only the %s is set"
                        .formatted(user.isEmpty() ? "second" : "first");
        problems.add(unusable(
                "credentials are missing: PROXMOX_VE_API_TOKEN is not set, " + missing,
                "export PROXMOX_VE_API_TOKEN='USER@REALM!NAME=SECRET'"));
        return null;
    }

    private static ProxmoxTls tls(Map<String, String> environment, List<Problem> problems) {
        String insecure = environment.getOrDefault("PROXMOX_VE_INSECURE", "").strip();
        if (YES.contains(insecure.toLowerCase(Locale.ROOT))) {
            return new ProxmoxTls.Insecure();
        }
        if (!NO.contains(insecure.toLowerCase(Locale.ROOT))) {
            problems.add(problem(
                    "PROXMOX_VE_INSECURE is \"%s\", which is neither true nor false".formatted(insecure),
                    "export PROXMOX_VE_INSECURE=true, or unset it"));
        }
        String fingerprint = environment.get("PROXMOX_VE_FINGERPRINT");
        if (fingerprint != null && !fingerprint.isEmpty()) {
            try {
                return new ProxmoxTls.Fingerprint(fingerprint);
            } catch (IllegalArgumentException e) {
                problems.add(problem("PROXMOX_VE_FINGERPRINT: " + e.getMessage(), null));
            }
        }
        String file = environment.get("PROXMOX_VE_CA_FILE");
        return file == null || file.isEmpty() ? new ProxmoxTls.SystemTrust() : new ProxmoxTls.Authority(Path.of(file));
    }

    /** No server was asked yet. */
    private static Problem unusable(String why, String remedy) {
        return Problem.failed(Problem.Kind.INVALID_INPUT, "cannot log in to Proxmox")
                .because(why)
                .trying(remedy);
    }

    private static Problem problem(String why, @Nullable String remedy) {
        return Problem.failed(Problem.Kind.INVALID_INPUT, "cannot reach Proxmox")
                .because(why)
                .trying(remedy);
    }
}
