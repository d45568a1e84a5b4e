package dev.talosforge.config.hcl.syntax;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.problem.SecretText;
import dev.talosforge.problem.Where;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A file's text, which converts an offset to line and column. */
public final class SourceText {
    /** Limit of the characters of a file: far above any configuration that a person wrote. */
    public static final int MAX_LENGTH = 4 << 20;

    private final Path file;
    private final String text;
    private final int[] lineStarts;
    private final @Nullable SourceText host;
    private final int[] inHost;

    /** Created for the first place that is shown; every thread would create the same. */
    private volatile @Nullable SecretText secrets;

    private SourceText(Path file, String text) {
        this(file, text, null, new int[0]);
    }

    private SourceText(Path file, String text, @Nullable SourceText host, int[] inHost) {
        this.file = file;
        this.text = text;
        this.host = host;
        this.inHost = inHost;
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
        }
        this.lineStarts = Arrays.copyOf(starts, count);
    }

    /** Refuses a text that is too long; a byte order mark at its start is dropped. */
    public static SourceText of(Path file, String text) {
        if (text.length() > MAX_LENGTH) {
            throw new BuildException(Problem.failed(Problem.Kind.INVALID_INPUT, "cannot read " + file)
                    .because("it has %d characters; the limit is %d".formatted(text.length(), MAX_LENGTH)));
        }
        return new SourceText(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /**
     * A text that occurs in this one in another form, such as with escapes. Its places are those of this text.
     *
     * @param offsets where each of its characters begins here, followed by where the last one ends
     */
    public SourceText part(String unescaped, int[] offsets) {
        if (offsets.length != unescaped.length() + 1) {
            throw new IllegalArgumentException(
                    "%d offsets for %d characters".formatted(offsets.length, unescaped.length()));
        }
        return new SourceText(file, unescaped, this, offsets.clone());
    }

    public Path file() {
        return file;
    }

    public String text() {
        return text;
    }

    /** The part from {@code start} up to but not including {@code end}, both offsets in characters. */
    public Range range(int start, int end) {
        return new Range(this, start, end);
    }

    /**
     * The place of a part; a part of several lines is shown up to the end of the first one, and secrets are never
     * shown.
     */
    Where.Source where(int start, int end) {
        if (host != null) {
            return host.where(inHost[start], inHost[end]);
        }
        int line = line(start);
        int lineStart = lineStarts[line];
        int lineEnd = line + 1 < lineStarts.length ? lineStarts[line + 1] - 1 : text.length();
        if (lineEnd > lineStart && text.charAt(lineEnd - 1) == '\r') {
            lineEnd--;
        }
        int from = Math.min(start, lineEnd);
        int to = Math.max(from, Math.min(end, lineEnd));
        return new Where.Source(
                file,
                line + 1,
                text.codePointCount(lineStart, from) + 1,
                Math.max(1, text.codePointCount(from, to)),
                secrets().shown(lineStart, lineEnd));
    }

    private SecretText secrets() {
        SecretText known = secrets;
        if (known == null) {
            known = SecretText.of(text);
            secrets = known;
        }
        return known;
    }

    private int line(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found >= 0 ? found : -found - 2;
    }
}
