package dev.talosforge.cli;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.ProxmoxLogin;
import dev.talosforge.proxmox.ProxmoxSettings;
import dev.talosforge.proxmox.ProxmoxTls;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A Proxmox client from the variables that the field's tools use. */
final class ProxmoxEnvironment {
    private static final int PORT = 8006;

    private ProxmoxEnvironment() {}

    /** Fails with everything that is missing. */
    static ProxmoxClient client(Map<String, String> environment, List<String> nodes, List<String> hostnames) {
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
        return new ProxmoxClient(new ProxmoxSettings(endpoints, byNode, tls, login, ProxmoxSettings.Timing.usual()));
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
                "proxmox_node_hostnames has \"%s\", which is no host name".formatted(host),
                "give a name or an address only; for another port export PROXMOX_VE_ENDPOINT=https://HOST:PORT/"));
        return null;
    }

    private static @Nullable URI parse(String endpoint, List<Problem> problems) {
        try {
            URI uri = URI.create(endpoint.strip());
            if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Reported below in the same words.
        }
        problems.add(problem(
                "PROXMOX_VE_ENDPOINT is not of the form https://HOST:8006/, without credentials",
                "export PROXMOX_VE_ENDPOINT=https://HOST:8006/"));
        return null;
    }

    private static @Nullable ProxmoxLogin login(Map<String, String> environment, List<Problem> problems) {
        String token = environment.get("PROXMOX_VE_API_TOKEN");
        if (token != null && !token.isEmpty()) {
            try {
                return ProxmoxLogin.Token.parse(token);
            } catch (IllegalArgumentException e) {
                problems.add(problem(
                        "PROXMOX_VE_API_TOKEN is not of the form USER@REALM!NAME=SECRET",
                        "pveum user token add USER@REALM NAME   prints a new one"));
                return null;
            }
        }
        String user = environment.get("PROXMOX_VE_USERNAME");
        String password = environment.get("PROXMOX_VE_PASSWORD");
        if (user != null && password != null && !user.isEmpty()) {
            return new ProxmoxLogin.Password(user, password);
        }
        problems.add(problem(
                "there are no credentials: PROXMOX_VE_API_TOKEN is not set, nor PROXMOX_VE_USERNAME and PROXMOX_VE_PASSWORD",
                "export PROXMOX_VE_API_TOKEN='USER@REALM!NAME=SECRET'"));
        return null;
    }

    private static ProxmoxTls tls(Map<String, String> environment, List<Problem> problems) {
        String insecure = environment.getOrDefault("PROXMOX_VE_INSECURE", "");
        if (insecure.equals("true") || insecure.equals("1")) {
            return new ProxmoxTls.Insecure();
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

    private static Problem problem(String why, @Nullable String remedy) {
        return new Problem(Problem.Kind.INVALID_INPUT, "cannot reach Proxmox", null, why, remedy);
    }
}
