package dev.talosforge.registry;

import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.JsonReader;
import dev.talosforge.net.HttpAnswer;
import dev.talosforge.net.HttpStatusException;
import dev.talosforge.net.LocalFileException;
import dev.talosforge.net.NetworkProblem;
import dev.talosforge.net.Redaction;
import dev.talosforge.net.Retries;
import dev.talosforge.net.RetryPolicy;
import dev.talosforge.net.WebPage;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.FileRemedy;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import dev.talosforge.problem.Where;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Explains a registry's refusal: its own code and message, and what to do about it. */
final class RegistryErrors {
    private static final int MAX_SHOWN = 300;
    private static final String NO_REGISTRY =
            "check the registry's address, and for a login page or a proxy in between";
    private static final String GONE = "a part of the image is missing there: publish it again, or use another tag";

    private RegistryErrors() {}

    /**
     * One entry of {@code errors} (distribution specification 1.1, "Error Codes").
     *
     * @param code upper case with underscores
     */
    record Refusal(String code, String message) {
        String text() {
            return message.isEmpty() ? code : code + ": " + message;
        }
    }

    /** Empty if the body does not follow the specification. */
    static List<Refusal> parse(byte[] body) {
        List<Refusal> refusals = new ArrayList<>();
        try {
            JsonObject json = JsonReader.readObject("registry error", body);
            for (Json item : json.items("errors")) {
                String code = item instanceof JsonObject object ? object.text("code") : null;
                if (code != null && item instanceof JsonObject error) {
                    String message = error.text("message");
                    refusals.add(
                            new Refusal(shown(code).toUpperCase(Locale.ROOT), message == null ? "" : shown(message)));
                }
            }
        } catch (FormatException e) {
            return List.of();
        }
        return List.copyOf(refusals);
    }

    /** @param login "as ada", or null without a login */
    static BuildException refused(
            String what, ImageReference reference, Endpoint endpoint, HttpAnswer answer, @Nullable String login) {
        List<Refusal> refusals = parse(answer.body());
        if (refusals.isEmpty()) {
            Problem plain = NetworkProblem.ofStatus(what, answer);
            Remedy remedy = switch (answer.status()) {
                case 401 -> Remedy.of(login(answer, reference, endpoint, login));
                case 403 ->
                    Remedy.of(
                            WebPage.is(answer)
                                    ? "perhaps a proxy or a firewall refuses: ask its administrator, or run: docker login "
                                            + host(endpoint)
                                    : login(answer, reference, endpoint, login));
                case 429 -> Remedy.of(later(endpoint));
                default -> inTheWay(answer, endpoint, plain.remedy());
            };
            return new BuildException(Problem.failed(plain.kind(), what)
                    .because(plain.why() + patience(answer) + rights(answer, login))
                    .at(plain.where())
                    .trying(remedy));
        }
        Refusal first = refusals.getFirst();
        String why = String.join(
                "; ", refusals.stream().map(Refusal::text).distinct().toList());
        return new BuildException(Problem.failed(kind(first.code(), answer.status()), what)
                .because(why + patience(answer) + rights(answer, login))
                .at(NetworkProblem.remote(answer))
                .trying(
                        first.code().equals("UNAUTHORIZED")
                                ? Remedy.of(login(answer, reference, endpoint, login))
                                : remedy(first.code(), reference, endpoint)));
    }

    /**
     * Whether a seeming success is really a login page or a proxy's page. Such servers answer 200 to everything.
     */
    static boolean isWebPage(HttpAnswer answer) {
        return answer.succeeded() && WebPage.is(answer);
    }

    static BuildException webPage(String what, HttpAnswer answer) {
        return noRegistry(what, answer, "the server answered with a web page, which no registry does");
    }

    /** A pushed manifest does not come back. */
    static BuildException notKept(String what, HttpAnswer answer, String found) {
        return noRegistry(what, answer, "the server accepted the manifest but returns %s".formatted(found));
    }

    private static BuildException noRegistry(String what, HttpAnswer answer, String why) {
        return new BuildException(Problem.failed(Kind.UNAVAILABLE, what)
                .because(why)
                .at(NetworkProblem.remote(answer))
                .trying(NO_REGISTRY));
    }

    /** A tag that cannot be moved. Every registry words this differently, so the message adds what is known. */
    static BuildException tagKept(BuildException refusal, ImageReference target, Sha256 before, Sha256 wanted) {
        Problem problem = refusal.problems().getFirst();
        boolean definite = problem.kind() == Kind.REFUSED || problem.kind() == Kind.INVALID_INPUT;
        boolean login = problem.where() instanceof Where.Remote(var _, var _, int status) && status == 401;
        if (!definite || login) {
            return refusal;
        }
        return new BuildException(
                Problem.failed(problem.kind(), problem.what())
                        .because("%s; the tag %s names %s, and would name %s"
                                .formatted(problem.why(), target.tag(), before, wanted))
                        .at(problem.where())
                        .trying("choose another tag, or make the repository's tags mutable"),
                refusal);
    }

    /** The bytes that arrived differ from those sent, which TCP's checksums do not always detect. */
    static boolean spoiltOnTheWay(HttpAnswer answer) {
        return answer.status() == 400
                && parse(answer.body()).stream()
                        .anyMatch(refusal -> refusal.code().equals("DIGEST_INVALID"));
    }

    /** Whether a server says that something does not exist. */
    static boolean isMissing(BuildException refusal) {
        return refusal.problems().getFirst().where() instanceof Where.Remote(var _, var _, int status)
                && (status == 404 || status == 410);
    }

    /** A missing part of an image. */
    static BuildException gone(BuildException refusal) {
        Problem problem = refusal.problems().getFirst();
        return new BuildException(
                Problem.failed(Kind.BAD_ARTIFACT, problem.what())
                        .because(problem.why())
                        .at(problem.where())
                        .trying(GONE),
                refusal);
    }

    private static String patience(HttpAnswer answer) {
        Duration requested = RetryPolicy.isTransient(answer.status()) ? Retries.requested(answer) : null;
        return requested == null || requested.isZero()
                ? ""
                : "; it asks for a pause of %d s".formatted(requested.toSeconds());
    }

    private static Kind kind(String code, int status) {
        return switch (code) {
            case "MANIFEST_UNKNOWN", "NAME_UNKNOWN", "NAME_INVALID", "TAG_INVALID", "NOT_FOUND" -> Kind.INVALID_INPUT;
            case "UNAUTHORIZED", "DENIED" -> Kind.REFUSED;
            case "TOOMANYREQUESTS", "UNAVAILABLE" -> Kind.UNAVAILABLE;
            case "BLOB_UPLOAD_UNKNOWN",
                    "BLOB_UPLOAD_INVALID",
                    "DIGEST_INVALID",
                    "SIZE_INVALID",
                    "MANIFEST_BLOB_UNKNOWN" -> Kind.UNAVAILABLE;
            case "UNSUPPORTED" -> Kind.NOT_SUPPORTED;
            case "BLOB_UNKNOWN" -> Kind.BAD_ARTIFACT;
            default -> status >= 500 || status == 429 || status == 408 ? Kind.UNAVAILABLE : Kind.REFUSED;
        };
    }

    private static @Nullable Remedy remedy(String code, ImageReference reference, Endpoint endpoint) {
        return switch (code) {
            case "MANIFEST_UNKNOWN", "NOT_FOUND" ->
                Remedy.sentence(
                        reference.digest() != null
                                ? "it was deleted there, or never pushed; to list the tags: "
                                : "list the tags: ",
                        tags(reference));
            default -> Remedy.of(words(code, reference, endpoint));
        };
    }

    private static @Nullable String words(String code, ImageReference reference, Endpoint endpoint) {
        String name = name(reference, endpoint);
        return switch (code) {
            case "NAME_UNKNOWN", "NAME_INVALID" ->
                endpoint.host().contains(".dkr.ecr.")
                        ? "run: aws ecr create-repository --repository-name " + endpoint.name(reference.repository())
                        : "check whether the repository is spelled %s on %s"
                                .formatted(endpoint.name(reference.repository()), endpoint.host());
            case "DENIED" ->
                endpoint.host().equals("ghcr.io")
                        ? "give the token the scopes read:packages and write:packages, then run: docker login ghcr.io;"
                                + " in a workflow, set permissions: packages: write and name it in the package's settings"
                        : "ask for access to %s, or run: docker login %s".formatted(name, host(endpoint));
            case "TOOMANYREQUESTS" -> later(endpoint);
            case "BLOB_UNKNOWN" -> GONE;
            case "TAG_INVALID", "PRECONDITION" -> "choose another tag, or make the repository's tags mutable";
            case "BLOB_UPLOAD_UNKNOWN",
                    "BLOB_UPLOAD_INVALID",
                    "DIGEST_INVALID",
                    "SIZE_INVALID",
                    "MANIFEST_BLOB_UNKNOWN" -> "run the same command again";
            default -> null;
        };
    }

    /** This program itself uses the same servers and logins. */
    private static Remedy tags(ImageReference reference) {
        return Remedy.command(Verb.TAGS, reference.name());
    }

    /** What to do about an answer that no registry gives: there is another server, or a proxy in front. */
    private static @Nullable Remedy inTheWay(HttpAnswer answer, Endpoint endpoint, @Nullable Remedy otherwise) {
        String known = inTheWay(answer, endpoint);
        return known == null ? otherwise : new Remedy.Text(known);
    }

    private static @Nullable String inTheWay(HttpAnswer answer, Endpoint endpoint) {
        String host = endpoint.host();
        if (answer.status() == 400 && answer.text().contains("HTTPS server")) {
            return "it speaks TLS: export TALOS_FORGE_REGISTRIES='{\"%1$s\":[{\"url\":\"https://%1$s\"}]}'"
                    .formatted(host);
        }
        return switch (answer.status()) {
            case 413 ->
                "a proxy in front of %s rejects bodies of this size: raise its limit (nginx: client_max_body_size 0)"
                        .formatted(host);
            case 502, 503, 504 -> "check that the registry behind %s is running, and try again later".formatted(host);
            case 404, 405 ->
                "check whether %s/v2/ is a registry: a registry does not answer like this".formatted(endpoint.base());
            default -> WebPage.is(answer) || (answer.status() >= 300 && answer.status() < 400) ? NO_REGISTRY : null;
        };
    }

    /** The name for credentials: nobody calls Docker Hub by its server's name. */
    private static String host(Endpoint endpoint) {
        return endpoint.host().equals("registry-1.docker.io") ? "docker.io" : endpoint.host();
    }

    private static String later(Endpoint endpoint) {
        return "try again later; the limit is often higher with a login: docker login " + host(endpoint);
    }

    /** Who was refused, and whether a right is missing: otherwise two different faults would read alike. */
    private static String rights(HttpAnswer answer, @Nullable String login) {
        if (login == null || (answer.status() != 401 && answer.status() != 403)) {
            return "";
        }
        return "; logged in %s%s".formatted(login, lacksRights(answer) ? ", without permission for this" : "");
    }

    /** RFC 6750, 3.1. */
    private static boolean lacksRights(HttpAnswer answer) {
        Challenge challenge = Challenge.best(answer.headers("WWW-Authenticate"));
        return challenge != null
                && "insufficient_scope".equals(challenge.parameters().get("error"));
    }

    private static String login(
            HttpAnswer answer, ImageReference reference, Endpoint endpoint, @Nullable String login) {
        if (login == null) {
            return "run: docker login " + host(endpoint);
        }
        return lacksRights(answer)
                ? "ask for access to %s, or log in as a user who has it: docker login %s"
                        .formatted(name(reference, endpoint), host(endpoint))
                : "check that the password is still right, and log in again: docker login " + host(endpoint);
    }

    private static String name(ImageReference reference, Endpoint endpoint) {
        return host(endpoint) + "/" + endpoint.name(reference.repository());
    }

    /** No answer, or an unusable one. */
    static BuildException failed(String what, Endpoint endpoint, IOException failure) {
        if (failure instanceof CallFailedException call) {
            if (call.reason() instanceof LocalFileException local) {
                return environment(what, local);
            }
            if (call.reason() instanceof FormatException broken) {
                return new BuildException(
                        Problem.failed(Kind.BAD_ARTIFACT, what)
                                .because(words(broken))
                                .at(new Where.Remote(
                                        call.call().method(),
                                        Redaction.of(call.call().uri()),
                                        200)),
                        failure);
            }
            if (call.reason() instanceof HttpStatusException page && isWebPage(page.answer())) {
                return webPage(what, page.answer());
            }
            return new BuildException(
                    NetworkProblem.explain(
                            what, call.call().method(), call.call().uri(), call.reason()),
                    failure);
        }
        if (failure instanceof FormatException broken) {
            return new BuildException(Problem.failed(Kind.BAD_ARTIFACT, what).because(words(broken)), failure);
        }
        if (failure instanceof LocalFileException || failure instanceof java.nio.file.FileSystemException) {
            return environment(what, failure);
        }
        return new BuildException(NetworkProblem.explain(what, "GET", endpoint.base(), failure), failure);
    }

    /** For a document as a whole, an error at its first byte would say nothing. */
    static String words(FormatException broken) {
        String text = String.valueOf(broken.getMessage());
        String start = broken.structure() + " at offset 0 (0x0): ";
        return text.startsWith(start) ? broken.structure() + ": " + text.substring(start.length()) : text;
    }

    private static BuildException environment(String what, IOException failure) {
        return new BuildException(
                Problem.failed(Kind.ENVIRONMENT, what)
                        .because(Redaction.text(String.valueOf(failure.getMessage())))
                        .trying(FileRemedy.of(failure)),
                failure);
    }

    private static String shown(String text) {
        String clean = Redaction.text(text).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return clean.length() > MAX_SHOWN ? clean.substring(0, MAX_SHOWN) + " …" : clean;
    }
}
