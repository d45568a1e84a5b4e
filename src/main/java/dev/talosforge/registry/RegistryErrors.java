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

/** Says what a registry's refusal means: its own code and message, and what to do about it. */
final class RegistryErrors {
    private static final int MAX_SHOWN = 300;
    private static final String NO_REGISTRY =
            "see whether this is the registry's address, and whether a login page or a proxy stands between";
    private static final String GONE = "a part of the image is gone there: have it published again, or use another tag";

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

    /** Empty when the body is not the specification's. */
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

    /** @param login "as ada", or null where nobody was logged in */
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
                                    ? "a proxy or a firewall before it may be what refuses: ask who runs it, or run: docker login "
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
     * Whether a server that seems content is none: a login page, or a proxy's. Such ones answer 200 to everything.
     */
    static boolean isWebPage(HttpAnswer answer) {
        return answer.succeeded() && WebPage.is(answer);
    }

    static BuildException webPage(String what, HttpAnswer answer) {
        return noRegistry(what, answer, "the server answered with a web page, which no registry does");
    }

    /** What was pushed does not come back. */
    static BuildException notKept(String what, HttpAnswer answer, String found) {
        return noRegistry(what, answer, "the server took the manifest, and gives %s back".formatted(found));
    }

    private static BuildException noRegistry(String what, HttpAnswer answer, String why) {
        return new BuildException(Problem.failed(Kind.UNAVAILABLE, what)
                .because(why)
                .at(NetworkProblem.remote(answer))
                .trying(NO_REGISTRY));
    }

    /** A tag that stays where it is: the reasons are as many as there are registries, so what is known is told, too. */
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
                        .trying("choose another tag, or let the repository's tags be moved"),
                refusal);
    }

    /** Other bytes arrived than were sent, which TCP's checksums do not always find. */
    static boolean spoiltOnTheWay(HttpAnswer answer) {
        return answer.status() == 400
                && parse(answer.body()).stream()
                        .anyMatch(refusal -> refusal.code().equals("DIGEST_INVALID"));
    }

    /** Whether a server says that something is not there. */
    static boolean isMissing(BuildException refusal) {
        return refusal.problems().getFirst().where() instanceof Where.Remote(var _, var _, int status)
                && (status == 404 || status == 410);
    }

    /** A part of an image that is not there. */
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
        Duration asked = RetryPolicy.isTransient(answer.status()) ? Retries.asked(answer) : null;
        return asked == null || asked.isZero() ? "" : "; it asks to wait for %d s".formatted(asked.toSeconds());
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
                                ? "it was deleted there, or never pushed: see which tags there are: "
                                : "see which tags there are: ",
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
                        : "see whether the repository is spelled %s on %s"
                                .formatted(endpoint.name(reference.repository()), endpoint.host());
            case "DENIED" ->
                endpoint.host().equals("ghcr.io")
                        ? "give the token the scopes read:packages and write:packages, then run: docker login ghcr.io;"
                                + " in a workflow, set permissions: packages: write and name it in the package's settings"
                        : "ask for the right to use %s, or run: docker login %s".formatted(name, host(endpoint));
            case "TOOMANYREQUESTS" -> later(endpoint);
            case "BLOB_UNKNOWN" -> GONE;
            case "TAG_INVALID", "PRECONDITION" -> "choose another tag, or let the repository's tags be moved";
            case "BLOB_UPLOAD_UNKNOWN",
                    "BLOB_UPLOAD_INVALID",
                    "DIGEST_INVALID",
                    "SIZE_INVALID",
                    "MANIFEST_BLOB_UNKNOWN" -> "run the same command again";
            default -> null;
        };
    }

    /** This program itself asks the same servers, with the same logins. */
    private static Remedy tags(ImageReference reference) {
        return Remedy.command(Verb.TAGS, reference.name());
    }

    /** What to do about an answer that no registry gives: something else stands there, or before it. */
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
                "a proxy before %s takes no piece of this size: let it take larger ones, nginx with client_max_body_size 0"
                        .formatted(host);
            case 502, 503, 504 -> "see whether the registry behind %s runs, and try again later".formatted(host);
            case 404, 405 -> "see whether %s/v2/ is a registry: this is not how one answers".formatted(endpoint.base());
            default -> WebPage.is(answer) || (answer.status() >= 300 && answer.status() < 400) ? NO_REGISTRY : null;
        };
    }

    /** As credentials are filed: Docker Hub's server is nobody's name for it. */
    private static String host(Endpoint endpoint) {
        return endpoint.host().equals("registry-1.docker.io") ? "docker.io" : endpoint.host();
    }

    private static String later(Endpoint endpoint) {
        return "try again later; with a login the limit is often higher: docker login " + host(endpoint);
    }

    /** Who was refused, and whether a right is what he lacks: else two different faults would read alike. */
    private static String rights(HttpAnswer answer, @Nullable String login) {
        if (login == null || (answer.status() != 401 && answer.status() != 403)) {
            return "";
        }
        return "; logged in %s%s".formatted(login, lacksRights(answer) ? ", who may not do that" : "");
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
                ? "ask for the right to use %s, or log in as somebody who has it: docker login %s"
                        .formatted(name(reference, endpoint), host(endpoint))
                : "see whether the password is still right, and log in again: docker login " + host(endpoint);
    }

    private static String name(ImageReference reference, Endpoint endpoint) {
        return host(endpoint) + "/" + endpoint.name(reference.repository());
    }

    /** No answer, or one that is not what it should be. */
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

    /** Of a document as a whole it would say nothing that it breaks at its first byte. */
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
