package dev.talosforge.debian;

import dev.talosforge.bytes.Sha256;
import java.nio.file.Path;

/**
 * A downloaded package.
 *
 * @param version with epoch, as Debian writes it
 * @param size in bytes
 */
public record DebFile(String name, String version, Path file, long size, Sha256 sha256) {}
