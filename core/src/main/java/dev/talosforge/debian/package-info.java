/**
 * Debian packages as a source of files: resolved by apt-get isolated from the machine, pinned, and turned into a root
 * file system.
 */
@NullMarked
package dev.talosforge.debian;

import org.jspecify.annotations.NullMarked;
