package dev.talosforge.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Splits a program's output into lines, bounded in length and number and without terminal control sequences. A line
 * that was overwritten counts as what was written last. Not thread-safe.
 */
public final class Lines implements Program.Listener {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_LINES = 10_000;

    /** Colours, cursor movements, window titles. */
    private static final Pattern SEQUENCE =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|[ -/]*[0-~])");

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\t]]");

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean cut;
    private boolean written;
    private long count;

    /**
     * Passes each line on.
     *
     * @param lines receives lines without their line ends
     */
    public Lines(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void accept(byte[] buffer, int length) {
        for (int i = 0; i < length; i++) {
            byte one = buffer[i];
            if (one == '\n') {
                end();
            } else if (one == '\r') {
                written = false; // what follows overwrites the line, unless the line ends here
            } else {
                if (!written && line.size() > 0) {
                    line.reset();
                    cut = false;
                }
                written = true;
                if (line.size() < MAX_BYTES) {
                    line.write(one);
                } else {
                    cut = true;
                }
            }
        }
    }

    /** Call this at the end of the output: passes on a last line without a line end, and says what was left out. */
    public void close() {
        if (line.size() > 0) {
            end();
        }
        if (count > MAX_LINES) {
            lines.accept("… and %d more lines".formatted(count - MAX_LINES));
        }
    }

    private void end() {
        if (++count <= MAX_LINES) {
            lines.accept(clean(line.toString(StandardCharsets.UTF_8)) + (cut ? " …" : ""));
        }
        line.reset();
        cut = false;
        written = false;
    }

    private static String clean(String text) {
        return CONTROL.matcher(SEQUENCE.matcher(text).replaceAll(""))
                .replaceAll("�")
                .stripTrailing();
    }
}
