package dev.talosforge.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a program says, kept in memory as far as that is allowed. For one thread. */
public final class Output implements Program.Listener {
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean tooMuch;

    /**
     * One that is empty.
     *
     * @param limit how many bytes are kept
     */
    public Output(int limit) {
        this.limit = limit;
    }

    @Override
    public void hears(byte[] buffer, int length) {
        int room = Math.min(length, limit - bytes.size());
        bytes.write(buffer, 0, room);
        tooMuch |= room < length;
    }

    /** Whether it said more than was kept. */
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
