package dev.talosforge.config;

import dev.talosforge.config.hcl.Body;
import dev.talosforge.config.hcl.HclParser;
import dev.talosforge.config.hcl.SourceText;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Reads and parses each file once. What is broken is parsed again, so that everybody who reads it is told. */
final class ParsedFiles {
    private final Map<Path, Body> bodies = new TreeMap<>();
    private int parsed;

    Body body(Path file) {
        Body known = bodies.get(file);
        if (known != null) {
            return known;
        }
        parsed++;
        Body body = HclParser.parse(SourceText.of(file, text(file)));
        bodies.put(file, body);
        return body;
    }

    /** How many files were parsed so far. */
    int parsed() {
        return parsed;
    }

    private static String text(Path file) {
        try {
            long size = Files.size(file);
            if (size > 4L * SourceText.MAX_LENGTH) {
                throw unreadable(file, "it has %d bytes".formatted(size), null);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8 text", e);
        } catch (IOException e) {
            throw unreadable(file, "the system says: " + e, e);
        }
    }

    private static BuildException unreadable(
            Path file, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new BuildException(new Problem(Kind.INVALID_INPUT, "cannot read " + file, null, why, null), cause);
    }
}
