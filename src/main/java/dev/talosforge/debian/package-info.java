/** Debian packages as a source of files: resolved by apt-get apart from the machine, pinned, made into a root file system. */
@NullMarked
package dev.talosforge.debian;

import org.jspecify.annotations.NullMarked;
