package dev.talosforge.oci;

import dev.talosforge.bytes.Sha256;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image, as {@code docker pull} takes it: {@code [registry/]repository[:tag][@digest]}.
 *
 * <p>The default registry is {@code docker.io}, where a repository of one word is in {@code library/}. The first part
 * is a registry if it contains a dot, a colon or a capital letter, or is {@code localhost}.
 *
 * @param registry host, with the port if one was given
 * @param repository path in the registry
 */
public record ImageReference(
        String registry,
        String repository,
        @Nullable String tag,
        @Nullable Sha256 digest) {
    public static final String DOCKER_HUB = "docker.io";

    private static final String OLD_HUB = "index.docker.io";
    private static final String LIBRARY = "library/";
    private static final int MAX_NAME = 255;
    private static final int MAX_TEXT = 1024;
    private static final Pattern REGISTRY = Pattern.compile(
            "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
                    + "(?::[0-9]{1,5})?|\\[[a-fA-F0-9:]+](?::[0-9]{1,5})?");
    private static final String WORD = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY = Pattern.compile(WORD + "(?:/" + WORD + ")*");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");
    private static final Pattern BARE_DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern DIGEST = Pattern.compile("([a-zA-Z0-9+._-]+):([0-9a-fA-F]{32,})");

    public ImageReference {
        if (!REGISTRY.matcher(registry).matches()) {
            throw new IllegalArgumentException("\"%s\" is not a registry name".formatted(registry));
        }
        if (!REPOSITORY.matcher(repository).matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is not a repository name: use lower-case letters and digits, with . _ - between them"
                            .formatted(repository));
        }
        if (registry.length() + 1 + repository.length() > MAX_NAME) {
            throw new IllegalArgumentException("the name is longer than %d characters".formatted(MAX_NAME));
        }
        if (tag != null && !TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is not a tag: use up to 128 letters, digits, and . _ -".formatted(tag));
        }
    }

    /** Parses a reference; an invalid one is an {@link IllegalArgumentException} that quotes it. */
    public static ImageReference parse(String text) {
        try {
            return parts(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "not an image reference: \"%s\": %s".formatted(shortened(text), e.getMessage()), e);
        }
    }

    private static ImageReference parts(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it is empty");
        }
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("it is longer than %d characters".formatted(MAX_TEXT));
        }
        if (text.contains("://")) {
            throw new IllegalArgumentException("it is a URL; write it without the scheme");
        }
        int at = text.indexOf('@');
        Sha256 digest = at < 0 ? null : digest(text.substring(at + 1));
        String name = at < 0 ? text : text.substring(0, at);
        int colon = name.lastIndexOf(':');
        String tag = null;
        if (colon > name.lastIndexOf('/') && !name.endsWith("]")) {
            tag = name.substring(colon + 1);
            name = name.substring(0, colon);
        }
        if (BARE_DIGEST.matcher(name).matches()) {
            throw new IllegalArgumentException("a name of 64 hexadecimal digits would be read as a digest");
        }
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean registry = first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || first.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
        if (!registry) {
            return new ImageReference(DOCKER_HUB, slash < 0 ? LIBRARY + name : name, tag, digest);
        }
        String path = name.substring(slash + 1);
        if (first.equals(DOCKER_HUB) || first.equals(OLD_HUB)) {
            return new ImageReference(DOCKER_HUB, path.contains("/") ? path : LIBRARY + path, tag, digest);
        }
        return new ImageReference(first, path, tag, digest);
    }

    private static Sha256 digest(String text) {
        Matcher matcher = DIGEST.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"%s\" is not a digest like sha256:…".formatted(shortened(text)));
        }
        if (!matcher.group(1).equals("sha256")) {
            throw new IllegalArgumentException("%s digests are not supported".formatted(matcher.group(1)));
        }
        return new Sha256(matcher.group(2));
    }

    private static String shortened(String text) {
        return text.length() <= 2 * MAX_NAME ? text : text.substring(0, 2 * MAX_NAME) + "…";
    }

    /** The same repository at another tag, without a digest. */
    public ImageReference withTag(String changed) {
        return new ImageReference(registry, repository, changed, null);
    }

    /** The same name, pinned. */
    public ImageReference withDigest(Sha256 pinned) {
        return new ImageReference(registry, repository, tag, pinned);
    }

    /** What to ask a registry for: the digest, otherwise the tag, otherwise {@code latest}. */
    public String selector() {
        return digest != null ? digest.toString() : tag != null ? tag : "latest";
    }

    /** Registry and repository, without tag and digest. */
    public String name() {
        return registry + "/" + repository;
    }

    /** The full form, with the registry, and the tag and digest if given. */
    @Override
    public String toString() {
        return name() + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
