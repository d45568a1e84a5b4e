/** Reads what ELF programs need to run. Depends on the JDK, bytes and tree only. */
@NullMarked
package dev.talosforge.format.elf;

import org.jspecify.annotations.NullMarked;
