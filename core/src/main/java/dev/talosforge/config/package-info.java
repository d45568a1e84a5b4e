/** Terragrunt units: where they are, what they include and depend on, and their inputs as values. */
@NullMarked
package dev.talosforge.config;

import org.jspecify.annotations.NullMarked;
