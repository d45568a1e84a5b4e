/** What Talos Linux consists of: versions, kernel arguments, extensions, and the recipes of its images. No network. */
@NullMarked
package dev.talosforge.talos;

import org.jspecify.annotations.NullMarked;
