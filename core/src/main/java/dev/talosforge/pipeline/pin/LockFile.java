package dev.talosforge.pipeline.pin;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.FormatException;
import dev.talosforge.bytes.Sha256;
import dev.talosforge.json.ConflictException;
import dev.talosforge.json.Json;
import dev.talosforge.json.Json.JsonObject;
import dev.talosforge.json.Json.JsonText;
import dev.talosforge.json.JsonReader;
import dev.talosforge.oci.ImageReference;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Remedy;
import dev.talosforge.problem.Verb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What every reference of a tree stands for, so that the same tree gives the same images until the lock is updated.
 *
 * <pre>
 *   {"format": 1,
 *    "talos": {"v1.11.5": {
 *      "ghcr.io/siderolabs/imager:v1.11.5": {"digest": "sha256:…", "size": 1609, "platforms": {"linux/amd64": "sha256:…"}},
 *      "siderolabs/crun": {"resolved": "ghcr.io/siderolabs/crun:1.24", "digest": "sha256:…", "size": 524}}}}
 * </pre>
 *
 * {@code resolved} is there if the reference is a name from Talos' catalogue, {@code platforms} if the image is an
 * index.
 */
public record LockFile(SortedMap<LockKey, Pin> pins) {
    private static final int FORMAT = 1;
    private static final int MAX_BYTES = 4 << 20;

    public LockFile {
        pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
    }

    public static LockFile empty() {
        return new LockFile(new TreeMap<>());
    }

    /** What a lock contains for an image. */
    public sealed interface Match {
        record Same(Pin pin) implements Match {}

        /** The image has a digest, but the lock has another one for the same name. */
        record Other(Pin pin) implements Match {}

        record Missing() implements Match {}
    }

    /** The image may have been locked by a tag or a name, and be written in the tree with its digest since. */
    public Match find(LockKey key) {
        Pin exact = pins.get(key);
        return exact == null ? find(key.talos(), key.image(), key.named()) : new Match.Same(exact);
    }

    private Match find(String talos, ImageReference image, boolean named) {
        Pin other = null;
        for (Map.Entry<LockKey, Pin> entry : pins.entrySet()) {
            LockKey key = entry.getKey();
            Pin pin = entry.getValue();
            if (!key.talos().equals(talos)) {
                continue;
            }
            if (key.named() == named && key.image().equals(image)) {
                return new Match.Same(pin);
            }
            if (image.digest() != null && pin.isOf(image)) {
                if (pin.digest().equals(image.digest())) {
                    return new Match.Same(pin);
                }
                other = pin;
            }
        }
        return other == null ? new Match.Missing() : new Match.Other(other);
    }

    /** Null if there is no such file. */
    public static @Nullable LockFile read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = ByteSource.of(file).readAll("lock", MAX_BYTES);
        } catch (NoSuchFileException e) {
            return null;
        }
        try {
            return parse(JsonReader.readObject("JSON", bytes));
        } catch (FormatException | IllegalArgumentException e) {
            throw new BuildException(
                    Problem.failed(Problem.Kind.INVALID_INPUT, "cannot use the lock " + file)
                            .because(String.valueOf(e.getMessage()))
                            .trying(
                                    e instanceof ConflictException
                                            ? Remedy.sentence(
                                                    "choose one side, then check it: git checkout --theirs -- '%s' && "
                                                            .formatted(file),
                                                    Remedy.command(Verb.LOCK))
                                            : Remedy.sentence(
                                                    "restore it, or remove it and run: ", Remedy.command(Verb.LOCK))),
                    e);
        }
    }

    private static LockFile parse(JsonObject json) {
        Long format = json.whole("format");
        if (format == null || format != FORMAT) {
            throw broken(
                    format == null
                            ? "its format number is missing"
                            : "its format is %d, expected 1: a newer Talos Forge wrote it".formatted(format));
        }
        SortedMap<LockKey, Pin> pins = new TreeMap<>();
        JsonObject versions = json.object("talos");
        if (versions == null) {
            throw broken("its member \"talos\" is missing");
        }
        for (Map.Entry<String, Json> version : versions.members().entrySet()) {
            if (!(version.getValue() instanceof JsonObject references)) {
                throw broken("\"%s\" is not an object".formatted(version.getKey()));
            }
            for (Map.Entry<String, Json> entry : references.members().entrySet()) {
                if (!(entry.getValue() instanceof JsonObject object)) {
                    throw broken("\"%s\" is not an object".formatted(entry.getKey()));
                }
                LockKey key = new LockKey(version.getKey(), entry.getKey(), object.text("resolved") != null);
                pins.put(key, pin(key, object));
            }
        }
        return new LockFile(pins);
    }

    private static Pin pin(LockKey key, JsonObject object) {
        String digest = object.text("digest");
        Long size = object.whole("size");
        if (digest == null || size == null) {
            throw broken("\"%s\" has no digest or no size".formatted(key.written()));
        }
        Sha256 sha256 = Pin.digest(digest);
        ImageReference image = key.image();
        String resolved = object.text("resolved");
        ImageReference pinned = (resolved == null ? image : ImageReference.parse(resolved)).withDigest(sha256);
        if (image.digest() != null && !image.digest().equals(sha256)) {
            throw broken("\"%s\" has the digest %s".formatted(key.written(), sha256));
        }
        SortedMap<String, String> platforms = new TreeMap<>();
        JsonObject given = object.object("platforms");
        if (given != null) {
            given.members().forEach((name, value) -> platforms.put(name, value instanceof JsonText(String t) ? t : ""));
        }
        return new Pin(pinned, size, Pin.platforms(platforms));
    }

    private static IllegalArgumentException broken(String what) {
        return new IllegalArgumentException(what);
    }

    /** The same pins give the same bytes. */
    public byte[] toBytes() {
        SortedMap<String, SortedMap<String, Json>> versions = new TreeMap<>();
        pins.forEach((key, pin) ->
                versions.computeIfAbsent(key.talos(), _ -> new TreeMap<>()).put(key.written(), json(key, pin)));
        Json.Builder talos = Json.object();
        versions.forEach((version, references) -> {
            Json.Builder object = Json.object();
            references.forEach(object::put);
            talos.put(version, object.build());
        });
        return Json.object()
                .put("format", FORMAT)
                .put("talos", talos.build())
                .build()
                .pretty()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Json json(LockKey key, Pin pin) {
        Json.Builder json = Json.object();
        if (key.named()) {
            ImageReference image = pin.image();
            json.put(
                    "resolved", new ImageReference(image.registry(), image.repository(), image.tag(), null).toString());
        }
        json.put("digest", pin.digest().toString()).put("size", pin.size());
        if (!pin.platforms().isEmpty()) {
            Json.Builder platforms = Json.object();
            pin.platforms().forEach((name, digest) -> platforms.put(name, digest.toString()));
            json.put("platforms", platforms.build());
        }
        return json.build();
    }
}
