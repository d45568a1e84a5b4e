package dev.talosforge.config.terragrunt.block;

import dev.talosforge.bytes.NameBytes;
import dev.talosforge.bytes.OpenFile;
import dev.talosforge.config.hcl.syntax.Body;
import dev.talosforge.config.hcl.syntax.HclParser;
import dev.talosforge.config.hcl.syntax.SourceText;
import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.Problem.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads and parses each file once, for several threads. A broken file is parsed again, so that every reader gets its
 * problems.
 */
public final class ParsedFiles {
    private final Map<Path, Body> bodies = new ConcurrentHashMap<>();
    private final AtomicInteger parsed = new AtomicInteger();

    public Body body(Path file) {
        return bodies.computeIfAbsent(file, this::parse);
    }

    private Body parse(Path file) {
        parsed.incrementAndGet();
        SourceText source = SourceText.of(file, text(file));
        return file.toString().endsWith(".json") ? JsonSyntax.parse(source) : HclParser.parse(source);
    }

    /** How many files were parsed so far. */
    public int parsed() {
        return parsed.get();
    }

    public static String text(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw unreadable(Kind.INVALID_INPUT, file, "it is neither a regular file nor a link to one", null);
            }
            long size = Files.size(file);
            if (size > 4L * SourceText.MAX_LENGTH) {
                throw unreadable(
                        Kind.INVALID_INPUT,
                        file,
                        "it has %d bytes; the limit is %d".formatted(size, 4L * SourceText.MAX_LENGTH),
                        null);
            }
            String text = NameBytes.text(OpenFile.read(file));
            if (!NameBytes.isText(text)) {
                throw foreign(file, text);
            }
            return text;
        } catch (IOException e) {
            throw unreadable(Kind.ENVIRONMENT, file, why(e), e);
        }
    }

    /** A problem for a file in another encoding, with the first byte that does not belong to a character. */
    private static BuildException foreign(Path file, String text) {
        int at = 0;
        while (!NameBytes.isByte(text, at)) {
            at++;
        }
        byte[] bytes = NameBytes.of(text.substring(at));
        boolean wide = at == 0
                && bytes.length > 1
                && ((bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe)
                        || (bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff));
        long line = 1 + text.substring(0, at).chars().filter(c -> c == '\n').count();
        return new BuildException(Problem.failed(Kind.INVALID_INPUT, "cannot read " + file)
                .because(
                        wide
                                ? "it is UTF-16 text, expected UTF-8"
                                : "it is not UTF-8 text: line %d has the byte 0x%02x".formatted(line, bytes[0]))
                .trying("convert it to UTF-8: iconv -f %s -t UTF-8".formatted(wide ? "UTF-16" : "ISO-8859-1")));
    }

    private static BuildException unreadable(Kind kind, Path file, String why, @Nullable Throwable cause) {
        return new BuildException(Problem.failed(kind, "cannot read " + file).because(why), cause);
    }

    /** The answer of the operating system, in words. */
    public static String why(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "this user may not read " + denied.getFile();
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case FileSystemLoopException loop -> "the link %s leads back to itself".formatted(loop.getFile());
            case FileSystemException file when file.getReason() != null -> file.getFile() + ": " + file.getReason();
            default -> "the system reports: " + e.getMessage();
        };
    }
}
