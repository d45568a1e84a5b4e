/** JSON values, a bounded reader, and a writer whose output depends only on the value. */
@NullMarked
package dev.talosforge.json;

import org.jspecify.annotations.NullMarked;
