package dev.talosforge.support;

import dev.talosforge.debian.Apt;
import dev.talosforge.debian.DebPackages;
import dev.talosforge.debian.PackageRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Debian packages that tests keep below {@code target}: fetched once for all processes and runs. One process at a time
 * fetches into a folder, as apt's own locks are off there.
 */
public final class KeptPackages {
    private static final Path LAB = Path.of("target/lab-apt");

    private KeptPackages() {}

    /** In the folder that most tests share. */
    public static DebPackages fetch(List<PackageRequest> requests) throws IOException {
        return fetch(LAB, "amd64", requests);
    }

    /** The same for another architecture, by Debian's name. */
    public static DebPackages fetch(String architecture, List<PackageRequest> requests) throws IOException {
        return fetch(LAB, architecture, requests);
    }

    public static synchronized DebPackages fetch(Path folder, String architecture, List<PackageRequest> requests)
            throws IOException {
        Path lock = Files.createDirectories(folder).resolve("of-one-process");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            return new Apt(folder, Path.of("/etc")).of(architecture).fetch(requests);
        }
    }
}
