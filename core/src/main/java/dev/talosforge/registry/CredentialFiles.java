package dev.talosforge.registry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files with logins, in search order: that of podman and skopeo (containers-auth.json(5)), which also read Docker's
 * file. Docker itself reads only its own.
 */
public final class CredentialFiles {
    private static final String PODMAN = "containers/auth.json";

    private CredentialFiles() {}

    /**
     * A variable that names a file excludes all others; otherwise podman's logins of this session, podman's permanent
     * ones, then Docker's.
     *
     * @param environment of the process
     * @param user the user id of the process; null if unknown
     */
    public static List<Path> of(Map<String, String> environment, @Nullable Long user) {
        String named = set(environment, "REGISTRY_AUTH_FILE");
        if (named != null) {
            return List.of(Path.of(named));
        }
        String docker = set(environment, "DOCKER_CONFIG");
        if (docker != null) {
            return List.of(Path.of(docker, "config.json"));
        }
        List<Path> files = new ArrayList<>();
        String session = set(environment, "XDG_RUNTIME_DIR");
        if (session != null) {
            files.add(Path.of(session, PODMAN));
        } else if (user != null) {
            files.add(Path.of("/run/containers/%d/auth.json".formatted(user)));
        }
        String settings = set(environment, "XDG_CONFIG_HOME");
        String home = set(environment, "HOME");
        if (settings != null) {
            files.add(Path.of(settings, PODMAN));
        } else if (home != null) {
            files.add(Path.of(home, ".config", PODMAN));
        }
        if (home != null) {
            files.add(Path.of(home, ".docker", "config.json"));
        }
        return List.copyOf(files);
    }

    private static @Nullable String set(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
