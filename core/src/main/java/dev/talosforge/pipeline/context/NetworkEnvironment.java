package dev.talosforge.pipeline.context;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.net.HttpTransport;
import dev.talosforge.net.ProxySettings;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.TlsSettings;
import dev.talosforge.net.TransportSettings;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.registry.CredentialFiles;
import dev.talosforge.registry.DockerCredentials;
import dev.talosforge.registry.RegistrySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** How servers are reached, from the variables that the field's tools use. */
record NetworkEnvironment(ContextSettings settings) {
    private static final int MAX_SETTINGS = 1 << 20;
    private static final Duration HELPER_LIMIT = Duration.ofSeconds(30);

    /** One client for all requests; its creator closes it. */
    HttpTransport transport() throws IOException {
        String authorities = settings.environment().get("TALOS_FORGE_CA_FILE");
        TlsSettings tls = authorities == null ? TlsSettings.system() : TlsSettings.trusting(Path.of(authorities));
        TransportSettings transport = TransportSettings.usual().with(proxies()).with(tls);
        try {
            return new HttpTransport(transport);
        } catch (IOException e) {
            throw unreadable("cannot use TALOS_FORGE_CA_FILE, which names " + authorities, e);
        }
    }

    static Retries retries() {
        return new Retries(
                RetryPolicy.usual(),
                Thread::sleep,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    private ProxySettings proxies() {
        try {
            return ProxySettings.parse(proxy("HTTPS_PROXY"), proxy("HTTP_PROXY"), proxy("NO_PROXY"));
        } catch (IllegalArgumentException e) {
            // The value may hold a password: it is not repeated.
            throw new BuildException(
                    Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use HTTPS_PROXY or HTTP_PROXY")
                            .because("it is not the address of an HTTP proxy")
                            .trying(new Remedy.Export("HTTPS_PROXY", "http://HOST:PORT")),
                    e);
        }
    }

    private @Nullable String proxy(String name) {
        String value = settings.environment().get(name);
        return value == null ? settings.environment().get(name.toLowerCase(Locale.ROOT)) : value;
    }

    DockerCredentials credentials() throws IOException {
        return DockerCredentials.in(
                CredentialFiles.of(settings.environment(), settings.user()), settings.environment(), HELPER_LIMIT);
    }

    /** Either the settings themselves or the file that holds them. */
    RegistrySettings registries() throws IOException {
        String given = settings.variable("TALOS_FORGE_REGISTRIES");
        if (given == null) {
            return RegistrySettings.none();
        }
        if (given.stripLeading().startsWith("{")) {
            return RegistrySettings.parse(given.getBytes(StandardCharsets.UTF_8));
        }
        String what = "cannot use TALOS_FORGE_REGISTRIES, which names " + given;
        try {
            return RegistrySettings.parse(ByteSource.of(Path.of(given)).readAll("registry settings", MAX_SETTINGS));
        } catch (BuildException e) {
            throw new BuildException(
                    e.problems().stream()
                            .map(problem -> Problem.failed(problem.kind(), what)
                                    .because(problem.why())
                                    .at(problem.where())
                                    .trying(problem.remedy()))
                            .toList(),
                    e);
        } catch (NoSuchFileException e) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.INVALID_INPUT, what)
                            .because(
                                    "the file does not exist; a value that contains the settings themselves begins with {"),
                    e);
        } catch (FileSystemException e) {
            throw unreadable(what, e);
        }
    }

    private static BuildException unreadable(String what, IOException e) {
        return new BuildException(
                Problem.failed(Problem.Kind.INVALID_INPUT, what).because(String.valueOf(e.getMessage())), e);
    }
}
