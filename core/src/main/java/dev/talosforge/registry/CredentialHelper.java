package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.net.Redaction;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.process.Output;
import dev.talosforge.process.Program;
import dev.talosforge.registry.CredentialSource.Filed;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code docker-credential-NAME get}: the host on its input, JSON on its output. A failure is a problem of this
 * machine and is reported at once; the helper is not asked again.
 */
final class CredentialHelper {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final int MAX_ANSWER = 1 << 20;
    private static final int MAX_SHOWN = 300;

    /** What Docker's helpers print if they work but have no login. */
    private static final String NOT_FOUND = "credentials not found";

    private final SequencedMap<String, String> environment;
    private final Duration limit;
    private final ConcurrentMap<Question, BuildException> failed = new ConcurrentHashMap<>();

    CredentialHelper(SequencedMap<String, String> environment, Duration limit) {
        this.environment = environment;
        this.limit = limit;
    }

    /**
     * A question to a helper.
     *
     * @param key the host, as the helper knows it
     * @param namedBy the setting that names the helper
     * @param host as people know it
     */
    private record Question(String name, String key, String namedBy, String host) {
        String program() {
            return "docker-credential-" + name;
        }
    }

    /** The login; null if the helper has none for this host. */
    @Nullable
    Filed ask(String name, String key, String namedBy, String host) throws InterruptedException {
        Question question = new Question(name, key, namedBy, host);
        BuildException before = failed.get(question);
        if (before != null) {
            throw before;
        }
        try {
            return run(question);
        } catch (BuildException e) {
            failed.put(question, e);
            throw e;
        }
    }

    private @Nullable Filed run(Question question) throws InterruptedException {
        Program helper = new Program(List.of(find(question).toString(), "get"), null, new TreeMap<>(environment));
        byte[] input = (question.key() + "\n").getBytes(StandardCharsets.UTF_8);
        Output answer = new Output(MAX_ANSWER);
        Output complaints = new Output(MAX_ANSWER);
        int status;
        try {
            status = helper.run(input, answer, complaints, limit);
        } catch (Program.CannotStart e) {
            throw failure(question, "it cannot be started: " + printable(String.valueOf(e.getMessage())));
        } catch (TimeoutException e) {
            throw failure(question, "it did not answer within %d s".formatted(limit.toSeconds()));
        }
        if (status == 0) {
            if (answer.isTooMuch()) {
                throw failure(question, "its answer is longer than %d bytes".formatted(MAX_ANSWER));
            }
            return credentials(question, answer.bytes());
        }
        String text = answer.text().strip();
        String other = complaints.text().strip();
        if (text.contains(NOT_FOUND) || other.contains(NOT_FOUND)) {
            return null;
        }
        String words = printable(text.isEmpty() ? other : text);
        throw failure(question, "it exited with code %d%s".formatted(status, words.isEmpty() ? "" : ": " + words));
    }

    private static String printable(String text) {
        String clean = Redaction.text(text).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return clean.length() > MAX_SHOWN ? clean.substring(0, MAX_SHOWN) + " …" : clean;
    }

    private static @Nullable Filed credentials(Question question, byte[] answer) {
        JsonObject json;
        try {
            json = JsonReader.readObject("answer of a helper", answer);
        } catch (FormatException e) {
            throw failure(
                    question, "its answer is not in the form of Docker's helpers"); // the answer may hold a password
        }
        String user = json.text("Username");
        String secret = json.text("Secret");
        if (secret == null || secret.isEmpty()) {
            return null;
        }
        return new Filed(
                "<token>".equals(user)
                        ? new Credentials.RefreshToken(secret)
                        : new Credentials.Login(user == null ? "" : user, secret),
                question.program());
    }

    private Path find(Question question) {
        if (!NAME.matcher(question.name()).matches()) {
            throw failure(question, "that is not a helper's name");
        }
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, question.program()))) {
                return Path.of(directory, question.program());
            }
        }
        throw failure(question, "it is not installed: not found in PATH");
    }

    private static BuildException failure(Question question, String why) {
        String what = "cannot ask the credential helper %s for the login at %s"
                .formatted(question.program(), question.host());
        return new BuildException(Problem.failed(Problem.Kind.ENVIRONMENT, what)
                .because(why)
                .trying("make it work: echo %s | %s get; or remove it from %s and log in again: docker login %s"
                        .formatted(question.key(), question.program(), question.namedBy(), question.host())));
    }
}
