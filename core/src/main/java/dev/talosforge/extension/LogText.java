package dev.talosforge.extension;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.talosforge.bytes.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Extracts of a program's log. */
final class LogText {
    private static final int SHOWN_BYTES = 16 << 10;

    private LogText() {}

    /** The last non-blank lines, without terminal control sequences. */
    static String last(Path log, int count) throws IOException {
        try (OpenFile channel = OpenFile.of(log)) {
            return last(tail(channel, Math.max(0, channel.size() - SHOWN_BYTES)), count);
        }
    }

    /** The lines after a position. */
    static String since(Path log, long begin, int count) throws IOException {
        try (OpenFile channel = OpenFile.of(log)) {
            return last(tail(channel, Math.max(begin, channel.size() - SHOWN_BYTES)), count);
        }
    }

    private static String tail(OpenFile channel, long begin) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(SHOWN_BYTES);
        channel.position(begin);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // until the buffer is full or the log ends
        }
        return new String(buffer.array(), 0, buffer.position(), UTF_8);
    }

    private static String last(String text, int count) {
        List<String> lines = text.lines()
                .map(line -> line.replaceAll("\\e\\[[0-9;]*[A-Za-z]", "").replaceAll("[\\p{Cntrl}&&[^\\t]]", ""))
                .filter(line -> !line.isBlank())
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }
}
