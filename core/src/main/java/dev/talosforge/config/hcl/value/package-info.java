/** Values and types of HCL, as cty has them. */
@NullMarked
package dev.talosforge.config.hcl.value;

import org.jspecify.annotations.NullMarked;
