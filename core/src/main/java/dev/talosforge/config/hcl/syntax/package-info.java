/** The syntax of HCL: text to expressions, with places. */
@NullMarked
package dev.talosforge.config.hcl.syntax;

import org.jspecify.annotations.NullMarked;
