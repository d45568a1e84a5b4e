/** Images to registries, layouts and archives, and the tags that follow them. */
@NullMarked
package dev.talosforge.pipeline.publish;

import org.jspecify.annotations.NullMarked;
