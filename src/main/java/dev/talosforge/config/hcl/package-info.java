/** The HCL native syntax: parser, values, evaluation and the pure functions. Knows neither files' meaning nor the tree. */
@NullMarked
package dev.talosforge.config.hcl;

import org.jspecify.annotations.NullMarked;
