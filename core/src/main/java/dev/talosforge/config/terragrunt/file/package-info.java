/**
 * One file of a unit, evaluated: by itself, with what is merged into it, with its dependencies, and as others see it.
 */
@NullMarked
package dev.talosforge.config.terragrunt.file;

import org.jspecify.annotations.NullMarked;
