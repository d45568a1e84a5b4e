/** Outputs of units on disk: Terraform state files, locks, catalogs. */
@NullMarked
package dev.talosforge.state;

import org.jspecify.annotations.NullMarked;
