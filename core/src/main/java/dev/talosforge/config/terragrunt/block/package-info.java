/**
 * Blocks and attributes of Terragrunt's files as they are written: what is allowed where, parsed once, merged as
 * values.
 */
@NullMarked
package dev.talosforge.config.terragrunt.block;

import org.jspecify.annotations.NullMarked;
