package dev.talosforge.registry;

import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs {@code docker-credential-NAME get}: the host on its input, JSON on its output. */
final class CredentialHelper {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final int MAX_ANSWER = 1 << 20;

    private final SequencedMap<String, String> environment;
    private final Duration limit;

    CredentialHelper(SequencedMap<String, String> environment, Duration limit) {
        this.environment = environment;
        this.limit = limit;
    }

    /** Null when the helper knows nothing of this host. */
    @Nullable
    Credentials ask(String name, String host) throws IOException, InterruptedException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException("not the name of a credential helper: " + name);
        }
        String program = "docker-credential-" + name;
        ProcessBuilder builder =
                new ProcessBuilder(find(program).toString(), "get").redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            var output = CompletableFuture.supplyAsync(() -> read(process));
            try (var input = process.getOutputStream()) {
                input.write((host + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // one that answers without reading has closed its input: what it says counts
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("%s did not answer within %d s".formatted(program, limit.toSeconds()));
            }
            byte[] answer = output.get();
            if (process.exitValue() != 0) {
                String text = new String(answer, StandardCharsets.UTF_8).strip();
                if (text.contains("credentials not found")) {
                    return null;
                }
                throw new IOException("%s exited %d".formatted(program, process.exitValue()));
            }
            return credentials(program, answer);
        } catch (ExecutionException e) {
            throw new IOException(program + ": its answer cannot be read", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static byte[] read(Process process) {
        try (var in = process.getInputStream()) {
            return in.readNBytes(MAX_ANSWER);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static @Nullable Credentials credentials(String program, byte[] answer) throws IOException {
        JsonObject json = JsonReader.readObject("answer of " + program, answer);
        String user = json.text("Username");
        String secret = json.text("Secret");
        if (secret == null || secret.isEmpty()) {
            return null;
        }
        return "<token>".equals(user)
                ? new Credentials.RefreshToken(secret)
                : new Credentials.Login(user == null ? "" : user, secret);
    }

    private Path find(String program) throws IOException {
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return Path.of(directory, program);
            }
        }
        throw new IOException("the credential helper %s is not installed".formatted(program));
    }
}
