package dev.talosforge.inspect;

import dev.talosforge.bytes.ByteSource;
import dev.talosforge.bytes.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Digests of windows of files, each computed once. An ISO, its boot image, its initramfs and the extensions in it are
 * windows of one file: they are digested together in one pass over it.
 */
final class Digests {
    /** In bytes: reading a smaller window again costs less than keeping its digest. */
    private static final int MAX_WINDOW = 1 << 16;

    private final Map<Window, Sha256> known = new TreeMap<>();

    /** A part of a file on disk. */
    private record Window(Path file, long offset, long size) implements Comparable<Window> {
        private static final Comparator<Window> ORDER = Comparator.comparing(Window::file)
                .thenComparingLong(Window::offset)
                .thenComparingLong(Window::size);

        static @Nullable Window of(ByteSource source) {
            long offset = 0;
            ByteSource at = source;
            while (at instanceof ByteSource.Slice slice) {
                offset += slice.offset();
                at = slice.of();
            }
            return at instanceof ByteSource.OnDisk(Path file, long _) ? new Window(file, offset, source.size()) : null;
        }

        long end() {
            return offset + size;
        }

        @Override
        public int compareTo(Window other) {
            return ORDER.compare(this, other);
        }
    }

    Sha256 of(ByteSource source) throws IOException {
        Window window = Window.of(source);
        if (window == null || window.size() < MAX_WINDOW) {
            return Sha256.of(source);
        }
        Sha256 digest = known.get(window);
        if (digest == null) {
            digest = Sha256.of(source);
            known.put(window, digest);
        }
        return digest;
    }

    /** Digests all sources that are windows of files, reading no byte of a file twice. */
    void together(Collection<ByteSource> sources) throws IOException {
        TreeMap<Path, List<Window>> byFile = new TreeMap<>();
        for (ByteSource source : sources) {
            Window window = Window.of(source);
            if (window != null && !known.containsKey(window)) {
                byFile.computeIfAbsent(window.file(), file -> new ArrayList<>()).add(window);
            }
        }
        for (List<Window> windows : byFile.values()) {
            onePass(windows.stream().distinct().sorted().toList());
        }
    }

    private void onePass(List<Window> windows) throws IOException {
        long start = windows.getFirst().offset();
        long end = windows.stream().mapToLong(Window::end).max().orElse(start);
        TreeMap<Window, MessageDigest> digests = new TreeMap<>();
        windows.forEach(window -> digests.put(window, Sha256.begin()));
        byte[] buffer = new byte[1 << 18];
        try (InputStream in = ByteSource.of(windows.getFirst().file()).openAt(start)) {
            for (long at = start; at < end; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, end - at));
                if (count < 0) {
                    throw new IOException("the file became shorter while it was read");
                }
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("interrupted while reading");
                }
                for (Map.Entry<Window, MessageDigest> entry : digests.entrySet()) {
                    long from = Math.max(at, entry.getKey().offset());
                    long to = Math.min(at + count, entry.getKey().end());
                    if (from < to) {
                        entry.getValue().update(buffer, (int) (from - at), (int) (to - from));
                    }
                }
                at += count;
            }
        }
        digests.forEach((window, digest) -> known.put(window, Sha256.finish(digest)));
    }
}
