/** One stage for another program, without a tree: a request with inputs as values, and an answer of texts. */
@NullMarked
package dev.talosforge.pipeline.request;

import org.jspecify.annotations.NullMarked;
