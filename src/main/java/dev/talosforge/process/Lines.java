package dev.talosforge.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Makes lines of what a program says: bounded in length and number, and without what steers a terminal. A line that was
 * written over is the last that was written. For one thread.
 */
public final class Lines implements Program.Listener {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_LINES = 10_000;

    /** Colours and movements of the cursor, titles of windows. */
    private static final Pattern SEQUENCE =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|[ -/]*[0-~])");

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\t]]");

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean cut;
    private boolean written;
    private long count;

    /**
     * One that hands on each line.
     *
     * @param lines gets them without their ends
     */
    public Lines(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void hears(byte[] buffer, int length) {
        for (int i = 0; i < length; i++) {
            byte one = buffer[i];
            if (one == '\n') {
                end();
            } else if (one == '\r') {
                written = false; // what follows is written over it, unless the line ends here
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

    /** To be called when nothing follows: hands on a last line without an end, and says what was left out. */
    public void close() {
        if (line.size() > 0) {
            end();
        }
        if (count > MAX_LINES) {
            lines.accept("… and %d lines more".formatted(count - MAX_LINES));
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
