/** The syntax of HCL: from text to expressions with places. */
@NullMarked
package dev.talosforge.config.hcl.syntax;

import org.jspecify.annotations.NullMarked;
