package dev.talosforge.registry;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Credentials as Docker and podman store them. The first source with a login for the image counts:
 * {@code DOCKER_AUTH_CONFIG}, then the files in order, then {@code GITHUB_TOKEN} for ghcr.io.
 */
public final class DockerCredentials implements CredentialSource {
    private static final String VARIABLE = "DOCKER_AUTH_CONFIG";
    private static final int MAX_CONFIG = 4 << 20;

    private final List<Path> files;
    private final SequencedMap<String, String> environment;
    private final CredentialHelper helpers;

    private DockerCredentials(Map<String, String> environment, Duration limit, List<Path> files) {
        this.files = List.copyOf(files);
        this.environment = new TreeMap<>(environment);
        this.helpers = new CredentialHelper(this.environment, limit);
    }

    /** @param configFile null for none; otherwise as in {@link #in} */
    public DockerCredentials(@Nullable Path configFile, Map<String, String> environment, Duration limit) {
        this(environment, limit, configFile == null ? List.of() : List.of(configFile));
    }

    /**
     * Reads nothing yet.
     *
     * @param files as {@link CredentialFiles} lists them; a missing file has no logins
     * @param environment of the process: PATH for helpers, DOCKER_AUTH_CONFIG, GITHUB_TOKEN, GITHUB_ACTOR
     * @param limit how long a helper may take to answer
     */
    public static DockerCredentials in(List<Path> files, Map<String, String> environment, Duration limit) {
        return new DockerCredentials(environment, limit, files);
    }

    @Override
    public Credentials of(String name) throws InterruptedException {
        return find(name).credentials();
    }

    @Override
    public Filed find(String name) throws InterruptedException {
        AuthNames wanted = AuthNames.of(name);
        String variable = environment.get(VARIABLE);
        LoginFile given =
                variable == null ? null : LoginFile.parse(VARIABLE, null, variable.getBytes(StandardCharsets.UTF_8));
        Filed filed = given == null ? null : given.find(wanted, helpers);
        for (int i = 0; filed == null && i < files.size(); i++) {
            LoginFile file = read(files.get(i));
            filed = file == null ? null : file.find(wanted, helpers);
        }
        if (filed != null) {
            return filed;
        }
        String token = environment.get("GITHUB_TOKEN");
        if (wanted.host().equals("ghcr.io") && token != null && !token.isBlank()) {
            return new Filed(
                    new Credentials.Login(environment.getOrDefault("GITHUB_ACTOR", "unset"), token), "GITHUB_TOKEN");
        }
        return new Filed(Credentials.anonymous(), null);
    }

    private static @Nullable LoginFile read(Path file) {
        Path folder = file.getParent();
        if (folder != null && Files.isRegularFile(folder)) {
            boolean docker = file.endsWith("config.json");
            throw unreadable(
                    file,
                    "%s is a file; expected a folder".formatted(folder),
                    docker ? "export DOCKER_CONFIG=" + above(folder) : null);
        }
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return LoginFile.parse(file.toString(), file, ByteSource.of(file).readAll("file of logins", MAX_CONFIG));
        } catch (IOException e) {
            String why = Files.isDirectory(file)
                    ? "it is a folder"
                    : Files.isReadable(file) ? String.valueOf(e.getMessage()) : "the operating system denies it";
            throw unreadable(file, why, null);
        }
    }

    private static Path above(Path folder) {
        Path above = folder.getParent();
        return above == null ? Path.of(".") : above;
    }

    private static BuildException unreadable(Path file, String why, @Nullable String remedy) {
        return new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, "cannot read the logins in " + file)
                .because(why)
                .trying(remedy));
    }
}
