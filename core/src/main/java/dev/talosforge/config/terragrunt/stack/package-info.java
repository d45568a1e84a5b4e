/** Stack files, and what they generate. */
@NullMarked
package dev.talosforge.config.terragrunt.stack;

import org.jspecify.annotations.NullMarked;
