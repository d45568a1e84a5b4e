package dev.talosforge.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A program's output, kept in memory up to a limit. Not thread-safe. */
public final class Output implements Program.Listener {
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean tooMuch;

    /**
     * Starts empty.
     *
     * @param limit the number of bytes to keep
     */
    public Output(int limit) {
        this.limit = limit;
    }

    @Override
    public void accept(byte[] buffer, int length) {
        int room = Math.min(length, limit - bytes.size());
        bytes.write(buffer, 0, room);
        tooMuch |= room < length;
    }

    /** Whether the program wrote more than was kept. */
    public boolean isTooMuch() {
        return tooMuch;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    /** As UTF-8. */
    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
