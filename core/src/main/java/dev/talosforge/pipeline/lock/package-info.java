/** Creates, updates and checks the lock of a tree. */
@NullMarked
package dev.talosforge.pipeline.lock;

import org.jspecify.annotations.NullMarked;
