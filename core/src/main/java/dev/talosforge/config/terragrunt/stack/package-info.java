/** Stack files, and what they make. */
@NullMarked
package dev.talosforge.config.terragrunt.stack;

import org.jspecify.annotations.NullMarked;
