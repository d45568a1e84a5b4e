/** JSON values, a bounded reader and one writer whose output depends on nothing but the value. */
@NullMarked
package dev.talosforge.json;

import org.jspecify.annotations.NullMarked;
